/**
 * Finds frames in what comes on a link, however it is cut. What is no frame is passed over octet by octet until one begins; the rest of one
 * that began is waited for until whoever listens gives it up.
 */
import { Intake } from "#wire/intake.ts";
import { WireError } from "#wire/cursor.ts";
import { frameOf, lengthAt, type AddressOctets, type Frame } from "./frame.ts";

export class FrameReceiver {
  readonly #octets: () => AddressOctets;
  readonly #intake = new Intake();
  #noise = 0;

  constructor(octets: () => AddressOctets) {
    this.#octets = octets;
  }

  /** Runs of octets so far that were no frame. */
  get noise(): number {
    return this.#noise;
  }

  /** Whether a frame has begun. */
  get waits(): boolean {
    return this.#intake.length > 0;
  }

  /** Octets that are kept: no more than the longest frame. */
  get held(): number {
    return this.#intake.length;
  }

  take(bytes: Uint8Array): readonly Frame[] {
    this.#intake.add(bytes);
    return this.#frames(false);
  }

  /** The rest does not come: what began was none, and there may be a frame in it. */
  giveUp(): readonly Frame[] {
    const frames = this.#frames(true);
    this.#intake.drop(this.#intake.length);
    return frames;
  }

  #frames(isAll: boolean): readonly Frame[] {
    const octets = this.#octets();
    const found: Frame[] = [];
    const { view } = this.#intake;
    let at = 0;
    let isNoise = false;
    while (at < view.length) {
      const length = lengthAt(view, at, octets);
      const isPart = length === 0 || (length !== undefined && at + length > view.length);
      if (isPart && !isAll) break;
      const frame = isPart || length === undefined ? undefined : frameIn(view.subarray(at, at + length), octets);
      if (frame === undefined) {
        at++;
        isNoise = true;
        continue;
      }
      found.push(frame);
      at += length ?? 0;
    }
    if (isNoise) this.#noise++;
    this.#intake.drop(at);
    return found;
  }
}

function frameIn(bytes: Uint8Array, octets: AddressOctets): Frame | undefined {
  try {
    return frameOf(bytes, octets);
  } catch (error) {
    // Only its octets were like one.
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
