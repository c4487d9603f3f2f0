/**
 * What a master does for an outstation that is its own (IEEE 1815 clauses 4.5 and 5.1): takes everything after a restart and clears its indication,
 * gives the time where it is needed, fetches events where there are some, and begins anew where some were lost.
 */
import type { Clock } from "#clock/clock.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import type { Association } from "./association.ts";
import { clearRestart, read, unsolicited, waitingClasses } from "./outstation.ts";
import type { Points } from "./points.ts";
import { classes, integrity, type DataClass, type ReadHeader } from "./requests.ts";
import { synchronise, type Procedure } from "./time-sync.ts";

export interface KeepingSettings {
  /** How the time is given where the outstation needs it; it is not unless said. */
  readonly time?: Procedure | undefined;
  /** Classes whose events are told unasked, from each restart on; none unless said. */
  readonly unsolicited?: readonly Exclude<DataClass, 0>[] | undefined;
}

/** What has been done for an outstation, beside the reading. */
export interface Kept {
  /** Of the last answer. */
  readonly iin: number;
  readonly restarted: boolean;
  readonly timeGiven: boolean;
  /** It has lost events: what they would have said is in the present values alone. */
  readonly lost: boolean;
}

/** Readings of events in a row: an outstation that always has more is asked again with the next poll. */
const MOST_ROUNDS = 16;

export class Keeping {
  readonly #association: Association;
  readonly #points: Points;
  readonly #clock: Clock;
  readonly #settings: KeepingSettings;
  /** Everything has been taken once, and since the last restart. */
  #isWhole = false;

  /** All that comes goes into `points`, unsolicited or not. */
  constructor(association: Association, points: Points, clock: Clock, settings: KeepingSettings = {}) {
    this.#association = association;
    this.#points = points;
    this.#clock = clock;
    this.#settings = settings;
    if (settings.unsolicited !== undefined) association.unsolicited(points.take);
  }

  /** Takes everything the first time, from then on events of all classes; then does what the outstation asks for. Rejects with DnpError. */
  async poll(): Promise<Kept> {
    const done = { restarted: false, timeGiven: false, lost: false };
    let { iin } = await this.#read(this.#isWhole ? classes(1, 2, 3) : integrity);
    if ((iin & indications.deviceRestart) !== 0) {
      done.restarted = true;
      await clearRestart(this.#association);
      // What was taken may be of before the restart.
      ({ iin } = await this.#read(integrity));
      await this.#enable();
    } else if (!this.#isWhole) await this.#enable();
    this.#isWhole = true;
    if ((iin & indications.needTime) !== 0 && this.#settings.time !== undefined) {
      await synchronise(this.#association, this.#settings.time, this.#clock);
      done.timeGiven = true;
    }
    for (let rounds = MOST_ROUNDS; rounds > 0; rounds--) {
      const isLost = (iin & indications.overflow) !== 0;
      const waiting = waitingClasses(iin);
      if (!isLost && waiting.length === 0) break;
      if (isLost && !done.lost) ({ iin } = await this.#read(integrity));
      else if (waiting.length > 0) ({ iin } = await this.#read(classes(...waiting)));
      else break;
      done.lost ||= isLost;
    }
    return { iin, ...done };
  }

  #read(headers: readonly ReadHeader[]): Promise<{ readonly iin: number }> {
    return read(this.#association, headers, this.#points);
  }

  async #enable(): Promise<void> {
    const { unsolicited: wanted = [] } = this.#settings;
    if (wanted.length > 0) await unsolicited(this.#association, true, classes(...wanted));
  }
}
