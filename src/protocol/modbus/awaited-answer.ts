/**
 * What comes on a line while the answer to one request is waited for: the echo of an adapter, noise, other units' frames, and the answer,
 * which is known by its unit, function, length and checksum. Whatever cannot be it is passed over at once.
 */
import { beginsAt, indexOf, joined } from "#io/byte-run.ts";
import { nothingHeard, type Heard } from "./failing.ts";
import { decodeResponse, functionOf, MEI_DEVICE_ID, mismatch, type Request } from "./pdu.ts";
import { crcHolds, goodFrame, MAX_FRAME, requestLength, responseLength } from "./rtu.ts";

const NOTHING = new Uint8Array(0);

/** Bytes that are kept: an echo, a long answer, and as much again. What is lost of endless noise could not be told apart anyhow. */
const KEPT = 4 * MAX_FRAME;

/** Bytes of noise that are shown. */
const SHOWN = 8;

/** Whether the answer to a request is the same bytes. */
export function answersAlike(request: Request): request is Request & { readonly kind: "write" } {
  return request.kind === "write" && request.fn === 0x06;
}

export class AwaitedAnswer {
  readonly #unit: number;
  readonly #request: Request;
  readonly #sent: Uint8Array;
  /** Its answer is the same bytes: only on a line that is known to hand them back the first of them is the echo. */
  readonly #alike: boolean;
  readonly #strips: boolean;
  #bytes: Uint8Array = NOTHING;
  #heard = 0;
  #echoed = false;
  #arriving = 0;

  /** `sent` is the request's frame; `echoes` says that the line hands back what is sent. */
  constructor(
    unit: number,
    request: Request,
    { sent, echoes }: { readonly sent: Uint8Array; readonly echoes: boolean },
  ) {
    this.#unit = unit;
    this.#request = request;
    this.#sent = sent;
    this.#alike = answersAlike(request);
    this.#strips = echoes || !this.#alike;
  }

  /** Takes what came; the answer's PDU when it is there. */
  take(chunk: Uint8Array): Uint8Array | undefined {
    this.#heard += chunk.length;
    this.#bytes = joined(this.#bytes, chunk).subarray(-KEPT);
    if (this.#strips && !this.#echoed) {
      const at = indexOf(this.#bytes, this.#sent);
      if (at >= 0) {
        this.#echoed = true;
        this.#bytes = joined(this.#bytes.subarray(0, at), this.#bytes.subarray(at + this.#sent.length));
      } else if (this.#bytes.length < this.#sent.length && beginsAt(this.#bytes, 0, this.#sent)) return undefined;
    }
    return this.#find(false);
  }

  /** Whether the request itself came back; undefined where that cannot be told from its answer. */
  get echoed(): boolean | undefined {
    return this.#alike ? undefined : this.#echoed;
  }

  /** Bytes that are still to come of what has begun like the answer; 0 where nothing has, or too little to tell. */
  get arriving(): number {
    return this.#arriving;
  }

  /** What turned out to be the answer to something else, which had been given up, is nothing that was heard of this. */
  passOver(frame: Uint8Array): void {
    const at = indexOf(this.#bytes, frame);
    if (at < 0) return;
    this.#bytes = joined(this.#bytes.subarray(0, at), this.#bytes.subarray(at + frame.length));
    this.#heard -= frame.length;
  }

  /** When time is up: an answer that stood behind something that only looked like the beginning of another. */
  late(): Uint8Array | undefined {
    return this.#find(true);
  }

  #find(final: boolean): Uint8Array | undefined {
    const bytes = this.#bytes;
    this.#arriving = 0;
    for (let from = 0; from + 2 <= bytes.length; from++) {
      const length = this.#lengthAt(from);
      if (length < 0) continue;
      if (length === 0 || from + length > bytes.length) {
        if (final) continue;
        this.#arriving = Math.max(0, from + length - bytes.length);
        return undefined;
      }
      if (crcHolds(bytes, from, length)) return bytes.subarray(from + 1, from + length - 2);
    }
    return undefined;
  }

  /** The length of the answer if it begins here: 0 when more bytes are needed to tell, -1 when it cannot. */
  #lengthAt(from: number): number {
    const bytes = this.#bytes;
    const code = functionOf(this.#request);
    if (bytes[from] !== this.#unit) return -1;
    if (bytes[from + 1] === (code | 0x80)) return 5;
    if (bytes[from + 1] !== code) return -1;
    const third = bytes[from + 2];
    if (third === undefined) return 0;
    const { kind } = this.#request;
    if (kind === "read") return third === 2 * this.#request.count ? 5 + third : -1;
    if (kind === "device identification" && third !== MEI_DEVICE_ID) return -1;
    const length = responseLength(bytes, from, bytes.length);
    return length > MAX_FRAME ? -1 : length;
  }

  /** What was heard of all that is no answer. */
  heard(): Omit<Heard, "unit" | "waitedMs"> {
    const bytes = this.#bytes;
    const strangers = new Map<number, number>();
    let damaged = 0;
    let part: Heard["part"];
    let wrong: string | undefined;
    const noise: number[] = [];
    for (let from = 0; from < bytes.length;) {
      const response = goodFrame(bytes, from, responseLength);
      const length = response || goodFrame(bytes, from, requestLength);
      const unit = bytes[from] ?? 0;
      if (length === 0) {
        const awaited = this.#lengthAt(from);
        const whole = awaited > 0 && from + awaited <= bytes.length;
        if (whole) damaged++;
        else if (awaited > 0) part ??= { came: bytes.length - from, of: awaited };
        else if (noise.length < SHOWN) noise.push(unit);
        from += whole ? awaited : 1;
        continue;
      }
      // What another master asks is nobody's answer.
      if (response > 0 && unit !== this.#unit) strangers.set(unit, (strangers.get(unit) ?? 0) + 1);
      else if (response > 0) {
        const said = decodeResponse(bytes.subarray(from + 1, from + length - 2));
        wrong = said === undefined ? "the answer makes no sense" : (mismatch(this.#request, said) ?? wrong);
      }
      from += length;
    }
    const echoed = this.#echoed;
    return {
      ...nothingHeard,
      bytes: this.#heard,
      echoed,
      damaged,
      strangers,
      wrong,
      part,
      noise: Uint8Array.from(noise),
    };
  }
}
