/**
 * Freezes as they wait for one master. They are not copied: a mark in the meter's own series tells how far the master has come, and of freezes that
 * are reported in part it is kept which counters are.
 */
import type { DnpHost, FrozenCounters } from "./host.ts";
import type { PointEvent } from "./event-blocks.ts";
import { askedBy, askedOf, type EventRequest } from "./event-request.ts";
import { blank, pointsOf, showCounter } from "./shown.ts";

/** Of one counter of a freeze: in no response, in one that is not confirmed, or done. */
const state = { pending: 0, reported: 1, done: 2 } as const;

interface Partly {
  readonly states: Uint8Array;
  pending: number;
  /** Counters that are not done. */
  left: number;
}

export class FreezeQueue {
  readonly #host: DnpHost;
  readonly #reader: string;
  /** The first freeze that is not done. */
  #mark: number;
  /** Freezes below are known. */
  #seen: number;
  readonly #partly = new Map<number, Partly>();
  /** Numbers of freezes with counters that are reported and not confirmed. */
  #reported = new Set<number>();
  /** Counters in `#partly` that are in no response. */
  #pending = 0;
  #lost = false;
  #requests: readonly EventRequest[] = [];
  /** Points that are asked for. */
  #asked: Uint8Array = new Uint8Array(0);
  /** Where an answer has come to. */
  #at = { freeze: 0, counter: 0 };
  #page: { readonly number: number; readonly freeze: FrozenCounters } | undefined;

  constructor(host: DnpHost, reader: string) {
    this.#host = host;
    this.#reader = reader;
    this.#mark = Math.min(host.mark(reader) ?? host.since, host.freezes.next);
    this.#seen = this.#mark;
  }

  /** The master has read: from here on its freezes wait through restarts, whether it has confirmed any or not. */
  begin(): void {
    if (this.#host.mark(this.#reader) === undefined) this.#host.mark(this.#reader, this.#mark);
  }

  get hasLost(): boolean {
    return this.#lost;
  }

  /** Freezes below this one are known to the master's session. */
  get seen(): number {
    return this.#seen;
  }

  get hasPending(): boolean {
    return this.#pending > 0 || this.#seen - this.#mark > this.#partly.size;
  }

  /** Takes notice of new freezes; of those that are too many the oldest are lost. */
  look(): void {
    const { freezes, settings } = this.#host;
    const { next, first } = freezes;
    if (next === this.#seen && first <= this.#mark) return;
    this.#seen = next;
    // Where no counters are configured a freeze shows nothing.
    if (pointsOf(this.#host.image(), "counter") === 0) {
      this.#skipTo(next);
      return;
    }
    const oldest = Math.max(first, next - settings.events.most.freezes);
    if (oldest <= this.#mark) return;
    this.#lost = true;
    this.#skipTo(Math.min(oldest, next));
  }

  #skipTo(mark: number): void {
    this.#mark = mark;
    for (const [number, { pending }] of this.#partly) {
      if (number >= mark) continue;
      this.#pending -= pending;
      this.#partly.delete(number);
      this.#reported.delete(number);
    }
  }

  /** An answer begins, or goes on: it is looked from the oldest on for what is asked for. */
  rewind(requests: readonly EventRequest[]): void {
    this.#requests = requests;
    this.#asked = askedOf(requests, requests.length === 0 ? 0 : pointsOf(this.#host.image(), "counter"));
    this.#at = { freeze: this.#mark, counter: 0 };
  }

  #freeze(number: number): FrozenCounters | undefined {
    if (this.#page?.number !== number) {
      const [freeze] = this.#host.freezes.page(number, 1);
      if (freeze === undefined || number < this.#host.freezes.first) return undefined;
      this.#page = { number, freeze };
    }
    return this.#page.freeze;
  }

  /** The next counter of a freeze below a bound that is asked for, and by what. */
  peek(below: number): { readonly number: number; readonly event: PointEvent; readonly by: EventRequest } | undefined {
    if (this.#requests.every(({ left }) => left <= 0)) return undefined;
    const end = Math.min(below, this.#seen);
    for (; this.#at.freeze < end; this.#at = { freeze: this.#at.freeze + 1, counter: 0 }) {
      const found = this.#next(this.#at.freeze);
      if (found !== undefined) return { number: this.#at.freeze, ...found };
    }
    return undefined;
  }

  /** Of one freeze; it is fetched where something of it is wanted. */
  #next(number: number): { readonly event: PointEvent; readonly by: EventRequest } | undefined {
    const partly = this.#partly.get(number);
    if (partly?.pending === 0) return undefined;
    const counters = partly?.states.length ?? this.#freeze(number)?.counters.flags.length ?? 0;
    for (; this.#at.counter < counters; this.#at.counter++) {
      const index = this.#at.counter;
      if (this.#asked[index] === 0 || (partly !== undefined && partly.states[index] !== state.pending)) continue;
      const by = askedBy(this.#requests, index);
      if (by === undefined) continue;
      const freeze = this.#freeze(number);
      if (freeze === undefined) return undefined;
      const event = { ...blank(), index, utc: freeze.utc, synchronised: freeze.synchronised };
      showCounter(freeze.counters, index, event);
      return { event, by };
    }
    return undefined;
  }

  /** What was last looked at is in a response. */
  take(): void {
    const { freeze: number, counter } = this.#at;
    const partly = this.#partly.get(number) ?? this.#begun(number);
    partly.states[counter] = state.reported;
    partly.pending--;
    this.#pending--;
    this.#reported.add(number);
    this.#at.counter++;
  }

  #begun(number: number): Partly {
    const counters = this.#freeze(number)?.counters.flags.length ?? 0;
    const partly = { states: new Uint8Array(counters), pending: counters, left: counters };
    this.#partly.set(number, partly);
    this.#pending += counters;
    return partly;
  }

  confirm(): void {
    if (this.#reported.size === 0) return;
    for (const number of this.#reported) {
      const partly = this.#partly.get(number);
      if (partly === undefined) continue;
      for (let k = 0; k < partly.states.length; k++) {
        if (partly.states[k] !== state.reported) continue;
        partly.states[k] = state.done;
        partly.left--;
      }
    }
    this.#reported = new Set();
    const before = this.#mark;
    while (this.#partly.get(this.#mark)?.left === 0) this.#partly.delete(this.#mark++);
    if (this.#mark === before) return;
    this.#host.mark(this.#reader, this.#mark);
    if (this.#seen - this.#mark < this.#host.settings.events.most.freezes) this.#lost = false;
  }

  release(): void {
    for (const number of this.#reported) {
      const partly = this.#partly.get(number);
      if (partly === undefined) continue;
      for (let k = 0; k < partly.states.length; k++) {
        if (partly.states[k] !== state.reported) continue;
        partly.states[k] = state.pending;
        partly.pending++;
        this.#pending++;
      }
    }
    this.#reported = new Set();
  }
}
