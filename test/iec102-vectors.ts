/** Frames of real meters, and a session of a public reader with a reference station, as they went over a wire (test/fixtures/iec102). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

function linesOf(file: string): readonly string[] {
  const lines = readFileSync(new URL(`fixtures/iec102/${file}`, import.meta.url), "utf8").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

/** "68 0d 0d 68". */
export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** Forty-two frames; the base standard's and the Spanish profile's. */
export const realMeters: readonly string[] = linesOf("real-meters.txt");
assert.ok(realMeters.length === 42);

export interface Exchange {
  readonly reader: string;
  readonly station: string;
}

/** What the reader sent, and what came back, in order. */
export const session: readonly Exchange[] = pairs(linesOf("session.txt"));

function pairs(lines: readonly string[]): readonly Exchange[] {
  const found: Exchange[] = [];
  for (let k = 0; k < lines.length; k += 2) {
    const [reader = "", station = ""] = [lines[k], lines[k + 1]];
    assert.ok(reader.startsWith("> ") && station.startsWith("< "), `line ${k}`);
    found.push({ reader: reader.slice(2), station: station.slice(2) });
  }
  return found;
}
