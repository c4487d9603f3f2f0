/** What registers and identification strings say of a meter. */
import type { Identity, Meter } from "#quantity/interfaces.ts";
import { crc32 } from "#wire/crc32.ts";
import type { DeviceIdentification } from "./device-identification.ts";
import type { ModbusFace, Text } from "./register-table.ts";

/** The texts of an identity. */
export function textOf(identity: Identity, text: Text): string {
  if (text === "version") return versionOf(identity.firmware);
  return identity[text];
}

/** 12345 is "V12.345". */
export function versionOf(firmware: number): string {
  return `V${Math.floor(firmware / 1000)}.${String(firmware % 1000).padStart(3, "0")}`;
}

/** A text with what stands in braces filled in. */
export function withIdentity(template: string, identity: Identity): string {
  return template
    .replace("{version}", versionOf(identity.firmware))
    .replace("{product}", identity.product)
    .replace("{options}", identity.options);
}

/** Of function 0x2B; undefined of a product that does not have it. */
export function identificationOf(face: ModbusFace, meter: Meter): DeviceIdentification | undefined {
  const texts = face.identification;
  if (texts === undefined) return undefined;
  const { vendor } = texts;
  const maker = typeof vendor === "string" ? vendor : (vendor.texts[meter.setting(vendor.setting)] ?? "");
  const objects = [maker, texts.product, texts.revision].map(
    (text, id) => [id, withIdentity(text, meter.identity)] as const,
  );
  return { conformity: 1, objects: new Map(objects) };
}

const MOST = 2 ** 32;

/** The serial number of a product whose register has room for a number of 32 bits only: the digits of the text, or a number made of it. */
export function serialNumberOf(serial: string): number {
  const digits = serial.replaceAll(/\D/g, "");
  const value = digits === "" ? NaN : Number(digits);
  return value < MOST ? value : crc32(new TextEncoder().encode(serial));
}
