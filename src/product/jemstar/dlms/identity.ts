/**
 * What a meter is called over DLMS (Blue Book 4.1.8.1, Green Book 4.3.4): manufacturer's flag and serial number. Appendix D names neither
 * of them: the flag is the house's choice for AMETEK, and a configuration may have others.
 */
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { DlmsConfiguration } from "./configuration.ts";

const FLAG = "AMK";
const NAME_CHARACTERS = 16;
/** Eight bytes, three of them the flag's. */
const TITLE_BYTES = 8;

/**
 * The serial number as a number of five bytes. A meter without one has a number of its name: no two meters of a site share a title, by
 * which ciphered messages are told apart.
 */
function numberOf({ serial, name }: MeterSurface["identity"]): bigint {
  const most = 1n << 40n;
  if (/^\d+$/.test(serial)) return BigInt(serial) % most;
  // FNV-1a of 64 bits, folded.
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`${serial} ${name}`))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return (hash ^ (hash >> 40n)) % most;
}

export function systemTitleOf({ identity }: MeterSurface, { systemTitle }: DlmsConfiguration): Uint8Array {
  if (systemTitle !== undefined)
    return Uint8Array.from(systemTitle.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const title = new Uint8Array(TITLE_BYTES);
  title.set(new TextEncoder().encode(FLAG));
  const number = numberOf(identity);
  for (let k = 0; k < 5; k++) title[TITLE_BYTES - 1 - k] = Number((number >> BigInt(8 * k)) & 0xffn);
  return title;
}

/** Of the management logical device flag and number; of others with their address behind. */
export function deviceNameOf({ identity }: MeterSurface, sap: number): string {
  const number = numberOf(identity).toString().padStart(9, "0");
  const name = sap === 1 ? `${FLAG}${number}` : `${FLAG}${number.slice(-8)}-${sap.toString(16).padStart(4, "0")}`;
  return name.slice(0, NAME_CHARACTERS);
}
