/** The measurement log of a meter: its groups, and what they are told of together. */
import type { EndedInterval } from "#quantity/quality-view.ts";
import { isCommunicated } from "#quantity/measure.ts";
import { profileStatus } from "#quantity/profile.ts";
import type { LogGroupSettings } from "#revenue/settings/measurement-log.ts";
import { LogGroup, type LogGroupContext } from "./log-group.ts";

export interface MeasurementLogContext extends LogGroupContext {
  /** Whether a sag, a swell or an interruption is under way; nobody asks where power quality flags its intervals. */
  readonly isDisturbed: (() => boolean) | undefined;
}

export class MeasurementLog {
  readonly groups: readonly LogGroup[];
  readonly #isDisturbed: MeasurementLogContext["isDisturbed"];

  constructor(settings: readonly LogGroupSettings[], { isDisturbed, ...context }: MeasurementLogContext) {
    this.groups = settings.map((one, k) => new LogGroup(k + 1, one, context));
    this.#isDisturbed = isDisturbed;
  }

  /** The next instant of UTC at which something ends that does not end on a minute; Infinity where nothing does. */
  next(utc: number): number {
    let next = Infinity;
    for (const group of this.groups) next = Math.min(next, group.next(utc));
    return next;
  }

  /** The clock has come to an instant. */
  reach(utc: number): void {
    for (const group of this.groups) group.reach(utc);
  }

  /** A half cycle, or a step, begins: its rates; `same` when they held before. */
  look(rates: Float64Array, same: boolean): void {
    const { groups } = this;
    if (groups.length === 0) return;
    const flags = this.#isDisturbed?.() === true ? profileStatus.flagged : 0;
    for (let k = 0; k < groups.length; k++) {
      groups[k]?.look(rates, same);
      if (flags !== 0) groups[k]?.mark(flags);
    }
  }

  /** Nothing is known any more of the inputs. */
  lost(): void {
    for (const group of this.groups) group.lost();
  }

  /** Nothing is known of the inputs for some of the running interval. */
  miss(): void {
    for (const group of this.groups) group.mark(profileStatus.noInputs | profileStatus.partial);
  }

  /** Another meter's channel was silent. */
  unanswered(channel: number): void {
    for (const group of this.groups) {
      const records = group.settings.channels.some(
        ({ measure }) => isCommunicated(measure) && measure.channel === channel,
      );
      if (records) group.mark(profileStatus.unanswered);
    }
  }

  /** A stretch was measured. */
  window(): void {
    for (const group of this.groups) group.window();
  }

  /** Power failed at one instant of UTC, and is back at another. */
  outage(down: number, now: number): void {
    for (const group of this.groups) group.outage(down, now);
  }

  /** The clock goes from one instant of UTC to another. */
  timeSet(from: number, to: number): void {
    for (const group of this.groups) group.timeSet(from, to);
  }

  /** An interval of power quality has ended. */
  ended(interval: EndedInterval): void {
    for (const group of this.groups) group.ended(interval);
  }
}
