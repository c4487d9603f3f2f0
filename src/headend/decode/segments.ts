/** Segments of APDUs as links cut them, by who sends them to whom. */

/** What segments that wait for their last may come to. */
const LONGEST = 1 << 20;

export class Segments {
  readonly #pieces = new Map<string, Uint8Array[]>();

  /** How many wait. */
  waiting(way: string): number {
    return this.#pieces.get(way)?.length ?? 0;
  }

  /** Another APDU begins: the rest of what waits does not come. */
  begin(way: string): void {
    this.#pieces.delete(way);
  }

  /** The APDU when the last has come, "too long" of what is given up, undefined while more are to come. */
  add(way: string, piece: Uint8Array, isLast: boolean): Uint8Array | "too long" | undefined {
    const pieces = [...(this.#pieces.get(way) ?? []), piece];
    const length = pieces.reduce((sum, one) => sum + one.length, 0);
    this.#pieces.delete(way);
    if (length > LONGEST) return "too long";
    if (!isLast) {
      this.#pieces.set(way, pieces);
      return undefined;
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const one of pieces) {
      whole.set(one, at);
      at += one.length;
    }
    return whole;
  }
}
