/** When the demand of the last interval was calculated, and since when that of the running one is measured (IC 5, capture_time and start_time_current). */
import { DAY_MS, MINUTE_MS } from "#clock/local-time.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";

export interface DemandTimes {
  /** Undefined while no whole interval has ended since something cut it. */
  readonly ended: Stamp | undefined;
  readonly started: Stamp | undefined;
}

const unknown: DemandTimes = { ended: undefined, started: undefined };

/** When the clock was set or power came back last: what ran then says nothing of a demand. */
function lastCut({ logs, log }: Pick<MeterSurface, "logs" | "log">): number {
  const outages = logs.includes("powerOutage") ? log("powerOutage") : undefined;
  const changes = logs.includes("timeChange") ? log("timeChange") : undefined;
  const [outage] = outages?.page(outages.next - 1, 1) ?? [];
  // Daylight saving moves no sub-interval; a few of its entries may stand behind the last setting.
  const set = changes?.page(changes.next - 8, 8).findLast(({ what }) => what === "time set");
  return Math.max(outage?.at.utc ?? -Infinity, set?.at.utc ?? -Infinity);
}

/** Sub-intervals end on multiples of their length from midnight of standard time; those of an external sync input nobody can tell. */
export function demandTimes(
  surface: MeterSurface,
  { subIntervalMinutes, subIntervals, externalSync }: RevenueConfiguration["demand"],
  utcOffsetMinutes: number,
): () => DemandTimes {
  if (externalSync) return () => unknown;
  const length = subIntervalMinutes * MINUTE_MS;
  const offset = utcOffsetMinutes * MINUTE_MS;
  /** Of the sub-interval in which an instant lies. */
  const begin = (utc: number): number => {
    const standard = utc + offset;
    const midnight = Math.floor(standard / DAY_MS) * DAY_MS;
    return midnight + Math.floor((standard - midnight) / length) * length - offset;
  };
  return () => {
    const now = surface.now();
    const cut = lastCut({ logs: surface.logs, log: (kind) => surface.log(kind) });
    const running = begin(now.utc);
    const stampOf = (utc: number): Stamp => ({ ...now, utc });
    // The sub-interval in which it was cut is not whole.
    const whole = begin(cut) === cut ? cut : begin(cut) + length;
    const first = running - (subIntervals - 1) * length;
    return {
      ended: running - subIntervals * length >= whole || cut === -Infinity ? stampOf(running) : undefined,
      started: stampOf(cut > running ? cut : Math.max(first, Number.isFinite(cut) ? whole : -Infinity)),
    };
  };
}
