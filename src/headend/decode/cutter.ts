/** Where one message ends and the next begins among bytes as they come: each protocol says how long its messages are. */
import { lengthAt } from "#protocol/dlms/hdlc/frame.ts";
import { isRtu } from "./modbus-frames.ts";

/** How messages are told apart. */
export type Framing = "mbap" | "rtu" | "wrapper" | "hdlc" | "dnp3" | "ft1.2" | "tpkt" | "datagram";

export interface Piece {
  readonly bytes: Uint8Array;
  /** Whether it is what a message of the protocol looks like from outside: from its first byte to its last. */
  readonly isWhole: boolean;
}

/** No message begins so. */
const NONE = -1;
/** More bytes are needed to tell. */
const MORE = 0;

const FLAG = 0x7e;
const MOST_RTU = 256;
const MBAP = 6;
const MOST_MBAP = 254;
const WRAPPER = 8;
const TPKT = 4;
const DNP3_HEADER = 10;

function word(bytes: Uint8Array, at: number): number {
  return 256 * (bytes[at] ?? 0) + (bytes[at + 1] ?? 0);
}

/** The length of the message that bytes begin with. */
const lengths: Readonly<Record<Exclude<Framing, "datagram">, (bytes: Uint8Array) => number>> = {
  mbap(bytes) {
    if (bytes.length < MBAP) return MORE;
    const length = word(bytes, 4);
    return word(bytes, 2) !== 0 || length < 2 || length > MOST_MBAP ? NONE : MBAP + length;
  },
  rtu(bytes) {
    if (isRtu(bytes)) return bytes.length;
    return bytes.length > MOST_RTU ? NONE : MORE;
  },
  wrapper(bytes) {
    if (bytes.length < WRAPPER) return MORE;
    return word(bytes, 0) === 1 ? WRAPPER + word(bytes, 6) : NONE;
  },
  hdlc(bytes) {
    if (bytes[0] !== FLAG) return NONE;
    if (bytes.length < 3) return MORE;
    const length = lengthAt(bytes, 1);
    // One flag may close a frame and open the next; others fill the time.
    return length === undefined ? NONE : length + 2;
  },
  dnp3(bytes) {
    if (bytes.length < 3) return MORE;
    const [start, more, length = 0] = bytes;
    if (start !== 0x05 || more !== 0x64 || length < 5) return NONE;
    const data = length - 5;
    return DNP3_HEADER + data + 2 * Math.ceil(data / 16);
  },
  "ft1.2"(bytes) {
    const [start, first = 0, second = 0, third] = bytes;
    if (start === 0xe5) return 1;
    if (start === 0x10) {
      if (bytes.length < 5) return MORE;
      return bytes[4] === 0x16 && ((first + second) & 0xff) === third ? 5 : 6;
    }
    if (start !== 0x68) return NONE;
    if (bytes.length < 4) return MORE;
    return first === second && third === 0x68 ? first + 6 : NONE;
  },
  tpkt(bytes) {
    if (bytes.length < TPKT) return MORE;
    const length = word(bytes, 2);
    return bytes[0] === 3 && bytes[1] === 0 && length >= 7 ? length : NONE;
  },
};

/** How a message begins, where that can be looked for among others' bytes. */
const starts: Partial<Record<Framing, readonly number[]>> = { hdlc: [FLAG], dnp3: [0x05, 0x64] };

/** The next place behind the first byte at which a message may begin. */
function nextStart(bytes: Uint8Array, start: readonly number[] | undefined): number {
  if (start === undefined) return bytes.length;
  for (let at = 1; at + start.length <= bytes.length; at++)
    if (start.every((byte, k) => bytes[at + k] === byte)) return at;
  return bytes.length;
}

/** One direction of a connection. */
export class Cutter {
  readonly #framing: Framing;
  readonly #most: number;
  #rest: Uint8Array = new Uint8Array(0);

  /** `most` bytes of a message are waited for. */
  constructor(framing: Framing, most: number) {
    this.#framing = framing;
    this.#most = most;
  }

  /** Bytes of a message that is not whole. */
  get waiting(): number {
    return this.#rest.length;
  }

  push(bytes: Uint8Array): readonly Piece[] {
    if (this.#framing === "datagram") return [{ bytes, isWhole: true }];
    const pieces: Piece[] = [];
    let rest = bytes;
    if (this.#rest.length > 0) {
      rest = new Uint8Array(this.#rest.length + bytes.length);
      rest.set(this.#rest);
      rest.set(bytes, this.#rest.length);
    }
    while (rest.length > 0) {
      const length = lengths[this.#framing](rest);
      if (length === MORE || (length > rest.length && length <= this.#most)) break;
      const isWhole = length > 0 && length <= rest.length;
      const end = isWhole ? length : nextStart(rest, starts[this.#framing]);
      const stays = isWhole && this.#framing === "hdlc" && lengthAt(rest, end) !== undefined ? end - 1 : end;
      pieces.push({ bytes: rest.subarray(0, end), isWhole });
      rest = rest.subarray(stays);
    }
    if (rest.length > this.#most) {
      pieces.push({ bytes: rest, isWhole: false });
      rest = rest.subarray(rest.length);
    }
    this.#rest = rest;
    return pieces;
  }

  /** What waits is no message: nothing of it has come for too long, or nothing more comes. */
  flush(): readonly Piece[] {
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    return rest.length === 0 ? [] : [{ bytes: rest, isWhole: false }];
  }
}

/** How the messages of a transport are told apart, by the names that site files have. */
export function framingOf({
  protocol,
  transport,
  over,
}: {
  readonly protocol: string;
  readonly transport: string;
  readonly over: string;
}): Framing {
  const isLine = over === "serial" || over === "optical";
  if (over === "ethernet") return "datagram";
  switch (protocol) {
    case "modbus":
      return isLine || transport.startsWith("rtu") ? "rtu" : "mbap";
    case "dlms":
      return isLine || transport.startsWith("hdlc") ? "hdlc" : "wrapper";
    case "dnp3":
      return "dnp3";
    case "iec102":
      return "ft1.2";
    case "mms":
      return "tpkt";
    default:
      return "datagram";
  }
}
