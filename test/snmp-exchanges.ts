/** Exchanges of net-snmp, as they were on the wire (test/fixtures/snmp-net-snmp.txt), and who its users were. */
import { readFileSync } from "node:fs";
import { SnmpUser } from "#protocol/snmp/user.ts";
import type { Authentication } from "#protocol/snmp/usm-keys.ts";

export interface Frame {
  readonly title: string;
  readonly from: "manager" | "agent";
  readonly bytes: Uint8Array;
}

export const frames: readonly Frame[] = (() => {
  const file = new URL("fixtures/snmp-net-snmp.txt", import.meta.url);
  const found: Frame[] = [];
  let title = "";
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line.startsWith("# ")) title = line.slice(2);
    else if (line !== "")
      found.push({ title, from: line.startsWith(">") ? "manager" : "agent", bytes: fromHex(line.slice(2)) });
  }
  return found;
})();

export function framesOf(title: string): readonly Frame[] {
  return frames.filter((one) => one.title.startsWith(title));
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const AUTHENTIC = "authentic passphrase";
export const PRIVATE = "private passphrase";
export const COMMUNITY = textBytes("site reader");

export function userNamed(
  name: string,
  authentication: Authentication = "sha-256",
  { privacy = true, authentic = AUTHENTIC, secret = PRIVATE } = {},
): SnmpUser {
  const passphrases = { authentication: textBytes(authentic), privacy: privacy ? textBytes(secret) : undefined };
  return new SnmpUser({ name, authentication, privacy, passphrases: () => passphrases });
}
