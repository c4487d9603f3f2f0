/** Exchanges of opendnp3's master and outstation, as they went over a wire (../shared/vectors/dnp3*.txt). */
import { existsSync, readFileSync } from "node:fs";

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .replaceAll(/..(?=.)/g, "$& ");
}

/** A frame of an exchange, and what the file says stands in it, where it says so. */
export interface Logged {
  readonly from: "master" | "outstation";
  readonly hex: string;
  /** The transport octet and the fragment. */
  readonly segment?: { readonly header: string; readonly fragment: string } | undefined;
}

export interface DnpExchange {
  readonly title: string;
  readonly frames: readonly Logged[];
}

const folder = new URL("../../shared/vectors/", import.meta.url);

/** Why tests that need the vectors are skipped; false where they are there. */
export const skip = existsSync(new URL("dnp3.txt", folder)) ? false : "../shared is not here";

export function exchanges(file: "dnp3.txt" | "dnp3-multi-fragment.txt"): readonly DnpExchange[] {
  if (skip !== false) return [];
  const all: { title: string; frames: Logged[] }[] = [];
  for (const line of readFileSync(new URL(file, folder), "utf8").split("\n")) {
    const frames = all.at(-1)?.frames;
    const [, who, hex = ""] = /^ {2}([<>]) (.*)$/.exec(line) ?? [];
    const [, header = "", fragment = ""] = /^ +tpdu (..) apdu ?(.*)$/.exec(line) ?? [];
    if (line.startsWith("### ")) all.push({ title: line.slice(4), frames: [] });
    else if (who !== undefined) frames?.push({ from: who === ">" ? "master" : "outstation", hex: hex.trim() });
    else if (header !== "") frames?.push({ ...frames.pop()!, segment: { header, fragment: fragment.trim() } });
  }
  return all;
}
