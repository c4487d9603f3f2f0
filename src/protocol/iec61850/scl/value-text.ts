/** Values of attributes as SCL writes them (Val; IEC 61850-6, 9.5.4.3 and table 45). */
import { basicTypes, type BasicType } from "#protocol/iec61850/model/basic-type.ts";
import type { Enumeration, Leaf } from "#protocol/iec61850/model/ied.ts";
import type { IedTime, LeafValue } from "#protocol/iec61850/model/value.ts";

export type Understood = { readonly value: LeafValue } | { readonly wrong: string };

/** Words of two bits, which some files have instead of digits. */
const bitWords: Readonly<Partial<Record<BasicType, readonly string[]>>> = {
  Dbpos: ["intermediate-state", "off", "on", "bad-state"],
  Tcmd: ["stop", "lower", "higher", "reserved"],
};

export function valueOf(text: string, { type, enumeration }: Pick<Leaf, "type" | "enumeration">): Understood {
  const { mms, width } = basicTypes[type];
  if (enumeration !== undefined) return ordinalOf(text, enumeration);
  switch (mms) {
    case "visible":
    case "utf8":
      return text.length > Math.abs(width) ? { wrong: `more than ${Math.abs(width)} characters` } : { value: text };
    case "boolean":
      return booleanOf(text.trim());
    case "integer":
      return wholeOf(text.trim(), width, -(2n ** BigInt(width - 1)));
    case "unsigned":
      return wholeOf(text.trim(), width, 0n);
    case "float":
      return floatOf(text.trim());
    case "bits":
      return bitsOf(text.trim(), type, Math.abs(width));
    case "octets":
      return octetsOf(text.trim(), width);
    case "utc":
    case "binaryTime":
      return timeOf(text.trim());
  }
}

const wrong = (what: string, text: string): Understood => ({
  wrong: `expected ${what}, found ${JSON.stringify(text.slice(0, 40))}`,
});

function ordinalOf(text: string, { id, words }: Enumeration): Understood {
  for (const [ordinal, word] of Object.entries(words)) if (word === text) return { value: Number(ordinal) };
  const trimmed = text.trim();
  for (const [ordinal, word] of Object.entries(words)) if (word === trimmed) return { value: Number(ordinal) };
  return /^-?\d{1,6}$/.test(trimmed) && Object.hasOwn(words, Number(trimmed))
    ? { value: Number(trimmed) }
    : wrong(`a word of ${id}`, text);
}

function booleanOf(text: string): Understood {
  if (text === "true" || text === "1") return { value: true };
  if (text === "false" || text === "0") return { value: false };
  return wrong("true or false", text);
}

function wholeOf(text: string, width: number, least: bigint): Understood {
  const isWhole = /^[+-]?\d{1,40}$/.test(text);
  const value = isWhole ? BigInt(text.replace("+", "")) : 0n;
  const most = (least === 0n ? 2n ** BigInt(width) : -least) - 1n;
  if (!isWhole || value < least || value > most) return wrong(`a whole number from ${least} to ${most}`, text);
  return { value: width > 32 ? value : Number(value) };
}

function floatOf(text: string): Understood {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? { value } : wrong("a number", text);
}

function bitsOf(text: string, type: BasicType, width: number): Understood {
  const word = bitWords[type]?.indexOf(text) ?? -1;
  if (word >= 0) return { value: word };
  if (/^[01]+$/.test(text) && text.length === width) return { value: Number.parseInt(text, 2) };
  return wrong(`${width} binary digits`, text);
}

function octetsOf(text: string, width: number): Understood {
  let value: Uint8Array;
  try {
    value = Uint8Array.fromBase64(text);
  } catch {
    return wrong("octets in base64", text);
  }
  const fits = width < 0 ? value.length <= -width : value.length === width;
  return fits ? { value } : wrong(`${Math.abs(width)} octets in base64`, text);
}

/** Without an offset it is UTC, as all time is here. */
function timeOf(text: string): Understood {
  try {
    const isMarked = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(text);
    const { epochNanoseconds } = Temporal.Instant.from(isMarked ? text : `${text}Z`);
    const utc = Number(epochNanoseconds / 1000n) / 1000;
    return { value: { utc, leapSecondsKnown: false, clockFailure: false, notSynchronised: false } };
  } catch {
    return wrong("a time, 2026-11-27T05:00:00Z", text);
  }
}

/** Undefined of what cannot be said: what is not known. */
export function textOf(
  value: LeafValue,
  { type, enumeration }: Pick<Leaf, "type" | "enumeration">,
): string | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array) return value.toBase64();
  if (typeof value === "object") return timeText(value);
  if (typeof value !== "number") return String(value);
  if (enumeration !== undefined) return enumeration.words[value] ?? String(value);
  const { mms, width } = basicTypes[type];
  if (mms !== "bits") return String(value);
  return bitWords[type]?.[value] ?? value.toString(2).padStart(Math.abs(width), "0");
}

function timeText({ utc }: IedTime): string {
  return Temporal.Instant.fromEpochNanoseconds(BigInt(Math.round(utc * 1000)) * 1000n).toString();
}
