/** Modbus, field by field: frames of TCP and of a serial line, and PDUs as they are (Application Protocol V1.1b3, clause 6). */
import { crc16 } from "#wire/crc16.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import { annotatedBy, type Annotated, type Walk } from "./annotated.ts";
import { hex } from "./hex-text.ts";

const u8 = (from: Reader): number => from.u8();
const u16 = (from: Reader): number => from.u16();

/** How a PDU is carried. */
export type ModbusFraming = "tcp" | "rtu" | "pdu";

/** Whether it was asked or answered; undefined where nobody knows. */
export type ModbusWay = "request" | "answer" | undefined;

const MBAP = 6;
const LEAST_RTU = 4;
const EXCEPTION = 0x80;

const functions: Readonly<Record<number, string>> = {
  0x01: "read coils",
  0x02: "read discrete inputs",
  0x03: "read holding registers",
  0x04: "read input registers",
  0x05: "write one coil",
  0x06: "write one register",
  0x07: "read exception status",
  0x08: "diagnostics",
  0x0b: "get event counter",
  0x0c: "get event log",
  0x0f: "write coils",
  0x10: "write registers",
  0x11: "report server id",
  0x14: "read file record",
  0x15: "write file record",
  0x16: "mask write register",
  0x17: "read and write registers",
  0x18: "read FIFO queue",
  0x2b: "encapsulated interface",
};

const exceptions: Readonly<Record<number, string>> = {
  0x01: "illegal function",
  0x02: "illegal data address",
  0x03: "illegal data value",
  0x04: "server device failure",
  0x05: "acknowledge",
  0x06: "server device busy",
  0x08: "memory parity error",
  0x0a: "gateway path unavailable",
  0x0b: "gateway target failed to respond",
};

/** The length of the frame of Modbus/TCP that bytes begin with, or undefined where none begins so. */
function mbapLength(bytes: Uint8Array): number | undefined {
  const [, , high = 1, low = 1, most = 0, least = 0] = bytes;
  return bytes.length > MBAP + 1 && high === 0 && low === 0 ? MBAP + 256 * most + least : undefined;
}

export function isRtu(bytes: Uint8Array): boolean {
  const end = bytes.length - 2;
  if (bytes.length < LEAST_RTU) return false;
  return crc16(bytes, 0, end) === (bytes[end] ?? 0) + 256 * (bytes[end + 1] ?? 0);
}

export function modbusFramingOf(bytes: Uint8Array): ModbusFraming {
  if (isRtu(bytes)) return "rtu";
  for (let rest = bytes; ;) {
    const length = mbapLength(rest);
    if (length === undefined || length > rest.length) return "pdu";
    if (length === rest.length) return "tcp";
    rest = rest.subarray(length);
  }
}

/** What an answer leaves out: it says which registers these are. */
interface Asked {
  readonly unit: number;
  readonly code: number;
  readonly first: number;
  readonly count: number;
}

/** Functions whose answers begin with how many bytes follow. */
const counted: ReadonlySet<number> = new Set([0x01, 0x02, 0x03, 0x04, 0x17]);

/** Questions without an answer that are remembered: what pipelining masters have under way. */
const MOST_ASKED = 64;

/** Messages of one exchange: an answer is read with what it answers. */
export class ModbusMessages {
  /** By transaction over TCP; a line has one. */
  readonly #asked = new Map<number, Asked>();

  annotate(
    bytes: Uint8Array,
    { way, framing = modbusFramingOf(bytes) }: { readonly way?: ModbusWay; readonly framing?: ModbusFraming } = {},
  ): readonly Annotated[] {
    return annotatedBy(bytes, 0, (walk) => {
      if (framing === "tcp") while (walk.from.left > 0) this.#overTcp(walk, way);
      else if (framing === "rtu") this.#overLine(walk, bytes, way);
      else this.#pdu(walk, bytes.length, { way, unit: 0, transaction: 0 });
    });
  }

  #overTcp(walk: Walk, way: ModbusWay): void {
    const transaction = walk.field("transaction", u16);
    const protocol = walk.field("protocol", u16, (value) => (value === 0 ? "0, Modbus" : String(value)));
    const length = walk.field("length", u16, (value) => `${value} bytes`);
    if (protocol !== 0 || length < 2)
      throw new WireError("expected protocol 0 and a length of 2 at least", walk.from.at - 4);
    if (length > walk.from.left) throw new WireError(`${length} bytes, where ${walk.from.left} follow`, walk.from.at);
    const unit = walk.field("unit", u8);
    this.#pdu(walk, length - 1, { way, unit, transaction });
  }

  #overLine(walk: Walk, bytes: Uint8Array, way: ModbusWay): void {
    if (bytes.length < LEAST_RTU) throw new WireError(`expected ${LEAST_RTU} bytes at least`, 0);
    const unit = walk.field("unit", u8, (value) => (value === 0 ? "0, all" : String(value)));
    this.#pdu(walk, bytes.length - 3, { way, unit, transaction: 0 });
    const { at } = walk;
    const [low, high] = [walk.from.u8(), walk.from.u8()];
    const expected = crc16(bytes, 0, bytes.length - 2);
    if (low + 256 * high === expected) walk.add({ at, length: 2, name: "check", text: "right" });
    else {
      const right = hex(Uint8Array.of(expected & 0xff, expected >> 8));
      walk.problem("check", `wrong: expected ${right}, found ${hex(Uint8Array.of(low, high))}`, at, 2);
    }
  }

  #pdu(
    walk: Walk,
    length: number,
    { way, unit, transaction }: { readonly way: ModbusWay; readonly unit: number; readonly transaction: number },
  ): void {
    const { from } = walk;
    const end = from.at + length;
    walk.group("PDU", () => {
      const code = walk.field("function", u8, (value) => nameOf(value));
      if (code >= EXCEPTION) {
        walk.field("exception", u8, (value) => `${value}, ${exceptions[value] ?? "none that there is"}`);
        this.#asked.delete(transaction);
      } else if (isRequest(code, length, way) && !(way === undefined && this.#fits(walk, code, length, transaction))) {
        const asked = walkRequest(walk, code, end);
        if (asked !== undefined) this.#remember(transaction, { ...asked, unit, code });
      } else {
        const asked = this.#asked.get(transaction);
        this.#asked.delete(transaction);
        walkAnswer(walk, code, end, asked?.unit === unit && asked.code === code ? asked : undefined);
      }
      const left = end - from.at;
      if (left > 0) walk.field("data", (reader) => reader.bytes(left), hex);
    });
  }

  /** Whether it has the form of the answer to what was asked last: some questions have it, too. */
  #fits({ from }: Walk, code: number, length: number, transaction: number): boolean {
    const bytes = counted.has(code) && from.left > 0 ? from.u8() : undefined;
    if (bytes !== undefined) from.at--;
    return this.#asked.get(transaction)?.code === code && bytes === length - 2;
  }

  #remember(transaction: number, asked: Asked): void {
    const [oldest] = this.#asked.keys();
    if (oldest !== undefined && this.#asked.size >= MOST_ASKED) this.#asked.delete(oldest);
    this.#asked.set(transaction, asked);
  }
}

function nameOf(code: number): string {
  const name = functions[code & ~EXCEPTION] ?? "none that is known";
  return code >= EXCEPTION ? `${code & ~EXCEPTION}, ${name}: refused` : `${code}, ${name}`;
}

/** Where nobody knows it is told by its length: an answer to a read is of another one, or of a read that asks for three bytes of coils. */
function isRequest(code: number, length: number, way: ModbusWay): boolean {
  if (way !== undefined) return way === "request";
  switch (code) {
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x04:
      return length === 5;
    case 0x0f:
    case 0x10:
      return length > 5;
    case 0x11:
    case 0x07:
      return length === 1;
    case 0x17:
      return length >= 10;
    case 0x2b:
      return length === 4;
    default:
      return true;
  }
}

function range(first: number, count: number): string {
  return count === 1 ? String(first) : `${first} to ${first + count - 1}`;
}

function walkRequest(walk: Walk, code: number, end: number): { first: number; count: number } | undefined {
  switch (code) {
    case 0x01:
    case 0x02:
    case 0x03:
    case 0x04: {
      const first = walk.field("first address", u16);
      const count = walk.field("count", u16, (value) => `${value}: ${range(first, value)}`);
      return { first, count };
    }
    case 0x05:
    case 0x06:
      walkWritten(walk, walk.field("address", u16), 1);
      return undefined;
    case 0x0f:
    case 0x10: {
      const first = walk.field("first address", u16);
      const count = walk.field("count", u16, (value) => `${value}: ${range(first, value)}`);
      walk.field("bytes", u8);
      if (code === 0x10) walkWritten(walk, first, Math.min(count, (end - walk.from.at) >> 1));
      else walk.field("written", (from) => from.bytes(end - from.at), hex);
      return { first, count };
    }
    case 0x16:
      walk.field("address", u16);
      walk.field("written and-mask", u16, inHex);
      walk.field("written or-mask", u16, inHex);
      return undefined;
    case 0x17: {
      const first = walk.field("first address", u16);
      const count = walk.field("count", u16, (value) => `${value}: ${range(first, value)}`);
      const place = walk.field("first address to write", u16);
      const words = walk.field("count to write", u16);
      walk.field("bytes", u8);
      walkWritten(walk, place, Math.min(words, (end - walk.from.at) >> 1));
      return { first, count };
    }
    case 0x08:
      walk.field("sub-function", u16);
      return undefined;
    case 0x2b:
      walk.field("interface", u8, (value) => (value === 0x0e ? "14, device identification" : String(value)));
      if (end - walk.from.at === 2) {
        walk.field("kind", u8);
        walk.field("object", u8);
      }
      return undefined;
    default:
      return undefined;
  }
}

function walkAnswer(walk: Walk, code: number, end: number, asked: Asked | undefined): void {
  switch (code) {
    case 0x01:
    case 0x02: {
      const bytes = walk.field("bytes", u8);
      walk.field(
        "bits",
        (from) => from.bytes(Math.min(bytes, end - from.at)),
        (all) => bitsText(all, asked?.count),
      );
      return;
    }
    case 0x03:
    case 0x04:
    case 0x17: {
      const bytes = walk.field("bytes", u8);
      if (bytes !== end - walk.from.at) walk.problem("bytes", `${bytes}, where ${end - walk.from.at} follow`);
      const words = Math.min(bytes, end - walk.from.at) >> 1;
      if (asked !== undefined && asked.count !== words)
        walk.problem("registers", `${words}, where ${asked.count} were asked for`);
      for (let k = 0; k < words; k++)
        walk.field(asked === undefined ? `word ${k}` : `register ${asked.first + k}`, u16, wordText);
      return;
    }
    case 0x05:
    case 0x06:
      walkWritten(walk, walk.field("address", u16), 1);
      return;
    case 0x16:
      walkRequest(walk, code, end);
      return;
    case 0x0f:
    case 0x10: {
      const first = walk.field("first address", u16);
      walk.field("count", u16, (value) => `${value}: ${range(first, value)}`);
      return;
    }
    case 0x11:
      walk.field("bytes", u8);
      walk.field("server id", (from) => from.bytes(end - from.at), octetsText);
      return;
    case 0x2b:
      walkIdentification(walk, end);
      return;
    default:
  }
}

function walkWritten(walk: Walk, first: number, count: number): void {
  for (let k = 0; k < count; k++) walk.field(`written to ${first + k}`, u16, wordText);
}

function walkIdentification(walk: Walk, end: number): void {
  const kind = walk.field("interface", u8, (value) => (value === 0x0e ? "14, device identification" : String(value)));
  if (kind !== 0x0e || end - walk.from.at < 5) return;
  walk.field("kind", u8);
  walk.field("conformity", u8, inHex);
  walk.field("more follows", u8, (value) => (value === 0xff ? "yes" : "no"));
  walk.field("next object", u8);
  const objects = walk.field("objects", u8);
  for (let k = 0; k < objects; k++) {
    const id = walk.field("object", u8);
    const length = walk.field("length", u8);
    walk.field(`object ${id}`, (from) => from.bytes(length), octetsText);
  }
}

const inHex = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(4, "0")}`;
const wordText = (value: number): string =>
  value < 0x8000 ? `${value} (${inHex(value)})` : `${value}, or ${value - 0x1_0000} (${inHex(value)})`;

function octetsText(octets: Uint8Array): string {
  const isText = octets.length > 0 && octets.every((octet) => octet >= 0x20 && octet < 0x7f);
  return isText ? JSON.stringify(String.fromCharCode(...octets)) : hex(octets);
}

function bitsText(octets: Uint8Array, count = 8 * octets.length): string {
  return Array.from({ length: Math.min(count, 8 * octets.length) }, (_, k) =>
    (((octets[k >> 3] ?? 0) >> (k & 7)) & 1) === 1 ? "on" : "off",
  ).join(", ");
}
