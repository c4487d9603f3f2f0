/** MMS as it goes over TCP: TPKT (RFC 1006), transport (X.224), session (X.225), and what is in them, field by field; or a PDU of MMS as it is. */
import { WireError, type Reader } from "#wire/cursor.ts";
import { annotatedBy, apart, type Annotated, type Walk } from "./annotated.ts";
import { hex } from "./hex-text.ts";
import { annotateMmsPdus, annotatePresentation } from "./osi-shapes.ts";

const u8 = (from: Reader): number => from.u8();
const u16 = (from: Reader): number => from.u16();

const TPKT = 4;
const LONGEST = 1 << 24;

/** Whether bytes begin as a packet on TCP does, and go at least to its transport header. */
export function beginsTpkt(bytes: Uint8Array): boolean {
  const [version, reserved, high = 0, low = 0, header = 0, code = 0] = bytes;
  const length = 256 * high + low;
  return (
    version === 3 &&
    reserved === 0 &&
    length >= 7 &&
    length <= bytes.length &&
    header < length - TPKT &&
    codes.has(code & 0xf0)
  );
}

const codes: ReadonlyMap<number, string> = new Map([
  [0xe0, "connection request"],
  [0xd0, "connection confirm"],
  [0x80, "disconnect request"],
  [0xf0, "data"],
  [0x70, "error"],
]);
const parameters: Readonly<Record<number, string>> = {
  0xc0: "TPDU size",
  0xc1: "calling selector",
  0xc2: "called selector",
};

const spdus: Readonly<Record<number, string>> = {
  0x01: "give tokens, data",
  0x08: "not finished",
  0x09: "finish",
  0x0a: "disconnect",
  0x0c: "refuse",
  0x0d: "connect",
  0x0e: "accept",
  0x19: "abort",
  0x1a: "abort accept",
};
const items: Readonly<Record<number, string>> = {
  0x05: "connect and accept item",
  0x11: "transport disconnect",
  0x13: "protocol options",
  0x14: "user requirements",
  0x16: "version",
  0x32: "reason",
  0x33: "calling selector",
  0x34: "called selector",
};
/** Parameters that are user data, of up to 512 octets and more. */
const USER_DATA: readonly number[] = [0xc1, 0xc2];

/** Messages of one exchange: an SPDU may be in several TPDUs. */
export class MmsMessages {
  #pieces: Uint8Array[] = [];
  #length = 0;

  annotate(bytes: Uint8Array): readonly Annotated[] {
    if (!beginsTpkt(bytes)) return annotateMmsPdus(bytes, 0);
    return annotatedBy(bytes, 0, (walk) => {
      while (walk.from.left > 0) walk.group("packet", () => this.#packet(walk));
    });
  }

  #packet(walk: Walk): void {
    const { from } = walk;
    const start = from.at;
    walk.field("version of TPKT", u8);
    walk.field("reserved", u8);
    const length = walk.field("length", u16, (value) => `${value} octets`);
    const header = walk.field("transport header", u8, (value) => `${value} octets`);
    const end = start + length;
    const left = end - from.at;
    if (length < TPKT + 2 || left > from.left || header < 1 || header > left)
      throw new WireError("a packet that is not as long as it says", from.at);
    const code = walk.field("code", u8, (value) => codes.get(value & 0xf0) ?? "none that there is") & 0xf0;
    if (code === 0xf0) return this.#data(walk, end, header);
    if (header >= 6) {
      walk.field("destination", u16);
      walk.field("source", u16);
      walk.field(code === 0x80 ? "reason" : "class", u8, (value) =>
        code === 0x80 ? String(value) : String(value >> 4),
      );
    }
    const headerEnd = start + TPKT + 1 + header;
    while (from.at + 1 < headerEnd) {
      const which = walk.field("parameter", u8, (value) => parameters[value] ?? value.toString(16));
      const octets = walk.field("length", u8);
      walk.field(
        parameters[which] ?? "value",
        (reader) => reader.bytes(octets),
        (value) => (which === 0xc0 ? `${2 ** (value[0] ?? 0)} octets` : hex(value)),
      );
    }
    if (from.at < end) walk.field("rest", (reader) => reader.bytes(end - reader.at), hex);
  }

  #data(walk: Walk, end: number, header: number): void {
    const { from } = walk;
    const isLast =
      walk.field("end of what is sent", u8, (value) => ((value & 0x80) === 0 ? "no, more follows" : "yes")) >= 0x80;
    if (header > 2) walk.field("more of the header", (reader) => reader.bytes(header - 2), hex);
    const at = walk.at;
    const piece = from.bytes(end - from.at);
    const isWhole = isLast && this.#pieces.length === 0;
    if (isWhole) {
      walk.add(...annotateSession(piece, at));
      return;
    }
    walk.add({ at, length: piece.length, name: "piece", text: `${piece.length} octets of what goes in several` });
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (!isLast && this.#length <= LONGEST) return;
    const whole = new Uint8Array(this.#length);
    let to = 0;
    for (const one of this.#pieces) {
      whole.set(one, to);
      to += one.length;
    }
    this.#pieces = [];
    this.#length = 0;
    if (isLast) walk.add(apart("together", "the pieces put together", whole, annotateSession(whole, 0)));
  }
}

/** SPDUs, the last of which has all that follows. */
function annotateSession(bytes: Uint8Array, offset: number): readonly Annotated[] {
  return annotatedBy(bytes, offset, (walk) => {
    const code = walk.group("session", () => sessionHead(walk));
    if (code !== 0x01) return;
    // Behind give tokens stands data, of the same number, with the octets of presentation behind it.
    walk.group("session", () => sessionHead(walk));
    const { at } = walk;
    if (walk.from.left > 0) walk.add(...annotatePresentation(walk.from.bytes(walk.from.left), at));
  });
}

function sessionHead(walk: Walk): number {
  const { from } = walk;
  const code = walk.field("SPDU", u8, (value) => spdus[value] ?? `${value}, none that there is`);
  const length = sessionLength(walk);
  const end = from.at + length;
  if (length > from.left) throw new WireError("an SPDU that is not as long as it says", from.at);
  while (from.at < end) {
    const which = walk.field(
      "parameter",
      u8,
      (value) => items[value] ?? (USER_DATA.includes(value) ? "user data" : String(value)),
    );
    const octets = sessionLength(walk);
    if (octets > end - from.at) throw new WireError("a parameter that is not as long as it says", from.at);
    // Items of a group follow as parameters.
    if (which === 0x05) continue;
    if (USER_DATA.includes(which)) walk.within("user data", octets, annotatePresentation);
    else walk.field(items[which] ?? "value", (reader) => reader.bytes(octets), hex);
  }
  return code;
}

/** Of one octet, or of two behind ff. */
function sessionLength(walk: Walk): number {
  return walk.field("length", (reader) => {
    const { at } = reader;
    const first = reader.u8();
    if (first !== 0xff) return first;
    if (reader.left < 2) throw new WireError("a length without its octets", at);
    return reader.u16();
  });
}
