/** Exchanges of other people's MMS clients and servers, as they went over TCP (../shared/vectors/mms-*.txt). */
import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../shared/vectors/", import.meta.url);

/** Why tests that need the vectors are skipped; false where they are there. */
export const skip = existsSync(new URL("mms-walk.txt", folder)) ? false : "../shared is not here";

/** libiec61850's client and server; of the second client iec61850bean's. */
export const mmsFiles = [
  "mms-walk.txt",
  "mms-setting-groups.txt",
  "mms-log.txt",
  "mms-paging.txt",
  "mms-second-client.txt",
] as const;
export type MmsFile = (typeof mmsFiles)[number];

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** What goes one way until something goes the other way, or the next TSDU begins: TPKTs in hexadecimal. */
export interface Sent {
  readonly from: "client" | "server";
  readonly packets: readonly string[];
  /** The octets that its DTs carry together; "" of a CR, CC or DR. */
  readonly tsdu: string;
  /** The MMS PDU of data; undefined where it is another SPDU. */
  readonly pdu: string | undefined;
}

/** The content of an element of a tag, which has to be the whole of the text. */
function within(hex: string, tag: string): string {
  const first = Number.parseInt(hex.slice(tag.length, tag.length + 2), 16);
  const octets = first < 0x80 ? 0 : first - 0x80;
  const from = tag.length + 2 + 2 * octets;
  const length = octets === 0 ? first : Number.parseInt(hex.slice(tag.length + 2, from), 16);
  if (!hex.startsWith(tag) || hex.length !== from + 2 * length) throw new Error(`expected ${tag}: ${hex.slice(0, 60)}`);
  return hex.slice(from);
}

function pduOf(tsdu: string): string | undefined {
  if (!tsdu.startsWith("01000100")) return undefined;
  const value = within(within(tsdu.slice(8), "61"), "30");
  return within(value.slice(6), "a0");
}

/** All of a file, connection by connection: each begins with a CR. */
export function connectionsOf(file: MmsFile): readonly (readonly Sent[])[] {
  if (skip !== false) return [];
  const all: Sent[][] = [];
  let open: { from: Sent["from"]; packets: string[]; tsdu: string } | undefined;
  for (const line of readFileSync(new URL(file, folder), "utf8").split("\n")) {
    const [, who, hex = ""] = /^([CS])>[CS] \d+ ([0-9a-f]+)/.exec(line) ?? [];
    if (who === undefined) continue;
    const from = who === "C" ? "client" : "server";
    if (hex.slice(10, 12) === "e0") all.push([]);
    const isData = hex.slice(8, 12) === "02f0";
    open ??= { from, packets: [], tsdu: "" };
    open.packets.push(hex);
    if (isData) open.tsdu += hex.slice(14);
    if (isData && hex.slice(12, 14) === "00") continue;
    all.at(-1)?.push({ ...open, pdu: pduOf(open.tsdu) });
    open = undefined;
  }
  return all;
}
