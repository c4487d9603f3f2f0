/**
 * Finds frames in what comes on a link. What is no frame is passed over up to the next start octets (IEEE 1815, clause 9.2.4.3); a frame is
 * given up at the first block whose CRC does not hold, so that what follows one that was cut off is not taken for the rest of it. What is
 * kept is the beginning of one frame, 291 octets at most, and what has come since.
 */
import { Intake } from "#wire/intake.ts";
import {
  blockOffset,
  dataLengthAt,
  frameSize,
  HEADER,
  headerAt,
  MOST_DATA,
  START,
  START_2,
  takeBlock,
  type Frame,
} from "./frame.ts";

export class FrameReader {
  readonly #intake = new Intake();
  readonly #data = new Uint8Array(MOST_DATA);
  /** User octets of the frame at the front that have been taken out of it. */
  #done = 0;
  /** What was no frame, and what of a frame was given up: octets, ever. */
  noise = 0;

  /** Octets of a frame that is not whole. */
  get held(): number {
    return this.#intake.length;
  }

  add(bytes: Uint8Array): void {
    this.#intake.add(bytes);
  }

  /**
   * The next frame that is whole; its data are void after the next call. Where the rest of one does not come (`isAll`), what stands behind its
   * start is looked through.
   */
  next(isAll = false): Frame | undefined {
    for (;;) {
      const bytes = this.#intake.view;
      const from = startIn(bytes);
      if (from > 0) {
        this.#pass(from);
        continue;
      }
      const length = bytes.length < HEADER ? undefined : dataLengthAt(bytes, 0);
      if (length === undefined) {
        if (bytes.length === 0 || (bytes.length < HEADER && !isAll)) return undefined;
        this.#pass(1);
        continue;
      }
      const count = this.#take(bytes, length);
      if (count === undefined && !isAll) return undefined;
      if (count !== length) {
        this.#pass(1);
        continue;
      }
      this.#done = 0;
      const frame = { ...headerAt(bytes, 0), data: this.#data.subarray(0, length) };
      this.#intake.drop(frameSize(length));
      return frame;
    }
  }

  /** User octets whose CRCs hold, `length` of them when that is all; undefined where more has to come. */
  #take(bytes: Uint8Array, length: number): number | undefined {
    while (this.#done < length) {
      const count = takeBlock(bytes, blockOffset(this.#done), { done: this.#done, length }, this.#data);
      if (count === undefined) return undefined;
      if (count === 0) return this.#done;
      this.#done += count;
    }
    return length;
  }

  #pass(count: number): void {
    this.noise += count;
    this.#done = 0;
    this.#intake.drop(count);
  }
}

/** Where start octets stand, or the first of them ends what is there; its length where none do. */
function startIn(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++)
    if (bytes[at] === START && (at + 1 === bytes.length || bytes[at + 1] === START_2)) return at;
  return bytes.length;
}

/** Whether a frame begins with these bytes: so does a datagram that is not the rest of another. */
export function beginsFrame(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER && dataLengthAt(bytes, 0) !== undefined;
}
