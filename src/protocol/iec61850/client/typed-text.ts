/** What people write, as data of a type: numbers, on and off, texts, bits, instants. */
import { BerReader, BerWriter } from "#wire/ber.ts";
import { decodeData } from "#protocol/iec61850/mms/data-codec.ts";
import type { Data, TypeDescription } from "#protocol/iec61850/mms/data.ts";
import { writeUtcTime } from "#protocol/iec61850/mms/time-octets.ts";

const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  "1": true,
  false: false,
  off: false,
  "0": false,
};

/** What a type expects, in words. */
export function expectedText(type: TypeDescription): string {
  switch (type.kind) {
    case "boolean":
      return "on or off";
    case "integer":
      return `a whole number of ${type.width} bits with a sign`;
    case "unsigned":
      return `a whole number of ${type.width} bits`;
    case "float":
      return type.width === 64 ? "a number" : "a number from -3.4e38 to 3.4e38";
    case "bits":
      return `at most ${Math.abs(type.width)} bits, as 0 and 1`;
    case "octets":
      return `at most ${Math.abs(type.width)} octets in hexadecimal`;
    case "visible":
    case "utf8":
      return `a text of at most ${Math.abs(type.width)} characters${type.kind === "visible" ? " of ASCII" : ""}`;
    case "utc":
      return "an instant like 2026-07-31T16:45:00Z, from 1970 to 2106-02-07T06:28:15Z";
    case "structure":
      return `several values: ${type.fields.map(({ name }) => name).join(", ")}; write one of them`;
    default:
      return `nothing that can be written (${type.kind})`;
  }
}

/** Undefined of what the type cannot be. A structure of one value, as those of analogue values are, is that value. */
export function dataOfText(type: TypeDescription, text: string): Data | undefined {
  switch (type.kind) {
    case "boolean": {
      const value = booleans[text.toLowerCase()];
      return value === undefined ? undefined : { kind: "boolean", value };
    }
    case "integer":
    case "unsigned":
      return wholeNumber(type.kind, type.width, text);
    case "float": {
      const value = Number(text);
      const width = type.width === 64 ? 64 : 32;
      if (text.trim() === "" || !Number.isFinite(width === 32 ? Math.fround(value) : value)) return undefined;
      return { kind: "float", value, width };
    }
    case "bits":
      return bits(type.width, text);
    case "octets": {
      if (!/^([0-9a-f]{2})*$/i.test(text) || text.length > 2 * Math.abs(type.width)) return undefined;
      return { kind: "octets", value: Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) };
    }
    case "visible":
      return text.length > Math.abs(type.width) || !/^[\x20-\x7e]*$/.test(text)
        ? undefined
        : { kind: "visible", value: text };
    case "utf8":
      return text.length > Math.abs(type.width) ? undefined : { kind: "utf8", value: text };
    case "utc":
      return instant(text);
    case "structure": {
      const [only, more] = type.fields;
      const value = only === undefined || more !== undefined ? undefined : dataOfText(only.type, text);
      return value && { kind: "structure", items: [value] };
    }
    default:
      return undefined;
  }
}

function wholeNumber(kind: "integer" | "unsigned", width: number, text: string): Data | undefined {
  if (!/^-?\d{1,39}$/.test(text)) return undefined;
  const value = BigInt(text);
  const [least, most] =
    kind === "integer" ? [-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n] : [0n, 2n ** BigInt(width) - 1n];
  if (value < least || value > most) return undefined;
  const isSafe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return { kind, value: isSafe ? Number(value) : value };
}

function bits(width: number, text: string): Data | undefined {
  const length = text.length;
  if (!/^[01]+$/.test(text) || length > Math.abs(width) || (width > 0 && length !== width)) return undefined;
  const octets = new Uint8Array(Math.ceil(length / 8));
  for (let bit = 0; bit < length; bit++)
    if (text[bit] === "1") octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return { kind: "bits", octets, length };
}

/** Milliseconds that 32 bits of seconds can say. */
const LAST_UTC = 1000 * 0xffff_ffff;

function instant(text: string): Data | undefined {
  let utc: number;
  try {
    utc = Number(Temporal.Instant.from(text).epochNanoseconds) / 1e6;
  } catch {
    // People write what they like: it is no instant.
    return undefined;
  }
  return utc < 0 || utc > LAST_UTC ? undefined : utcData(utc);
}

/** An instant of a clock that is right. */
export function utcData(utc: number): Data {
  const out = new BerWriter(16);
  writeUtcTime(out, 0x91, {
    utc,
    leapSecondsKnown: true,
    clockFailure: false,
    notSynchronised: false,
    accuracyBits: 10,
  });
  const reader = new BerReader(out.done());
  reader.next();
  return decodeData(reader);
}

/** What is nothing of a type: 0, false, no text. */
export function nothingOf(type: TypeDescription): Data {
  switch (type.kind) {
    case "structure":
      return { kind: "structure", items: type.fields.map((field) => nothingOf(field.type)) };
    case "array":
      return { kind: "array", items: Array.from({ length: type.count }, () => nothingOf(type.of)) };
    case "boolean":
      return { kind: "boolean", value: false };
    case "bits":
    case "booleans":
      return {
        kind: type.kind,
        octets: new Uint8Array(Math.ceil(Math.abs(type.width) / 8)),
        length: Math.abs(type.width),
      };
    case "integer":
    case "unsigned":
      return { kind: type.kind, value: 0 };
    case "float":
      return { kind: "float", value: 0, width: type.width === 64 ? 64 : 32 };
    case "octets":
      return { kind: "octets", value: new Uint8Array(Math.max(0, type.width)) };
    case "visible":
    case "utf8":
      return { kind: type.kind, value: "" };
    case "utc":
      return { kind: "utc", octets: new Uint8Array(8) };
    case "binaryTime":
      return { kind: "binaryTime", octets: new Uint8Array(type.date ? 6 : 4) };
    case "generalizedTime":
      return { kind: "generalizedTime", value: "19700101000000Z" };
    case "bcd":
      return { kind: "bcd", value: 0 };
    case "objectId":
      return { kind: "objectId", value: "0.0" };
  }
}
