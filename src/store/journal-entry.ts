/**
 * What a record of the journal holds: for each meter what changed of its numbers, or all of them, and its named records.
 * Values are whole, never differences: a record that is lost costs what it alone knew.
 */
import { countOf, placesOf, type Numbers, type Place, type StoredNumbers } from "./store.ts";

/** Kinds of entries; what one means never changes. */
const entry = { layout: 1, whole: 2, changes: 3, record: 4, removed: 5, alike: 6, named: 7, all: 8 } as const;

/** Bytes of a record from which on others that have the very same name it. */
const LONG = 256;

/** What a start writes of all meters at once is no reason to hold as much for good. */
const MOST_KEPT = 1 << 20;

const text = { encode: new TextEncoder(), decode: new TextDecoder() };

/** Writes entries into bytes that it keeps and uses again; `room` bytes at the front are its owner's. */
export class EntryWriter {
  readonly #room: number;
  #bytes: Uint8Array;
  #view: DataView;
  #at: number;
  /** Long records of this journal record, by their bytes: which of them it was. */
  readonly #long = new Map<Uint8Array, number>();

  constructor(room: number) {
    this.#room = room;
    this.#bytes = new Uint8Array(1 << 12);
    this.#view = new DataView(this.#bytes.buffer);
    this.#at = room;
  }

  get isEmpty(): boolean {
    return this.#at === this.#room;
  }

  /** Bytes of entries. */
  get size(): number {
    return this.#at - this.#room;
  }

  /** The room at the front and the entries. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    const isMuch = this.#bytes.length > MOST_KEPT && this.#bytes.length > 8 * this.#at;
    this.#at = this.#room;
    this.#long.clear();
    if (!isMuch) return;
    this.#bytes = new Uint8Array(MOST_KEPT);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #reserve(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * (this.#at + count));
    bytes.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  /** Seven bits a byte, the least significant first. */
  #count(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  #blob(bytes: Uint8Array): void {
    this.#reserve(bytes.length + 5);
    this.#count(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #begin(kind: number): void {
    this.#reserve(32);
    this.#bytes[this.#at++] = kind;
  }

  /** A layout's number, from here on in this segment. */
  layout(id: number, layout: string): void {
    this.#begin(entry.layout);
    this.#count(id);
    this.#blob(text.encode.encode(layout));
  }

  /** All numbers of a meter, which has this number from here on in this run. */
  whole(id: number, meter: string, layout: number, values: Float64Array): void {
    this.#begin(entry.whole);
    this.#count(id);
    this.#count(layout);
    this.#blob(text.encode.encode(meter));
    const bits = Math.ceil(values.length / 8);
    this.#reserve(5 + bits + 8 * values.length);
    this.#count(values.length);
    // Most of a meter's numbers are zero: a bit says which are not.
    const mask = this.#at;
    this.#bytes.fill(0, mask, mask + bits);
    this.#at += bits;
    for (let k = 0; k < values.length; k++) {
      const value = values[k] ?? 0;
      if (value === 0) continue;
      this.#bytes[mask + (k >> 3)] = (this.#bytes[mask + (k >> 3)] ?? 0) | (1 << (k & 7));
      this.#view.setFloat64(this.#at, value);
      this.#at += 8;
    }
  }

  /**
   * Says again which meter has a number and what its numbers are called: the record with the first of all its numbers may be the one
   * that is damaged.
   */
  named(id: number, meter: string, layout: number): void {
    this.#begin(entry.named);
    this.#count(id);
    this.#count(layout);
    this.#blob(text.encode.encode(meter));
  }

  /** Those of a meter's numbers that are not as they were before; nothing where all are. */
  changes(id: number, { blocks }: Numbers, before: Float64Array): void {
    const start = this.#at;
    this.#reserve(32 + 13 * before.length);
    this.#bytes[this.#at++] = entry.changes;
    this.#count(id);
    const first = this.#at;
    let last = -1;
    let offset = 0;
    for (const block of blocks) {
      const most = Math.min(block.length, before.length - offset);
      for (let k = 0; k < most; k++) {
        const value = block[k] ?? 0;
        const old = before[offset + k] ?? 0;
        if (value === old || (value !== value && old !== old)) continue;
        // How many places further than the one before: 0 ends the list.
        this.#count(offset + k - last);
        last = offset + k;
        this.#view.setFloat64(this.#at, value);
        this.#at += 8;
      }
      offset += block.length;
    }
    if (this.#at === first) this.#at = start;
    else this.#count(0);
  }

  /** The last entry of a record that has all numbers of all meters: of those, nothing before it is needed. */
  all(): void {
    this.#begin(entry.all);
  }

  record(meter: string, key: string, bytes: Uint8Array | undefined): void {
    const earlier = bytes === undefined ? undefined : this.#long.get(bytes);
    this.#begin(bytes === undefined ? entry.removed : earlier === undefined ? entry.record : entry.alike);
    this.#blob(text.encode.encode(meter));
    this.#blob(text.encode.encode(key));
    if (earlier !== undefined) {
      this.#reserve(5);
      this.#count(earlier);
    } else if (bytes !== undefined) {
      this.#blob(bytes);
      if (bytes.length >= LONG) this.#long.set(bytes, this.#long.size);
    }
  }
}

/** Whoever takes entries as they are read. */
export interface EntryTaker {
  whole(meter: string, numbers: StoredNumbers): void;
  /** All numbers that a meter has by now; undefined where its whole was before what is read. */
  numbers(meter: string): StoredNumbers | undefined;
  record(meter: string, key: string, bytes: Uint8Array | undefined): void;
  /** What was read has all numbers of all meters. */
  all(): void;
}

/** Reads the entries of records, in order; what numbers stand for is remembered from one to the next. */
export class EntryReader {
  readonly #taker: EntryTaker;
  readonly #layouts = new Map<number, ReadonlyMap<string, Place>>();
  /** Places by the text of their layout: meters of a kind share them. */
  readonly #places = new Map<string, ReadonlyMap<string, Place>>();
  readonly #meters = new Map<number, string>();
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #at = 0;
  /** Long records of this journal record, in order. */
  #long: Uint8Array[] = [];

  constructor(taker: EntryTaker) {
    this.#taker = taker;
  }

  /** Another run: its numbers of meters are its own. */
  begin(): void {
    this.#layouts.clear();
    this.#meters.clear();
  }

  /** Throws an Error for bytes that are no entries; what came before them has been taken. */
  read(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#long = [];
    for (this.#at = 0; this.#at < bytes.length;) {
      const kind = bytes[this.#at++];
      if (kind === entry.changes) this.#changes();
      else if (kind === entry.whole) this.#whole();
      else if (kind === entry.layout) this.#layout();
      else if (kind === entry.record) this.#record();
      else if (kind === entry.alike) this.#alike();
      else if (kind === entry.named) this.#named();
      else if (kind === entry.all) this.#taker.all();
      else if (kind === entry.removed) this.#taker.record(this.#text(), this.#text(), undefined);
      else throw new Error(`no entry begins with ${kind}`);
    }
  }

  #count(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || shift > 28) throw new Error("a count goes on past the end");
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  #blob(): Uint8Array {
    const size = this.#count();
    if (this.#at + size > this.#bytes.length) throw new Error("a text goes on past the end");
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  #text(): string {
    return text.decode.decode(this.#blob());
  }

  #record(): void {
    const [meter, key, bytes] = [this.#text(), this.#text(), this.#blob().slice()];
    if (bytes.length >= LONG) this.#long.push(bytes);
    this.#taker.record(meter, key, bytes);
  }

  #alike(): void {
    const [meter, key] = [this.#text(), this.#text()];
    const bytes = this.#long[this.#count()];
    if (bytes === undefined) throw new Error(`the record ${key} is like one that is not there`);
    this.#taker.record(meter, key, bytes);
  }

  #layout(): void {
    const id = this.#count();
    const layout = this.#text();
    const places = this.#places.get(layout) ?? placesOf(layout);
    // One object for each text: what is the same has the same.
    this.#places.set(layout, places);
    this.#layouts.set(id, places);
  }

  #whole(): void {
    const id = this.#count();
    const places = this.#layouts.get(this.#count());
    const meter = this.#text();
    const values = new Float64Array(this.#count());
    const mask = this.#at;
    this.#at += Math.ceil(values.length / 8);
    for (let k = 0; k < values.length; k++) {
      if (((this.#bytes[mask + (k >> 3)] ?? 0) & (1 << (k & 7))) === 0) continue;
      values[k] = this.#view.getFloat64(this.#at);
      this.#at += 8;
    }
    // The record with its layout is the one that is lost: another whole comes with the next segment.
    if (places === undefined || countOf(places) !== values.length) return;
    this.#meters.set(id, meter);
    this.#taker.whole(meter, { places, values });
  }

  #named(): void {
    const id = this.#count();
    const places = this.#layouts.get(this.#count());
    const meter = this.#text();
    if (places === undefined) return;
    this.#meters.set(id, meter);
    const known = this.#taker.numbers(meter);
    if (known?.places === places) return;
    this.#taker.whole(meter, { places, values: carried(places, known) });
  }

  #changes(): void {
    const meter = this.#meters.get(this.#count());
    const values = meter === undefined ? undefined : this.#taker.numbers(meter)?.values;
    let at = -1;
    for (let step = this.#count(); step > 0; step = this.#count()) {
      at += step;
      const value = this.#view.getFloat64(this.#at);
      this.#at += 8;
      if (values !== undefined && at < values.length) values[at] = value;
    }
  }
}

/** What was known under the names that there are now; 0 of what was not. */
function carried(places: ReadonlyMap<string, Place>, known: StoredNumbers | undefined): Float64Array {
  const values = new Float64Array(countOf(places));
  for (const [name, { at, count }] of places) {
    const before = known?.places.get(name);
    if (known === undefined || before === undefined) continue;
    values.set(known.values.subarray(before.at, before.at + Math.min(count, before.count)), at);
  }
  return values;
}
