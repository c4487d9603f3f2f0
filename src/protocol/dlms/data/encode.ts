/** Data to bytes (A-XDR, Green Book 9.5). */
import { Writer } from "#wire/cursor.ts";
import { tags, type Data, type NumberType, type TypeDescription } from "./data.ts";
import { writeLength } from "./length.ts";

/** What a compact array says of its members: a tag, and what belongs to it. */
function writeDescription(out: Writer, description: TypeDescription): void {
  out.u8(tags[description.type]);
  if (description.type === "array") {
    out.u16(description.count);
    writeDescription(out, description.of);
  } else if (description.type === "structure") {
    writeLength(out, description.of.length);
    for (const member of description.of) writeDescription(out, member);
  }
}

const numbers: Readonly<Record<NumberType, (out: Writer, value: number) => void>> = {
  "double-long": (out, value) => void out.i32(value),
  "double-long-unsigned": (out, value) => void out.u32(value),
  integer: (out, value) => void out.u8(value),
  long: (out, value) => void out.i16(value),
  unsigned: (out, value) => void out.u8(value),
  "long-unsigned": (out, value) => void out.u16(value),
  enum: (out, value) => void out.u8(value),
  float32: (out, value) => void out.f32(value),
  float64: (out, value) => void out.f64(value),
  bcd: (out, value) => void out.u8(value),
  "delta-integer": (out, value) => void out.u8(value),
  "delta-long": (out, value) => void out.i16(value),
  "delta-double-long": (out, value) => void out.i32(value),
  "delta-unsigned": (out, value) => void out.u8(value),
  "delta-long-unsigned": (out, value) => void out.u16(value),
  "delta-double-long-unsigned": (out, value) => void out.u32(value),
};

function writeBits(out: Writer, bits: readonly boolean[]): void {
  for (let k = 0; k < bits.length; k += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) if (bits[k + bit] === true) byte |= 0x80 >> bit;
    out.u8(byte);
  }
}

/** What stands behind the tag. */
function writeContent(out: Writer, data: Data): void {
  switch (data.type) {
    case "null-data":
    case "dont-care":
      return;
    case "array":
    case "structure":
      writeLength(out, data.value.length);
      for (const member of data.value) writeData(out, member);
      return;
    case "compact-array": {
      writeDescription(out, data.of);
      const content = new Writer();
      for (const member of data.value) writeDescribed(content, data.of, member);
      const bytes = content.done();
      writeLength(out, bytes.length).bytes(bytes);
      return;
    }
    case "boolean":
      out.u8(data.value ? 1 : 0);
      return;
    case "bit-string":
      writeLength(out, data.value.length);
      writeBits(out, data.value);
      return;
    case "octet-string":
      writeLength(out, data.value.length).bytes(data.value);
      return;
    case "date-time":
    case "date":
    case "time":
      out.bytes(data.value);
      return;
    case "visible-string":
      writeLength(out, data.value.length).latin1(data.value);
      return;
    case "utf8-string": {
      const bytes = new TextEncoder().encode(data.value);
      writeLength(out, bytes.length).bytes(bytes);
      return;
    }
    case "long64":
      out.u32(Number(BigInt.asUintN(32, data.value >> 32n))).u32(Number(BigInt.asUintN(32, data.value)));
      return;
    case "long64-unsigned":
      out.u32(Number(BigInt.asUintN(32, data.value >> 32n))).u32(Number(BigInt.asUintN(32, data.value)));
      return;
    default:
      numbers[data.type](out, data.value);
  }
}

/** A member of a compact array, without the tags that its description has. Throws an Error where it is of another type. */
function writeDescribed(out: Writer, description: TypeDescription, data: Data): void {
  if (description.type !== data.type)
    throw new Error(`a compact array of ${description.type} has a member that is a ${data.type}`);
  if (description.type === "array" && data.type === "array") {
    if (data.value.length !== description.count)
      throw new Error(`expected arrays of ${description.count} in a compact array, found one of ${data.value.length}`);
    for (const member of data.value) writeDescribed(out, description.of, member);
  } else if (description.type === "structure" && data.type === "structure") {
    if (data.value.length !== description.of.length)
      throw new Error(`expected structures of ${description.of.length}, found one of ${data.value.length}`);
    for (const [k, one] of description.of.entries()) writeDescribed(out, one, data.value[k] ?? { type: "null-data" });
  } else writeContent(out, data);
}

export function writeData(out: Writer, data: Data): void {
  out.u8(tags[data.type]);
  writeContent(out, data);
}

export function encodeData(data: Data): Uint8Array {
  const out = new Writer();
  writeData(out, data);
  return out.done();
}
