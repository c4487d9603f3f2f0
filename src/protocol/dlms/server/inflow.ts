/** Blocks of a long request until the last has come (Green Book 9.3.7, 9.3.8: block transfer from the client). */
import { Writer } from "#wire/cursor.ts";
import type { Block } from "#protocol/dlms/apdu/apdu.ts";

/** What a client may bring in one long SET or ACTION, bytes. */
export const MOST_GATHERED = 65_536;

export class Inflow {
  readonly #bytes = new Writer();
  #next = 1;

  /** Everything, when the last block has come; else whether more is awaited, or why no more is. */
  add({ last, number, bytes }: Block): Uint8Array | "more" | "out of order" | "too long" {
    if (number !== this.#next) return "out of order";
    if (this.#bytes.at + bytes.length > MOST_GATHERED) return "too long";
    this.#next++;
    // Copied: what is kept are these bytes alone, and not what they came in.
    this.#bytes.bytes(bytes);
    return last ? this.#bytes.done() : "more";
  }
}
