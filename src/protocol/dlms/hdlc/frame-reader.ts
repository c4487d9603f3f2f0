/**
 * Finds frames in what comes on a line: by their lengths, since a flag may stand in a frame. One flag may end a frame and begin the next,
 * and anything may stand between two. What is kept is the beginning of one frame, 2,049 bytes at most.
 */
import { Intake } from "#wire/intake.ts";
import { FLAG, frameAt, lengthAt, type Frame } from "./frame.ts";

export class FrameReader {
  readonly #intake = new Intake();
  /** What was no frame, and what of a frame was given up: bytes, ever. */
  noise = 0;

  /** Bytes of a frame that is not whole. */
  get held(): number {
    return this.#intake.length;
  }

  /** Whether the rest of a frame is waited for: a flag alone begins none. */
  get waits(): boolean {
    return this.#intake.length > 1;
  }

  /** The frames that are whole with what comes. */
  take(bytes: Uint8Array): readonly Frame[] {
    this.#intake.add(bytes);
    return this.#frames(false);
  }

  /** The rest of a frame does not come: what stands behind its flag may be others. */
  giveUp(): readonly Frame[] {
    return this.#frames(true);
  }

  #frames(isAll: boolean): readonly Frame[] {
    const frames: Frame[] = [];
    const bytes = this.#intake.view;
    let at = 0;
    while (at < bytes.length) {
      if (bytes[at] !== FLAG) {
        at++;
        this.noise++;
        continue;
      }
      const length = bytes.length - at < 3 ? undefined : lengthAt(bytes, at + 1);
      const isShort = length === undefined ? mayBegin(bytes, at + 1) : at + length + 2 > bytes.length;
      if (isShort && !isAll) break;
      const found = isShort || length === undefined ? undefined : frameBehind(bytes, at, length);
      if (found === undefined || length === undefined) {
        // A flag before a flag only fills the time.
        if (at + 1 < bytes.length && bytes[at + 1] !== FLAG) this.noise++;
        at++;
        continue;
      }
      frames.push(found);
      // Its last flag may be the first of the next.
      at += length + 1;
    }
    this.#intake.drop(at);
    return frames;
  }
}

/** Whether a format field of a frame may begin with the one byte, or none, that has come. */
function mayBegin(bytes: Uint8Array, at: number): boolean {
  if (at >= bytes.length) return true;
  return at + 1 === bytes.length && (bytes[at] ?? 0) >> 4 === 0xa;
}

function frameBehind(bytes: Uint8Array, flag: number, length: number): Frame | undefined {
  return bytes[flag + length + 1] === FLAG ? frameAt(bytes, flag + 1, length) : undefined;
}
