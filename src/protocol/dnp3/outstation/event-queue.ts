/** Events of points that changed, as they wait for one master: bounded, oldest first, the oldest lost first. */
import type { EventClass, OutstationSettings } from "./host.ts";
import type { PointEvent } from "./event-blocks.ts";
import { askedBy, asksForKind, type EventRequest } from "./event-request.ts";
import type { EventKind } from "./kinds.ts";

export type ChangeKind = Exclude<EventKind, "frozen">;

export interface ChangeEvent extends PointEvent {
  readonly kind: ChangeKind;
  readonly class: EventClass;
  /** Events are numbered as they are found. */
  readonly number: number;
  /** Freezes with a number below this one came before it: the clock may have been set between them. */
  readonly freezes: number;
}

interface Waiting {
  readonly event: ChangeEvent;
  /** It is in a response that is not confirmed. */
  reported: boolean;
}

export class EventQueue {
  readonly #most: number;
  readonly #events: OutstationSettings["events"];
  #waiting: Waiting[] = [];
  /** How many of each class are in no response. */
  readonly #pending: [number, number, number] = [0, 0, 0];
  #next = 0;
  #lost = false;

  constructor({ events }: Pick<OutstationSettings, "events">) {
    this.#events = events;
    this.#most = events.most.others;
  }

  /** An event was lost, and there has been no room since. */
  get hasLost(): boolean {
    return this.#lost;
  }

  has(eventClass: EventClass): boolean {
    return this.#pending[eventClass - 1] !== 0;
  }

  push(event: ChangeEvent): void {
    if (this.#most <= 0) return;
    if (this.#waiting.length >= this.#most) {
      const oldest = this.#waiting.shift();
      if (oldest?.reported === false) this.#count(oldest.event, -1);
      if (this.#next > 0) this.#next--;
      this.#lost = true;
    }
    this.#waiting.push({ event, reported: false });
    this.#count(event, 1);
  }

  #count({ class: eventClass }: ChangeEvent, by: 1 | -1): void {
    const at = eventClass === 1 ? 0 : eventClass === 2 ? 1 : 2;
    this.#pending[at] += by;
  }

  /** An answer begins, or goes on: it is looked from the oldest on. */
  rewind(): void {
    this.#next = 0;
  }

  /** The next event that is asked for, numbered below a bound, and by what. */
  peek(
    requests: readonly EventRequest[],
    below: number,
  ): { readonly event: ChangeEvent; readonly by: EventRequest } | undefined {
    for (; this.#next < this.#waiting.length; this.#next++) {
      const waiting = this.#waiting[this.#next];
      if (waiting === undefined || waiting.event.number >= below) return undefined;
      if (waiting.reported) continue;
      const { event } = waiting;
      const of = requests.filter((request) => asksForKind(request, event.kind, this.#events));
      const by = askedBy(of, event.index);
      if (by !== undefined) return { event, by };
    }
    return undefined;
  }

  /** What was last looked at is in a response. */
  take(): void {
    const waiting = this.#waiting[this.#next++];
    if (waiting === undefined) return;
    waiting.reported = true;
    this.#count(waiting.event, -1);
  }

  /** What was reported has arrived. */
  confirm(): void {
    this.#waiting = this.#waiting.filter(({ reported }) => !reported);
    if (this.#waiting.length < this.#most) this.#lost = false;
    this.#next = 0;
  }

  /** What was reported has not arrived, as far as is known: it waits again. */
  release(): void {
    for (const waiting of this.#waiting) {
      if (!waiting.reported) continue;
      waiting.reported = false;
      this.#count(waiting.event, 1);
    }
    this.#next = 0;
  }
}
