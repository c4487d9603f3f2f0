/** Everything that waits for one master, across kinds in the order in which it was found. */
import { indications } from "#protocol/dnp3/application/indications.ts";
import type { DnpHost } from "./host.ts";
import type { EventBlocks } from "./event-blocks.ts";
import { EventQueue, type ChangeEvent } from "./event-queue.ts";
import { asksForKind, eventVariation, type EventRequest } from "./event-request.ts";
import { FreezeQueue } from "./freeze-queue.ts";

/** What an answer may report at most: what was there when it was asked for. */
export interface EventBound {
  readonly freezes: number;
  readonly changes: number;
}

const classBits = [indications.class1, indications.class2, indications.class3] as const;

export class MasterEvents {
  readonly #host: DnpHost;
  readonly #freezes: FreezeQueue;
  readonly #changes: EventQueue;

  constructor(host: DnpHost, reader: string) {
    this.#host = host;
    this.#freezes = new FreezeQueue(host, reader);
    this.#changes = new EventQueue(host.settings);
  }

  push(event: ChangeEvent): void {
    this.#changes.push(event);
  }

  look(): void {
    if (this.#host.settings.events.frozen !== undefined) this.#freezes.look();
  }

  /** The master reads: what waits for it is kept from here on. */
  begin(): void {
    if (this.#host.settings.events.frozen !== undefined) this.#freezes.begin();
  }

  /** Internal indications: classes with events that are in no response, and whether some were lost. */
  indications(): number {
    const { frozen } = this.#host.settings.events;
    let bits = this.#freezes.hasLost || this.#changes.hasLost ? indications.overflow : 0;
    if (frozen !== undefined && this.#freezes.hasPending) bits |= classBits[frozen.class - 1] ?? 0;
    if (this.#changes.has(1)) bits |= indications.class1;
    if (this.#changes.has(2)) bits |= indications.class2;
    if (this.#changes.has(3)) bits |= indications.class3;
    return bits;
  }

  bound(changes: number): EventBound {
    return { freezes: this.#freezes.seen, changes };
  }

  /** Writes events that are asked for, as many as there is room for: "all" of them, or the fragment is full. */
  report(blocks: EventBlocks, requests: readonly EventRequest[], bound: EventBound): "all" | "full" {
    const { events } = this.#host.settings;
    const forFreezes = requests.filter((request) => asksForKind(request, "frozen", events));
    this.#freezes.rewind(forFreezes);
    this.#changes.rewind();
    blocks.begin();
    for (;;) {
      const freeze = this.#freezes.peek(bound.freezes);
      const change = this.#changes.peek(requests, bound.changes);
      const isFreeze = freeze !== undefined && (change === undefined || freeze.number < change.event.freezes);
      const next = isFreeze ? freeze : change;
      if (next === undefined) return "all";
      const kind = isFreeze ? "frozen" : (change?.event.kind ?? "binary");
      if (!blocks.write(next.event, eventVariation(next.by, kind, events), next.by.wide)) return "full";
      next.by.left--;
      if (isFreeze) this.#freezes.take();
      else this.#changes.take();
    }
  }

  confirm(): void {
    this.#freezes.confirm();
    this.#changes.confirm();
  }

  release(): void {
    this.#freezes.release();
    this.#changes.release();
  }
}
