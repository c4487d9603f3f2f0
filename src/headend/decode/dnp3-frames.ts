/** Frames of DNP3's data link (IEEE 1815 clause 9), the segments in them (clause 8) and what they are put together to, field by field. */
import { crc16Dnp } from "#wire/crc16-dnp.ts";
import { WireError, type Reader } from "#wire/cursor.ts";
import { annotatedBy, apart, type Annotated, type Walk } from "./annotated.ts";
import { walkFragment } from "./dnp3-fragments.ts";
import { hex } from "./hex-text.ts";
import { Segments } from "./segments.ts";

const u8 = (from: Reader): number => from.u8();
const u16 = (from: Reader): number => from.u16(true);

const [START, START2] = [0x05, 0x64];
/** Control and two addresses are counted in the length. */
const FIXED = 5;
const BLOCK = 16;
/** With its check. */
const HEADER = 10;

export function beginsDnp3([first, second]: Uint8Array): boolean {
  return first === START && second === START2;
}

/** Functions of frames whose sender asks (PRM set), and of those that answer. */
const primary: Readonly<Record<number, string>> = {
  0: "reset of the link states",
  2: "test of the link states",
  3: "confirmed user data",
  4: "user data without confirmation",
  9: "request for the link status",
};
const secondary: Readonly<Record<number, string>> = {
  0: "acknowledged",
  1: "not acknowledged",
  11: "link status",
  15: "function not supported",
};
/** Functions that count by FCB. */
const counting: readonly number[] = [2, 3];
const USER_DATA: readonly number[] = [3, 4];

const [DIR, PRM, FCB, FCV] = [0x80, 0x40, 0x20, 0x10];
/** Of the octet before a segment. */
const [FIN, FIR, NUMBER] = [0x80, 0x40, 0x3f];

function controlText(control: number): string {
  const isPrimary = (control & PRM) !== 0;
  const code = control & 0x0f;
  const what = (isPrimary ? primary : secondary)[code] ?? `function ${code}, none that there is`;
  const flags = isPrimary
    ? [
        ...((control & FCV) === 0 ? [] : [`frame count ${(control & FCB) === 0 ? 0 : 1}`]),
        ...(((control & FCV) !== 0) === counting.includes(code) ? [] : ["FCV that does not belong to it"]),
      ]
    : (control & FCV) === 0
      ? []
      : ["data flow control: its buffer is full"];
  return [what, `from the ${(control & DIR) === 0 ? "outstation" : "master"}`, ...flags].join(", ");
}

const addresses: Readonly<Record<number, string>> = {
  0xfffc: "self-address",
  0xfffd: "everybody, no confirmation",
  0xfffe: "everybody, with confirmation",
  0xffff: "everybody",
};

function addressText(address: number): string {
  const word = addresses[address];
  return word === undefined ? String(address) : `${address} (${word})`;
}

/** Messages of one exchange: segments of a fragment may be in several. */
export class Dnp3Messages {
  readonly #segments = new Segments();

  /** Frames, or a fragment of the application layer as it is. */
  annotate(bytes: Uint8Array): readonly Annotated[] {
    if (!beginsDnp3(bytes)) return annotatedBy(bytes, 0, (walk) => walkFragment(walk));
    return annotatedBy(bytes, 0, (walk) => {
      while (walk.from.left > 0) {
        if (!beginsDnp3(bytes.subarray(walk.from.at)))
          throw new WireError("expected the beginning of a frame, 05 64", walk.from.at);
        walk.group("frame", () => this.#whole(walk, bytes));
      }
    });
  }

  /** Of a frame that is cut what there is of it, and that it is. */
  #whole(walk: Walk, bytes: Uint8Array): void {
    const { at, left } = walk.from;
    const length = lengthOf(bytes[at + 2]);
    try {
      this.#frame(walk, bytes);
    } catch (error) {
      if (!(error instanceof WireError) || left >= length) throw error;
      throw new WireError(`the frame is cut: ${left} octets of ${length}`, error.at);
    }
  }

  #frame(walk: Walk, bytes: Uint8Array): void {
    const { from } = walk;
    const { at: first } = from;
    walk.field("start", u16, () => "");
    const length = walk.field("length", u8, (one) => `${one}: ${Math.max(0, one - FIXED)} octets of user data`);
    const control = walk.field("control", u8, controlText);
    const destination = walk.field("destination", u16, addressText);
    const source = walk.field("source", u16, addressText);
    checkField(walk, "header check", bytes, first);
    if (length < FIXED) throw new WireError(`a length of ${length}, less than control and addresses`, first + 2);
    if (length === FIXED) return;
    const begin = walk.at;
    const isCarried = (control & PRM) !== 0 && USER_DATA.includes(control & 0x0f);
    const user = new Uint8Array(length - FIXED);
    for (let done = 0; done < user.length;) {
      const { at } = walk;
      const block = from.bytes(Math.min(BLOCK, user.length - done));
      const isHead = isCarried && done === 0;
      if (isHead) walk.add({ at, length: 1, name: "segment", text: segmentText(block[0] ?? 0) });
      const rest = isHead ? 1 : 0;
      if (block.length > rest) walk.add({ at: at + rest, length: block.length - rest, name: "user data" });
      user.set(block, done);
      done += block.length;
      checkField(walk, "check", bytes, from.at - block.length);
    }
    if (isCarried) this.#segment(walk, user, begin, `${source} ${destination}`);
    else walk.problem("user data", "in a frame that carries none", begin);
  }

  #segment(walk: Walk, user: Uint8Array, begin: number, way: string): void {
    const [head = 0] = user;
    const isLast = (head & FIN) !== 0;
    const piece = user.subarray(1);
    if ((head & FIR) !== 0) this.#segments.begin(way);
    else if (this.#segments.waiting(way) === 0) {
      walk.problem("segment", "the first one has not come", begin, 1);
      return;
    }
    const count = this.#segments.waiting(way) + 1;
    const whole = this.#segments.add(way, piece.slice(), isLast);
    if (whole === "too long") walk.problem("segments", "too long together, and given up");
    else if (whole !== undefined)
      walk.add(
        apart(
          count === 1 ? "fragment" : `fragment of ${count} segments`,
          "without the checks",
          whole,
          annotatedBy(whole, 0, (inner) => walkFragment(inner)),
        ),
      );
  }
}

/** Octets of a frame with its checks, by its length; the header is the least. */
function lengthOf(length = FIXED): number {
  const user = Math.max(0, length - FIXED);
  return HEADER + user + 2 * Math.ceil(user / BLOCK);
}

function segmentText(head: number): string {
  const isLast = (head & FIN) !== 0;
  const place = (head & FIR) !== 0 ? (isLast ? "the only one" : "the first") : isLast ? "the last" : "one between";
  return `${place}, number ${head & NUMBER}`;
}

/** The check of what stands before it, from `first` on. */
function checkField(walk: Walk, name: string, bytes: Uint8Array, first: number): void {
  const expected = crc16Dnp(bytes, first, walk.from.at);
  const { at } = walk;
  const said = walk.from.u16(true);
  if (said === expected) return walk.add({ at, length: 2, name, text: "right" });
  const octets = hex(Uint8Array.of(expected & 0xff, expected >> 8));
  walk.problem(name, `wrong: expected ${octets}, found ${hex(Uint8Array.of(said & 0xff, said >> 8))}`, at, 2);
}
