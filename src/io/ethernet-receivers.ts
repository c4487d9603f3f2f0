/** Who wants the frames of a port: by EtherType and destination, however many there are. */
import { etherTypeOf, macNumber } from "./ethernet-frame.ts";
import type { EthernetFrame } from "./ethernet.ts";

type Run = (frame: EthernetFrame) => void;

/** Frames to every destination. */
const ANY = -1;

export class EthernetReceivers {
  /** Of each EtherType, who wants frames to which destination. A list is never changed: who leaves while a frame is handed on does no harm. */
  readonly #of = new Map<number, Map<number, readonly Run[]>>();

  get etherTypes(): readonly number[] {
    return [...this.#of.keys()];
  }

  add(etherType: number, destination: Uint8Array | undefined, run: Run): () => void {
    const to = destination === undefined ? ANY : macNumber(destination);
    const all = this.#of.get(etherType) ?? new Map<number, readonly Run[]>();
    this.#of.set(etherType, all);
    // Somebody who is there twice is there twice.
    const own: Run = (frame) => run(frame);
    all.set(to, [...(all.get(to) ?? []), own]);
    return () => {
      const left = (all.get(to) ?? []).filter((one) => one !== own);
      if (left.length > 0) all.set(to, left);
      else all.delete(to);
      if (all.size === 0 && this.#of.get(etherType) === all) this.#of.delete(etherType);
    };
  }

  /** Hands on a frame, without its tag. */
  hand(frame: EthernetFrame): void {
    const all = this.#of.get(etherTypeOf(frame.bytes) ?? -1);
    if (all === undefined) return;
    const everywhere = all.get(ANY);
    const here = all.get(macNumber(frame.bytes));
    for (const run of everywhere ?? []) run(frame);
    for (const run of here ?? []) run(frame);
  }
}
