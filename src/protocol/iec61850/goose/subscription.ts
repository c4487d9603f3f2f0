/**
 * Follows one GOOSE control block of somebody else (IEC 61850-7-2, 18.2.3; of what LGOS in 7-4 tells of one): which messages count, in which order
 * states come, and when its publisher is gone. What does not count is counted, and changes nothing.
 */
import { WireError } from "#wire/cursor.ts";
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Data } from "#protocol/iec61850/mms/data.ts";
import type { IedTime } from "#protocol/iec61850/model/value.ts";
import { MOST_NUMBER, readAllData, type GooseHead, type GoosePdu } from "./goose-pdu.ts";

/** A message that says it counts for longer counts for so long: nobody can make it count for weeks. */
const MOST_LIVE_MS = 120_000;

export interface SubscriptionSettings {
  /** "JEM01MTR/LLN0$GO$gcbDI". */
  readonly controlBlock: string;
  /** What a message has to say besides; undefined where anything will do. */
  readonly appId?: number | undefined;
  readonly goId?: string | undefined;
  readonly dataSet?: string | undefined;
  readonly configRevision?: number | undefined;
  readonly entries?: number | undefined;
}

/** A message, and where it comes from. */
export interface Received {
  readonly pdu: GoosePdu;
  readonly appId: number;
  /** The frame, or its session, says that it is a simulation. */
  readonly simulated: boolean;
  /** "AA-32-B1-40-CF-2E", or an address and port. */
  readonly source: string;
}

export const subscriptionCounts = () => ({
  /** Messages that counted, and states among them. */
  taken: 0,
  states: 0,
  /** Repetitions and states that never came. */
  lost: 0,
  lostStates: 0,
  duplicates: 0,
  /** Older than what has come already. */
  outOfOrder: 0,
  /** Publishers that began anew. */
  restarts: 0,
  /** Times that the publisher was gone. */
  expired: 0,
  /** Of another publisher, while this one is there. */
  foreign: 0,
  /** Simulations where those do not count, or what is none where they do. */
  simulations: 0,
  /** Of another configuration, or with values that are none. */
  mismatched: 0,
  malformed: 0,
});
export type SubscriptionCounts = ReturnType<typeof subscriptionCounts>;

export interface SubscriptionState {
  /** "waiting" before the first message; "expired" when none came in time; "mismatched" when the last one was of another configuration. */
  readonly status: "waiting" | "good" | "expired" | "mismatched";
  /** What does not fit, in words. */
  readonly why?: string | undefined;
  /** Nothing that counts has come within the time of the last message that did. */
  readonly isGone: boolean;
  readonly source?: string | undefined;
  readonly simulated: boolean;
  readonly needsCommissioning: boolean;
  readonly head?: GooseHead | undefined;
  /** Of the last state; they are still here when it has expired. */
  readonly values?: readonly Data[] | undefined;
}

export interface SubscriptionOptions {
  readonly clock: Clock;
  /** Whether simulations count: LPHD.Sim of who subscribes. */
  readonly acceptsSimulation: () => boolean;
  /** A new state has come, or the publisher is gone or does not fit any more. */
  readonly changed: (state: SubscriptionState) => void;
  /** A message has come from another sender than the one that is followed. */
  readonly foreign?: (source: string, followed: string) => void;
}

/** Of what has come last that counted. */
interface Last {
  readonly source: string;
  readonly stNum: number;
  readonly sqNum: number;
  readonly t: IedTime;
}

export class Subscription {
  readonly settings: SubscriptionSettings;
  readonly counts = subscriptionCounts();
  readonly #options: SubscriptionOptions;
  /** Undefined before there was one, and when its time is over. */
  #last: Last | undefined;
  #state: SubscriptionState = { status: "waiting", isGone: false, simulated: false, needsCommissioning: false };
  /** When what has come last does not count any more. */
  #deadline = 0;
  #timer: Cancel | undefined;
  /** A simulation has come while they count: from here on what is none does not, until they do not count any more. */
  #followsSimulation = false;

  constructor(settings: SubscriptionSettings, options: SubscriptionOptions) {
    this.settings = settings;
    this.#options = options;
  }

  get state(): SubscriptionState {
    return this.#state;
  }

  take({ pdu, appId, simulated: bySender, source }: Received): void {
    const simulated = bySender || pdu.simulated;
    if (!this.#isOurs(simulated)) {
      this.counts.simulations++;
      return;
    }
    const last = this.#last;
    if (last !== undefined && last.source !== source && simulated === this.#state.simulated) {
      this.counts.foreign++;
      this.#options.foreign?.(source, last.source);
      return;
    }
    const why = this.#mismatch(pdu, appId);
    if (why !== undefined) {
      // It does not prolong the time of the last one that fitted.
      this.counts.mismatched++;
      if (this.#state.status !== "mismatched" || this.#state.why !== why)
        this.#become({ ...this.#state, status: "mismatched", why, source, simulated });
      return;
    }
    const isAnother = last === undefined || simulated !== this.#state.simulated;
    const order = isAnother ? "state" : this.#order(pdu, last);
    if (order === "old") return;
    // Whether it needs commissioning may be another in the same state.
    if (order === "again" && pdu.needsCommissioning === this.#state.needsCommissioning) {
      this.counts.taken++;
      this.#mark(pdu, source);
      // What did not fit meanwhile changed nothing.
      if (this.#state.status !== "good") this.#become({ ...this.#state, status: "good", why: undefined, source });
      return;
    }
    let values: readonly Data[];
    try {
      values = readAllData(pdu);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.counts.malformed++;
      return;
    }
    this.counts.taken++;
    this.counts.states++;
    this.#mark(pdu, source);
    const { allData: _, ...head } = pdu;
    const { needsCommissioning } = pdu;
    this.#become({ status: "good", isGone: false, source, simulated, needsCommissioning, head, values });
  }

  close(): void {
    this.#timer?.();
    this.#timer = undefined;
  }

  /** Whether a message counts by its being a simulation or not. */
  #isOurs(simulated: boolean): boolean {
    if (!this.#options.acceptsSimulation()) {
      this.#followsSimulation = false;
      return !simulated;
    }
    if (simulated) this.#followsSimulation = true;
    return simulated || !this.#followsSimulation;
  }

  #mismatch(pdu: GoosePdu, appId: number): string | undefined {
    const { settings } = this;
    const wrong = (what: string, expected: unknown, found: unknown): string | undefined =>
      expected === undefined || expected === found ? undefined : `${what} ${found}, expected ${expected}`;
    return (
      wrong("APPID", settings.appId, appId) ??
      wrong("configuration revision", settings.configRevision, pdu.configRevision) ??
      wrong("data set", settings.dataSet, pdu.dataSet) ??
      wrong("GoID", settings.goId, pdu.goId) ??
      wrong("values:", settings.entries, pdu.entries)
    );
  }

  /** Whether a message brings a new state, tells the one that is known again, or is none that counts. */
  #order({ stNum, sqNum, t }: GoosePdu, last: Last): "state" | "again" | "old" {
    const { counts } = this;
    // A state has one time: one of another began anew, whatever its numbers.
    if (stNum === last.stNum && t.utc !== last.t.utc) return this.#restarted(t, last);
    if (stNum === last.stNum) {
      if (sqNum === last.sqNum) {
        counts.duplicates++;
        return "old";
      }
      const isNext = last.sqNum === MOST_NUMBER && sqNum <= 1;
      if (sqNum > last.sqNum || isNext) {
        counts.lost += isNext ? 0 : sqNum - last.sqNum - 1;
        return "again";
      }
      counts.outOfOrder++;
      return "old";
    }
    const isNext = last.stNum === MOST_NUMBER && stNum === 1;
    if (stNum > last.stNum || isNext) {
      counts.lostStates += isNext ? 0 : stNum - last.stNum - 1;
      // A state begins with repetition 0.
      counts.lost += sqNum;
      return "state";
    }
    return this.#restarted(t, last);
  }

  #restarted(t: IedTime, last: Last): "state" | "old" {
    if (t.utc > last.t.utc) {
      this.counts.restarts++;
      return "state";
    }
    this.counts.outOfOrder++;
    return "old";
  }

  /** A message that counts: until when it does. */
  #mark({ stNum, sqNum, t, timeAllowedToLive }: GoosePdu, source: string): void {
    const { clock } = this.#options;
    this.#last = { source, stNum, sqNum, t };
    this.#deadline = clock.elapsed() + Math.min(timeAllowedToLive, MOST_LIVE_MS);
    if (this.#timer === undefined) this.#watch(this.#deadline);
    else if (this.#deadline < this.#watched) {
      this.#timer();
      this.#watch(this.#deadline);
    }
  }

  /** When the timer looks. */
  #watched = 0;

  #watch(at: number): void {
    const { clock } = this.#options;
    this.#watched = at;
    this.#timer = clock.after(at - clock.elapsed(), () => {
      this.#timer = undefined;
      if (this.#deadline > clock.elapsed()) this.#watch(this.#deadline);
      else this.#expire();
    });
  }

  #expire(): void {
    this.counts.expired++;
    this.#last = undefined;
    // Whose messages do not fit is there, and gone all the same.
    const isMismatched = this.#state.status === "mismatched";
    this.#become({ ...this.#state, ...(isMismatched ? {} : { status: "expired", why: undefined }), isGone: true });
  }

  #become(state: SubscriptionState): void {
    this.#state = state;
    this.#options.changed(state);
  }
}
