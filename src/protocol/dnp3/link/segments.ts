/**
 * The transport function (IEEE 1815, clause 8): a fragment goes in segments of up to 249 octets, each in a frame, behind an octet that says
 * whether it is the first and the last and which one it is.
 */
import { limits } from "#quantity/limits.ts";
import { frameSize, MOST_DATA, writeData, writeHeader, type LinkHeader } from "./frame.ts";

export const transportBits = { fin: 0x80, fir: 0x40, sequence: 0x3f } as const;

/** Octets of a fragment in one segment. */
export const MOST_SEGMENT = MOST_DATA - 1;

/** Segments of a fragment of so many octets. */
export function segmentsOf(octets: number): number {
  return Math.max(1, Math.ceil(octets / MOST_SEGMENT));
}

/** A part of a fragment: octets [from, to), in the segment of a number from 0 to 63. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly sequence: number;
}

function writeSegment(out: Uint8Array, start: number, header: LinkHeader, fragment: Uint8Array, part: Part): number {
  const { from, to, sequence } = part;
  const fir = from === 0 ? transportBits.fir : 0;
  const fin = to === fragment.length ? transportBits.fin : 0;
  const at = writeHeader(out, start, header, 1 + to - from);
  out[at] = fin | fir | sequence;
  return writeData(out, at, fragment, from, to);
}

/** One segment of a fragment as a frame. */
export function segmentBytes(header: LinkHeader, fragment: Uint8Array, part: Part): Uint8Array {
  const out = new Uint8Array(frameSize(1 + part.to - part.from));
  writeSegment(out, 0, header, fragment, part);
  return out;
}

/** A whole fragment as frames, one behind the other; `sequence` is the first segment's. */
export function fragmentBytes(header: LinkHeader, fragment: Uint8Array, sequence: number): Uint8Array {
  const full = Math.floor(fragment.length / MOST_SEGMENT);
  const rest = fragment.length % MOST_SEGMENT;
  const last = rest > 0 || full === 0 ? frameSize(1 + rest) : 0;
  const out = new Uint8Array(full * frameSize(MOST_DATA) + last);
  let at = 0;
  for (let k = 0; at < out.length; k++) {
    const from = k * MOST_SEGMENT;
    const part = {
      from,
      to: Math.min(from + MOST_SEGMENT, fragment.length),
      sequence: (sequence + k) & transportBits.sequence,
    };
    at = writeSegment(out, at, header, fragment, part);
  }
  return out;
}

/**
 * Puts segments together (TB2013-003, which has the reception state table anew). A series that is broken is given up as a whole: it goes on
 * with the next first segment.
 */
export class Reassembler {
  readonly #most: number;
  /** Made with the first fragment of more than one segment. */
  #octets: Uint8Array | undefined;
  #length = 0;
  /** The last segment of the series under way: its header, and where its octets begin; undefined between two series. */
  #last: { readonly header: number; readonly from: number } | undefined;

  /** Of fragments of `most` octets. */
  constructor(most: number = limits.dnp3.fragment) {
    this.#most = most;
  }

  /** Octets of a series that is not whole. */
  get held(): number {
    return this.#last === undefined ? 0 : this.#length;
  }

  /** Gives up a series that is not whole. */
  reset(): void {
    this.#last = undefined;
    this.#length = 0;
  }

  /** The fragment that a segment completes, which is the caller's; undefined where it completes none, or one without an octet. */
  take(segment: Uint8Array): Uint8Array | undefined {
    const [header] = segment;
    if (header === undefined) return undefined;
    const isLast = (header & transportBits.fin) !== 0;
    if ((header & transportBits.fir) !== 0) {
      this.reset();
      if (!isLast) this.#append(header, segment);
      else if (segment.length > 1) return segment.slice(1);
      return undefined;
    }
    const last = this.#last;
    if (last === undefined) return undefined;
    if (((header - last.header) & transportBits.sequence) !== 1) {
      if (!this.#isRepeat(segment, last)) this.reset();
      return undefined;
    }
    if (!this.#append(header, segment) || !isLast) return undefined;
    const whole = this.#length === 0 ? undefined : this.#octets?.slice(0, this.#length);
    this.reset();
    return whole;
  }

  /** False where there is no room for it: the series is given up. */
  #append(header: number, segment: Uint8Array): boolean {
    const from = this.#length;
    const to = from + segment.length - 1;
    if (to > this.#most) {
      this.reset();
      return false;
    }
    this.#octets ??= new Uint8Array(this.#most);
    this.#octets.set(segment.subarray(1), from);
    this.#length = to;
    this.#last = { header, from };
    return true;
  }

  /** Whether it is the last segment again, octet for octet: the data link has brought it twice. */
  #isRepeat(segment: Uint8Array, { header, from }: { readonly header: number; readonly from: number }): boolean {
    if (segment[0] !== header || segment.length - 1 !== this.#length - from) return false;
    for (let k = 1; k < segment.length; k++) if (segment[k] !== this.#octets?.[from + k - 1]) return false;
    return true;
  }
}
