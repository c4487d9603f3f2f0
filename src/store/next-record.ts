/**
 * What the next record of the journal holds: what waits in drawers, and a share of all numbers of all meters, so that by the end of a
 * segment every one of them stands in it.
 */
import { limits } from "#quantity/limits.ts";
import type { Drawer } from "./drawer.ts";
import { EntryWriter } from "./journal-entry.ts";
import { FRONT } from "./segment-format.ts";
import { joined } from "./store.ts";

export class NextRecord {
  readonly #entries = new EntryWriter(FRONT);
  /** Drawers that have numbers, in order of their number in the journal. */
  readonly #numbered: Drawer[] = [];
  /** Layouts by their number in this segment. */
  readonly #layouts = new Map<string, number>();
  /** The next meter whose numbers all go into the segment; how many bytes those of all meters took. */
  #turn = 0;
  #wholeBytes = 0;
  #roundBytes = 0;
  /** Meters that the last record had all numbers of for the first time. */
  #unnamed: readonly Drawer[] = [];
  /** The next record has all numbers of all meters, as the first one of a run has, whatever became of those before it. */
  #isAnew = true;
  /** What is in this record besides what waited: where the next turn begins, how many bytes, whose numbers. */
  #share: { readonly turn: number; readonly bytes: number; readonly renewed: readonly Drawer[] } = NO_SHARE;

  /** With room for the front of the record. */
  get bytes(): Uint8Array {
    return this.#entries.bytes;
  }

  /** Whether there is a meter that has numbers. */
  get hasNumbers(): boolean {
    return this.#numbered.length > 0;
  }

  /** Whether a segment of so many bytes has everything, and is long enough. */
  isLast(size: number): boolean {
    return size > this.#longest && this.#turn >= this.#numbered.length;
  }

  get #longest(): number {
    return Math.max(limits.store.segmentBytes, limits.store.segmentTimes * this.#wholeBytes);
  }

  /** What comes from here on is in another segment. */
  beginSegment(): void {
    if (this.#roundBytes > 0) this.#wholeBytes = this.#roundBytes;
    this.#roundBytes = 0;
    this.#turn = 0;
    this.#layouts.clear();
  }

  /** Takes what waits in some drawers; false when that is nothing. */
  take(drawers: readonly Drawer[]): boolean {
    const entries = this.#entries;
    entries.clear();
    this.#share = { ...NO_SHARE, turn: this.#turn };
    for (const drawer of drawers) this.#enter(drawer);
    if (entries.isEmpty) return false;
    if (this.#isAnew) entries.all();
    const count = Math.ceil((this.#numbered.length * entries.size) / (this.#longest / 2));
    const turn = Math.min(this.#numbered.length, this.#turn + count);
    const plain = entries.size;
    const renewed = this.#numbered.slice(this.#turn, turn).filter(({ before }) => before !== undefined);
    for (const drawer of renewed) this.#enterWhole(drawer);
    this.#share = { turn, bytes: entries.size - plain, renewed };
    return true;
  }

  /**
   * Takes names and layouts of meters, again, if the record before this one had all their numbers: it may be the one that is damaged.
   * False when there is nothing to take.
   */
  takeNames(): boolean {
    this.#entries.clear();
    this.#share = { ...NO_SHARE, turn: this.#turn };
    const said = new Set<string>();
    for (const { id, meter, watched } of this.#unnamed) {
      if (watched === undefined) continue;
      const layout = this.#layoutOf(watched.layout);
      if (!said.has(watched.layout)) this.#entries.layout(layout, watched.layout);
      said.add(watched.layout);
      this.#entries.named(id, meter, layout);
    }
    return !this.#entries.isEmpty;
  }

  /** Takes all numbers of all meters, and the records that they have in memory; what waits beside them has been written. */
  takeAll(): void {
    this.#entries.clear();
    this.#layouts.clear();
    this.#share = { turn: this.#numbered.length, bytes: 0, renewed: this.#numbered };
    for (const drawer of this.#numbered) {
      this.#enterWhole(drawer);
      for (const [key, bytes] of drawer.held()) this.#entries.record(drawer.meter, key, bytes);
    }
  }

  /** It is on disk, with what waited in these drawers. */
  written(drawers: readonly Drawer[]): void {
    const { turn, bytes, renewed } = this.#share;
    this.#isAnew = false;
    this.#turn = turn;
    this.#roundBytes += bytes;
    this.#unnamed = drawers.filter(
      ({ dirty, before, watched }) => dirty && watched !== undefined && before === undefined,
    );
    for (const drawer of drawers) if (drawer.dirty) drawer.refresh();
    for (const drawer of renewed) drawer.refresh();
  }

  /** It could not be written: what a layout's number stood for may be lost with it. */
  failed(): void {
    this.#layouts.clear();
  }

  /** All numbers of all meters are to be written, with the next record. */
  forgetWritten(): void {
    this.#isAnew = true;
    this.#unnamed = [];
    for (const drawer of this.#numbered) {
      drawer.before = undefined;
      drawer.changed();
    }
  }

  #enter(drawer: Drawer): void {
    for (const [key, bytes] of drawer.records ?? []) this.#entries.record(drawer.meter, key, bytes);
    const { watched, before } = drawer;
    if (!drawer.dirty || watched === undefined) return;
    watched.fresh?.();
    if (before !== undefined) this.#entries.changes(drawer.id, watched, before);
    else {
      if (drawer.id < 0) drawer.id = this.#numbered.push(drawer) - 1;
      this.#enterWhole(drawer);
    }
  }

  #enterWhole(drawer: Drawer): void {
    const { watched } = drawer;
    if (watched === undefined) return;
    watched.fresh?.();
    const layout = this.#layoutOf(watched.layout);
    this.#entries.whole(drawer.id, drawer.meter, layout, joined(watched.blocks, watched.count));
  }

  #layoutOf(text: string): number {
    const known = this.#layouts.get(text);
    if (known !== undefined) return known;
    const layout = this.#layouts.size;
    this.#layouts.set(text, layout);
    this.#entries.layout(layout, text);
    return layout;
  }
}

const NO_SHARE = { turn: 0, bytes: 0, renewed: [] };
