/** Values of MMS in words: numbers, texts, instants with what is to be said of them. */
import { quality } from "#protocol/iec61850/model/value.ts";
import { accessErrorText } from "./access-error-words.ts";
import { readEntryTime, readUtcTime } from "./time-octets.ts";
import type { AccessResult } from "./variable-access.ts";

/** What is not good of a quality, in words of 7-3; nothing of a good one. */
export function qualityWords(bits: number): readonly string[] {
  const words: string[] = [];
  const validity = bits & quality.questionable;
  if (validity === quality.invalid) words.push("invalid");
  else if (validity === quality.questionable) words.push("questionable");
  else if (validity === quality.reserved) words.push("reserved");
  for (const [name, bit] of Object.entries(quality)) {
    if (name === "good" || (bit & quality.questionable) !== 0) continue;
    if ((bits & bit) !== 0) words.push(name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
  }
  return words;
}

/** The bits of a bit string as a number, the first the highest of `width`. */
export function bitsOf(
  { octets, length }: { readonly octets: Uint8Array; readonly length: number },
  width: number,
): number {
  let value = 0;
  for (let bit = 0; bit < Math.min(length, width); bit++)
    if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) value += 2 ** (width - 1 - bit);
  return value;
}

export const QUALITY_BITS = 13;

/** Bits of a data value's quality; undefined of what is none. */
export function qualityOf(data: AccessResult | undefined): number | undefined {
  return data?.kind === "bits" && data.length === QUALITY_BITS ? bitsOf(data, QUALITY_BITS) : undefined;
}

/** "2026-11-21T01:41:09.490Z, clock not synchronised"; "-" of none. */
export function instantText(octets: Uint8Array): string {
  const time = readUtcTime(octets);
  const notes = [
    ...(time.clockFailure ? ["clock failure"] : []),
    ...(time.notSynchronised ? ["clock not synchronised"] : []),
  ];
  const at = octets.subarray(0, 7).every((octet) => octet === 0) ? "-" : utcText(time.utc);
  return [at, ...notes].join(", ");
}

export function utcText(utc: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(utc)).toString({ fractionalSecondDigits: 3 });
}

/** In words; `name` is that of the attribute, which tells a quality from other bits. */
export function dataText(data: AccessResult, name = ""): string {
  switch (data.kind) {
    case "failure":
      return accessErrorText(data.error);
    case "structure":
      return `{${data.items.map((item) => dataText(item)).join(", ")}}`;
    case "array":
      return `[${data.items.map((item) => dataText(item)).join(", ")}]`;
    case "boolean":
      return data.value ? "true" : "false";
    case "bits":
      return data.length === QUALITY_BITS && (name === "q" || name === "")
        ? qualityWords(bitsOf(data, QUALITY_BITS)).join(", ") || "good"
        : bitText(data);
    case "booleans":
      return bitText(data);
    case "float":
      return Number.isNaN(data.value)
        ? "-"
        : String(data.width === 32 ? Number(data.value.toPrecision(7)) : data.value);
    case "octets":
      return hexText(data.value);
    case "utc":
      return instantText(data.octets);
    case "binaryTime": {
      const utc = readEntryTime(data.octets);
      return utc === undefined ? "-" : utcText(utc);
    }
    default:
      return String(data.value);
  }
}

function bitText(data: { readonly octets: Uint8Array; readonly length: number }): string {
  return Array.from({ length: data.length }, (_, bit) => ((data.octets[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1).join(
    "",
  );
}

export function hexText(octets: Uint8Array): string {
  return [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join(" ");
}
