/**
 * What each trigger leaves, gathered: the voltage event that ends with it, and the recordings that belong to it. It is handed out when the
 * trigger is over and the recordings that it takes part in have ended. A trigger that is still on a minute after holds no recording back:
 * what there is is handed out, and its event follows as one of its own.
 */
import type { Captured, CaptureKind } from "#quantity/captured.ts";
import type { EventObserved, Observation, TakeObservation } from "#quantity/observation.ts";
import type { TriggerSettings } from "#revenue/settings/configuration.ts";
import { recordedBy } from "#revenue/settings/recordings.ts";
import { automatic, type EventLog } from "./event-log.ts";
import { notesOf } from "./recording-notes.ts";
import { mostTelling, ownerOf, type Taker } from "./recording-owner.ts";
import type { Instant } from "./trigger.ts";

/** How long what was recorded waits for the end of its trigger. */
const MOST_WAIT_MS = 60_000;

/** What records: triggers say when a cause begins and when it is over, in seconds of the source. */
export interface Recordings {
  /** Undefined where the kind is not recorded. */
  trigger(kind: CaptureKind, id: number, at: number): "began" | "joined" | undefined;
  clear(id: number, at: number): void;
  isRunning(kind: CaptureKind): boolean;
}

export interface ObservationsContext {
  readonly recordings: Recordings | undefined;
  readonly triggers: readonly Pick<TriggerSettings, "id" | "label" | "records">[];
  readonly log: EventLog;
  readonly elapsed: () => number;
  /** Of the line to primary, by what the meter is told of its transformers. */
  readonly scale: { readonly volts: number; readonly amps: number };
  /** Why nothing can be kept now; undefined when it can. */
  readonly trouble: () => string | undefined;
  readonly observe: TakeObservation | undefined;
}

/** A recording that is under way, or has ended and is not anybody's yet. */
interface Shared {
  readonly kind: CaptureKind;
  /** How often a trigger came in the cycles behind its causes. */
  again: number;
  captured: Captured | undefined;
  /** Elapsed time at which it ended. */
  endedAt: number;
}

/** Of a trigger that began, until it is handed out. */
interface Pending extends Taker {
  readonly trigger: Observation["trigger"];
  readonly utc: number;
  readonly value: number;
  isOn: boolean;
  event: EventObserved | undefined;
  captures: Captured[];
  /** The recordings that it takes part in and that are not anybody's yet. */
  readonly awaits: Set<Shared>;
  /** Elapsed time since which it waits for its trigger alone. */
  since: number;
}

export class Observations {
  readonly #context: ObservationsContext;
  readonly #pending = new Set<Pending>();
  readonly #on = new Map<number, Pending>();
  /** The recordings under way, and those that have ended while it is open whose they are. */
  readonly #running = new Map<CaptureKind, Shared>();
  readonly #open = new Set<Shared>();
  /** Recordings that nobody could keep, since they were told last; and why. */
  #lost = 0;
  #why = "";

  constructor(context: ObservationsContext) {
    this.#context = context;
  }

  /** A trigger begins: what it records begins, or it joins what is being recorded. */
  begin(trigger: TriggerSettings, { utc, at, value }: Instant & { readonly value: number }): void {
    const { id, label, records, transient } = trigger;
    const { recordings } = this.#context;
    const kinds = recordings === undefined ? [] : recordedBy(trigger);
    if (kinds.length === 0 && records === undefined) return;
    const pending: Pending = {
      trigger: { id, label },
      utc,
      value,
      records,
      isOn: true,
      event: undefined,
      captures: [],
      awaits: new Set(),
      since: Infinity,
    };
    this.#pending.add(pending);
    this.#on.set(id, pending);
    for (const kind of kinds) this.#record(kind, pending, at);
    // Of transients the cause is over at once.
    if (transient !== undefined) this.end(id, at);
  }

  #record(kind: CaptureKind, pending: Pending, at: number): void {
    const { recordings } = this.#context;
    let shared = this.#running.get(kind);
    if (shared === undefined || recordings?.isRunning(kind) !== true) {
      if (shared !== undefined) this.#release(shared);
      shared = { kind, again: 0, captured: undefined, endedAt: NaN };
      this.#running.set(kind, shared);
    } else if (!this.#takersOf(shared).some(({ isOn }) => isOn)) shared.again++;
    pending.awaits.add(shared);
    recordings?.trigger(kind, pending.trigger.id, at);
  }

  /** A trigger is over, with the event that it leaves. */
  end(id: number, at: number, event?: EventObserved): void {
    this.#context.recordings?.clear(id, at);
    const pending = this.#on.get(id);
    if (pending === undefined) return;
    this.#on.delete(id);
    pending.isOn = false;
    pending.event = event;
    for (const shared of pending.awaits) this.#decide(shared);
    this.#settle(pending);
  }

  /** A recording has ended. */
  captured(captured: Captured): void {
    const { log, elapsed } = this.#context;
    const shared = this.#running.get(captured.kind);
    this.#running.delete(captured.kind);
    const notes = notesOf(captured, shared?.again ?? 0);
    if (notes !== undefined) log.add("event", "recording", automatic, notes);
    const primary = this.#scaled(captured);
    if (shared === undefined) return this.#handOut(this.#orphanOf(primary));
    shared.captured = primary;
    shared.endedAt = elapsed();
    this.#open.add(shared);
    this.#decide(shared);
  }

  #takersOf(shared: Shared): readonly Pending[] {
    return [...this.#pending].filter(({ awaits }) => awaits.has(shared));
  }

  /** Gives a recording that has ended to whom it belongs, once that is known; `isLate` when it is not waited for any more. */
  #decide(shared: Shared, isLate = false): void {
    const { captured } = shared;
    if (captured === undefined) return;
    const takers = this.#takersOf(shared);
    const owner = ownerOf(takers, isLate);
    if (owner === undefined && takers.length > 0) return;
    this.#open.delete(shared);
    if (owner === undefined) this.#handOut(this.#orphanOf(captured));
    else owner.captures.push(captured);
    this.#release(shared);
  }

  /** What was recorded for a meter that was configured otherwise since. */
  #orphanOf(captured: Captured): Observation {
    const { utc, at, triggeredAt } = captured;
    const settings = this.#context.triggers;
    const id = mostTelling(captured.triggers, settings);
    const label = settings.find((one) => one.id === id)?.label ?? "";
    const then = utc + 1000 * (triggeredAt - at);
    return { utc: then, trigger: { id, label }, value: undefined, event: undefined, captures: [captured] };
  }

  #scaled(captured: Captured): Captured {
    const { volts, amps } = this.#context.scale;
    if (volts === 1 && amps === 1) return captured;
    captured.names.forEach((name, c) => {
      const factor = name.endsWith(".angle") ? 1 : name.startsWith("V") ? volts : amps;
      const channel = captured.channels[c];
      if (factor !== 1 && channel !== undefined) channel.forEach((value, k) => void (channel[k] = value * factor));
    });
    return captured;
  }

  /** Nobody waits for a recording any more. */
  #release(shared: Shared): void {
    if (this.#running.get(shared.kind) === shared) this.#running.delete(shared.kind);
    for (const pending of this.#takersOf(shared)) {
      pending.awaits.delete(shared);
      if (pending.awaits.size === 0)
        pending.since = shared.captured === undefined ? this.#context.elapsed() : shared.endedAt;
      this.#settle(pending);
    }
  }

  /** Hands out what is complete. */
  #settle(pending: Pending): void {
    if (pending.isOn || pending.awaits.size > 0) return;
    if (this.#pending.delete(pending)) this.#tell(pending);
  }

  #tell({ trigger, utc, value, event, captures }: Pending): void {
    if (event === undefined && captures.length === 0) return;
    this.#handOut({ trigger, utc, value: Number.isNaN(value) ? undefined : value, event, captures });
  }

  #handOut(observation: Observation): void {
    const { trouble, observe } = this.#context;
    if (observe === undefined) return;
    const why = observation.captures.length === 0 ? undefined : trouble();
    if (why === undefined) return observe(observation);
    this.#lost += observation.captures.length;
    this.#why = why;
    if (observation.event !== undefined) observe({ ...observation, captures: [] });
  }

  /** Elapsed time has come so far: what has waited long enough is handed out, and what was lost is told when it can be. */
  tick(): void {
    const { recordings, log, elapsed, trouble } = this.#context;
    if (this.#lost > 0 && trouble() === undefined) {
      log.add("event", "recording lost", automatic, { recordings: this.#lost, reason: this.#why });
      this.#lost = 0;
    }
    if (this.#pending.size === 0) return;
    const now = elapsed();
    // One that had nothing to record, behind a gap, ends without a word.
    for (const shared of this.#running.values()) if (recordings?.isRunning(shared.kind) !== true) this.#release(shared);
    for (const shared of this.#open) if (now >= shared.endedAt + MOST_WAIT_MS) this.#decide(shared, true);
    for (const pending of this.#pending) {
      if (!pending.isOn || pending.captures.length === 0 || now < pending.since + MOST_WAIT_MS) continue;
      this.#tell(pending);
      pending.captures = [];
      if (pending.records === undefined) this.#pending.delete(pending);
    }
  }

  /** The meter does not go on as it was: what there is is handed out, and what is still recorded becomes one of its own. */
  flush(): void {
    for (const shared of this.#open) this.#decide(shared, true);
    for (const pending of this.#pending) this.#tell(pending);
    this.#pending.clear();
    this.#on.clear();
    this.#running.clear();
  }
}
