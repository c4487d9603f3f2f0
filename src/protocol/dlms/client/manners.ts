/**
 * How a meter writes its floats and times: some put their length before them, which the standard does not. It is found out by the first
 * value that reads one way only.
 */
import type { Manner } from "#protocol/dlms/data/decode.ts";
import { WireError } from "#wire/cursor.ts";

const LENGTHENED: Manner = { lengthened: true };
const STANDARD: Manner = {};

export class Manners {
  #known: Manner | undefined;

  /**
   * What was read. With lengths is tried first: a float that begins with its own length would be one of 10⁻³⁶. `sure` says of what
   * reads without them that it is whole, and no beginning of what has them.
   */
  read<T>(read: (manner: Manner) => T, sure: (found: T) => boolean = () => true): T {
    if (this.#known !== undefined) return read(this.#known);
    try {
      return read(LENGTHENED);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const found = read(STANDARD);
      // Both ways may go on with what is still to come.
      if (!sure(found)) throw error;
      this.#known = STANDARD;
      return found;
    }
  }
}
