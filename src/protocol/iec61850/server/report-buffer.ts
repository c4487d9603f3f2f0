/**
 * The buffer of a buffered report control block (IEC 61850-7-2, 17.2.3): entries in their order, the last ones that there is room for. Events
 * lie in the meter's store, too, once a client has taken the block; pictures of all members (integrity, general interrogation) do not: one
 * made later is as good.
 */
import { BerReader } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import type { ReportStore } from "./host.ts";
import type { MemberOctets } from "./report-watch.ts";

export type EntryKind = "event" | "integrity" | "interrogation";

export interface Entry {
  /** Grows from entry to entry; 53 bits at most. On the wire it is the EntryID. */
  readonly id: number;
  readonly kind: EntryKind;
  /** When it happened: UTC milliseconds. */
  readonly utc: number;
  /** Of each member of the data set, why it is there (triggerBits); 0 where it is not. */
  readonly reasons: Uint8Array;
  /** Values of those that are there, in their order, as MMS has them. */
  readonly values: Uint8Array;
  /** The event before it: who has got that one, or a picture behind it, has missed nothing. */
  readonly before: number;
}

export interface BufferSize {
  readonly entries: number;
  readonly octets: number;
}

/** Numbers of entries in a run of the meter begin with the millisecond of the first one, times this; what is behind that is counted. */
const RUN = 1024;
/** The year 2109: what has room in 53 bits, whatever a clock says. */
const LAST_MS = 2 ** 42;

export class ReportBuffer {
  readonly #store: ReportStore;
  readonly #prefix: string;
  readonly #size: BufferSize;
  #entries: Entry[] = [];
  #octets = 0;
  /** Of settings and data set: entries that were made with others are void. */
  #fingerprint = 0;
  #isKept = false;
  /** The last number that was given, and the last of those that are known from before the meter started anew. */
  #last = 0;
  #restored = 0;
  /** Whether this run has given one. */
  #hasBegun = false;
  /** Before it there has been none that anybody knows of; undefined as long as there is none. */
  #first: number | undefined;
  #lastEvent = 0;
  /** The last event that has been pushed out, or purged: who has got no further has lost some. */
  #lost = 0;
  /** The last one that was sent since the block was enabled. */
  #sent = 0;
  #overflow = false;

  constructor(store: ReportStore, prefix: string, size: BufferSize) {
    this.#store = store;
    this.#prefix = prefix;
    this.#size = size;
  }

  get last(): number {
    return this.#last;
  }

  /** The last entry that there is; 0 of none. */
  get newest(): number {
    return this.#entries.at(-1)?.id ?? 0;
  }

  /** The last that was sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Whether events have been lost that would have been sent: until `told`. */
  get overflow(): boolean {
    return this.#overflow;
  }

  /** What was kept: entries of this fingerprint only. `last` is of the block's own record. */
  restore(fingerprint: number, last: number, members: number): void {
    this.#fingerprint = fingerprint;
    this.#isKept = true;
    const kept = Array.from(this.#store.entries(this.#prefix)).toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, octets] of kept) {
      const entry = decodeEntry(Number.parseInt(key.slice(this.#prefix.length), 16), octets, fingerprint, members);
      if (entry === undefined) this.#store.remove(key);
      else {
        this.#entries.push(entry);
        this.#octets += octetsOf(entry);
      }
    }
    this.#last = Math.max(last, this.#entries.at(-1)?.id ?? 0);
    this.#restored = this.#last;
    this.#lastEvent = this.#last;
    this.#lost = this.#entries[0]?.before ?? this.#last;
    this.#first = this.#lost;
    // Some have been pushed out: whether they had been sent nobody knows any more.
    this.#overflow = this.#lost > last;
    this.#trim();
  }

  /** From now on entries are made with these settings; those that were made with others go. */
  begin(fingerprint: number): void {
    this.#fingerprint = fingerprint;
    this.purge();
  }

  /** From now on events are kept in the store, and numbers of entries are known: none is before `now`, by the meter's clock. */
  keep(now: number): void {
    this.#isKept = true;
    if (!this.#hasBegun) {
      this.#last = Math.max(this.#last, millisecond(now) * RUN);
      this.#first = this.#last;
      this.#lastEvent = this.#last;
    }
    for (const entry of this.#entries) this.#put(entry);
  }

  /** `utc` is of the event, `now` of the meter's clock. */
  add(kind: EntryKind, utc: number, now: number, reasons: Uint8Array, values: Uint8Array): void {
    // An older picture of all members tells nothing that this one does not.
    if (kind !== "event") this.#drop(this.#entries.findIndex((entry) => entry.kind === kind));
    // Who fails before its entries are in the store begins a run of its own: no number stands for two entries.
    const id = this.#hasBegun ? this.#last + 1 : Math.max(Math.floor(this.#last / RUN) + 1, millisecond(now)) * RUN;
    this.#hasBegun = true;
    const entry = { id, kind, utc, reasons, values, before: this.#lastEvent };
    this.#last = id;
    if (kind === "event") this.#lastEvent = id;
    this.#first ??= id;
    this.#entries.push(entry);
    this.#octets += octetsOf(entry);
    this.#put(entry);
    this.#trim();
  }

  purge(): void {
    for (const entry of this.#entries) this.#remove(entry);
    this.#entries = [];
    this.#octets = 0;
    this.#lost = this.#last;
    this.#lastEvent = this.#last;
    this.#overflow = false;
  }

  /** The next that has not been sent. */
  next(): Entry | undefined {
    return this.#entries[this.#indexBehind(this.#sent)];
  }

  told({ id }: Entry): void {
    this.#sent = id;
    this.#overflow = false;
  }

  /** Goes back to the oldest. Who has not said where he is may have missed what was before it. */
  rewind(mayHaveMissed: boolean): void {
    this.#sent = 0;
    this.#overflow ||= mayHaveMissed;
  }

  /** Goes to behind an entry that a client has got; false where it is not known, or where some behind it have been lost. */
  resume(id: number, now: number): boolean {
    // What was sent and then lost in a failure of the power is there no more; what came behind it is.
    const isOfLostRun = this.#restored > 0 && !this.#hasBegun && id < millisecond(now) * RUN;
    const isKnown = id > 0 && id >= this.#lost && id >= (this.#first ?? 0) && (id <= this.#last || isOfLostRun);
    if (!isKnown) this.rewind(true);
    else {
      this.#sent = id;
      this.#overflow = false;
    }
    return isKnown;
  }

  /** When an entry happened; undefined of one that is no longer there. */
  utcOf(id: number): number | undefined {
    const entry = this.#entries[this.#indexBehind(id) - 1];
    return entry?.id === id ? entry.utc : undefined;
  }

  /** Where the first one with a greater number stands. */
  #indexBehind(id: number): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle]?.id ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #trim(): void {
    while (this.#entries.length > this.#size.entries || this.#octets > this.#size.octets) {
      const [oldest] = this.#entries;
      if (oldest === undefined) return;
      this.#drop(0);
      if (oldest.kind !== "event") continue;
      this.#lost = oldest.id;
      if (oldest.id > this.#sent) this.#overflow = true;
    }
  }

  #drop(index: number): void {
    if (index < 0) return;
    const [entry] = this.#entries.splice(index, 1);
    if (entry === undefined) return;
    this.#octets -= octetsOf(entry);
    this.#remove(entry);
  }

  #put(entry: Entry): void {
    if (this.#isKept && entry.kind === "event")
      this.#store.put(this.#key(entry), encodeEntry(entry, this.#fingerprint));
  }

  #remove(entry: Entry): void {
    if (this.#isKept && entry.kind === "event") this.#store.remove(this.#key(entry));
  }

  #key({ id }: Entry): string {
    return this.#prefix + id.toString(16).padStart(16, "0");
  }
}

function millisecond(utc: number): number {
  return Math.min(Math.max(Math.floor(utc), 0), LAST_MS);
}

/** Fingerprint, instant, the event before, how many members there are; behind them why each is there, and values. */
const HEAD = 22;

function octetsOf({ reasons, values }: Entry): number {
  return HEAD + reasons.length + values.length;
}

function encodeEntry(entry: Entry, fingerprint: number): Uint8Array {
  const { utc, reasons, values, before } = entry;
  const octets = new Uint8Array(octetsOf(entry));
  const view = new DataView(octets.buffer);
  view.setUint32(0, fingerprint);
  view.setFloat64(4, utc);
  view.setFloat64(12, before);
  view.setUint16(20, reasons.length);
  octets.set(reasons, HEAD);
  octets.set(values, HEAD + reasons.length);
  return octets;
}

/** Undefined of what is none of this fingerprint. */
function decodeEntry(id: number, octets: Uint8Array, fingerprint: number, members: number): Entry | undefined {
  if (!Number.isSafeInteger(id) || octets.length < HEAD + members) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  if (view.getUint32(0) !== fingerprint || view.getUint16(20) !== members) return undefined;
  const reasons = octets.slice(HEAD, HEAD + members);
  const values = octets.slice(HEAD + members);
  if (startsOf(reasons, values) === undefined) return undefined;
  return { id, kind: "event", utc: view.getFloat64(4), reasons, values, before: view.getFloat64(12) };
}

/** Values of members that have a reason, one after the other. */
export function packed(reasons: Uint8Array, { bytes, starts }: MemberOctets): Uint8Array {
  let length = 0;
  for (let k = 0; k < reasons.length; k++) if (reasons[k] !== 0) length += (starts[k + 1] ?? 0) - (starts[k] ?? 0);
  const values = new Uint8Array(length);
  let at = 0;
  for (let k = 0; k < reasons.length; k++) {
    if (reasons[k] === 0) continue;
    const value = bytes.subarray(starts[k], starts[k + 1]);
    values.set(value, at);
    at += value.length;
  }
  return values;
}

/** Where the value of each member begins, and where the last ends; undefined where there are not as many. */
export function startsOf(reasons: Uint8Array, values: Uint8Array): Uint32Array | undefined {
  const starts = new Uint32Array(reasons.length + 1);
  const reader = new BerReader(values);
  try {
    for (let k = 0; k < reasons.length; k++) {
      if (reasons[k] !== 0 && !reader.next()) return undefined;
      starts[k + 1] = reader.at;
    }
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
  return reader.at === values.length ? starts : undefined;
}

export function entryIdOctets(id: number): Uint8Array {
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigUint64(0, BigInt(id));
  return octets;
}

/** Undefined of what no entry has as its number. */
export function idOf(octets: Uint8Array): number | undefined {
  if (octets.length !== 8) return undefined;
  const id = new DataView(octets.buffer, octets.byteOffset, 8).getBigUint64(0);
  return id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : undefined;
}
