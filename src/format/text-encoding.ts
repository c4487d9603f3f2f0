/**
 * The text of recorders: UTF-8 and UTF-16 with or without a mark, and the code pages that firmware writes where it does not say which:
 * GBK, Windows 1251, KOI8-R, ISO 8859-5, code page 866, Windows 1252 (of which ISO 8859-1 is a part).
 */
import type { ByteSource } from "./bytes.ts";
import { readFully } from "./bytes.ts";

export type Encoding =
  | "utf-8"
  | "utf-16le"
  | "utf-16be"
  | "gb18030"
  | "windows-1251"
  | "koi8-r"
  | "iso-8859-5"
  | "ibm866"
  | "windows-1252";

/** Tells the encoding of a text by its first bytes. */
export function encodingOf(bytes: Uint8Array): Encoding {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, 1 << 16);
  let [even, odd] = [0, 0];
  for (let k = 0; k < sample.length; k++) {
    if (sample[k] !== 0) continue;
    if (k % 2 === 0) even++;
    else odd++;
  }
  if (odd > 0.3 * sample.length && even < 0.05 * sample.length) return "utf-16le";
  if (even > 0.3 * sample.length && odd < 0.05 * sample.length) return "utf-16be";
  if (isUtf8(sample)) return "utf-8";
  return codePageOf(sample);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // A character may be cut where the sample ends.
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Letters that make up two thirds of Russian text. */
const FREQUENT = new Set("оеаинтсрвлкмдпуя");

function codePageOf(bytes: Uint8Array): Encoding {
  const runs: number[][] = [];
  for (let k = 0; k < bytes.length; k++) {
    const byte = bytes[k] ?? 0;
    if (byte < 0x80) continue;
    if (k > 0 && (bytes[k - 1] ?? 0) >= 0x80) runs.at(-1)?.push(byte);
    else runs.push([byte]);
  }
  const total = runs.reduce((sum, run) => sum + run.length, 0);
  if (total < 1.5 * runs.length) return "windows-1252";
  // The common characters of GB 2312: pairs whose first byte is below the small letters of Cyrillic.
  const pairs = runs.flatMap((run) => run.filter((_, k) => k % 2 === 0));
  const common = pairs.filter((lead) => lead >= 0xb0 && lead <= 0xd7).length;
  const isPaired = runs.every((run) => run.length % 2 === 0 && run.every((byte) => byte >= 0xa1 && byte !== 0xff));
  let best: { encoding: Encoding; score: number } = { encoding: "windows-1252", score: 0.3 };
  for (const encoding of ["windows-1251", "koi8-r", "iso-8859-5", "ibm866"] as const) {
    const letters = [...new TextDecoder(encoding).decode(bytes)].filter((letter) => letter > "\u007f");
    const inWords = letters.filter((letter) => FREQUENT.has(letter)).length + letters.filter(isCapital).length / 2;
    const score = inWords / letters.length;
    if (score > best.score) best = { encoding, score };
  }
  if (isPaired && common >= 0.6 * pairs.length && best.score < 0.75) return "gb18030";
  return best.encoding;
}

function isCapital(letter: string): boolean {
  return letter >= "А" && letter <= "Я";
}

/** The text of bytes, by their own encoding. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** A source of UTF-16 as one of UTF-8, to be read from its beginning on; its size is the most it may be. */
export function asUtf8(source: ByteSource, encoding: "utf-16le" | "utf-16be"): ByteSource {
  const raw = new Uint8Array(1 << 16);
  const encoder = new TextEncoder();
  let decoder = new TextDecoder(encoding);
  let [taken, given] = [0, 0];
  let ready = new Uint8Array(0);
  return {
    // Two bytes become three at most.
    size: 2 * source.size,
    read(at, into) {
      if (at !== given) {
        [decoder, taken, given, ready] = [new TextDecoder(encoding), 0, 0, new Uint8Array(0)];
        // What lies before is made once more.
        for (let left = at; left > 0;) {
          const got = this.read(given, new Uint8Array(Math.min(1 << 16, left)));
          if (got === 0) return 0;
          left -= got;
        }
      }
      while (ready.length === 0 && taken < source.size) {
        const got = readFully(source, taken, raw);
        if (got === 0) break;
        taken += got;
        ready = encoder.encode(decoder.decode(raw.subarray(0, got), { stream: taken < source.size }));
      }
      const part = ready.subarray(0, into.length);
      into.set(part);
      ready = ready.subarray(part.length);
      given += part.length;
      return part.length;
    },
  };
}
