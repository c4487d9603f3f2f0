/** Methods of the Clock (Blue Book 4.5.1.3): adjusting to the nearest quarter, measuring period and minute, to a preset time, shifting. */
import type { Data } from "#protocol/dlms/data/data.ts";
import { instantOf } from "#protocol/dlms/data/date-time.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { AccessResult, ActionResult, Asker, Method } from "./object.ts";
import { membersOf, timeIn } from "./read-data.ts";

export interface AdjustedClock {
  readonly now: () => Stamp;
  /** Milliseconds of UTC. */
  readonly set: (asker: Asker, utc: number) => AccessResult & ActionResult;
  readonly may: (asker: Asker) => boolean;
  /** What local time is ahead of UTC at a local time, minutes. */
  readonly offsetOf: (local: number) => number;
  /** Minutes of a measuring period; undefined of what is measured by none of minutes. */
  readonly periodMinutes: number | undefined;
}

const MINUTE_MS = 60_000;
const QUARTER = 15;
/** Seconds by which time may be shifted at once. */
const MOST_SHIFT = 900;

interface Preset {
  readonly time: number;
  readonly from: number;
  readonly to: number;
}

export function clockMethods({ now, set, may, offsetOf, periodMinutes }: AdjustedClock): readonly Method[] {
  /** Until the meter is configured otherwise, or its process ends. */
  let preset: Preset | undefined;
  const toNearest = (id: number, name: string, minutes: number): Method => ({
    id,
    name,
    access: may,
    invoke: (asker) => set(asker, nearest(now(), minutes * MINUTE_MS)),
  });
  return [
    toNearest(1, "adjust_to_quarter", QUARTER),
    ...(periodMinutes === undefined ? [] : [toNearest(2, "adjust_to_measuring_period", periodMinutes)]),
    toNearest(3, "adjust_to_minute", 1),
    {
      id: 4,
      name: "adjust_to_preset_time",
      access: may,
      invoke(asker) {
        const { utc } = now();
        // Nothing is preset for now.
        if (preset === undefined || utc < preset.from || utc > preset.to) return "temporary-failure";
        return set(asker, preset.time);
      },
    },
    {
      id: 5,
      name: "preset_adjusting_time",
      access: may,
      invoke(_asker, parameters) {
        const [time, from, to] = (membersOf(parameters, 3) ?? []).map((one) => instantIn(one, offsetOf));
        if (time === undefined || from === undefined || to === undefined) return "type-unmatched";
        preset = { time, from, to };
        return "success";
      },
    },
    {
      id: 6,
      name: "shift_time",
      access: may,
      invoke(asker, parameters) {
        if (parameters.type !== "long") return "type-unmatched";
        if (Math.abs(parameters.value) > MOST_SHIFT) return "other-reason";
        return set(asker, now().utc + 1000 * parameters.value);
      },
    },
  ];
}

/** The nearest whole multiple of local time, as an instant. */
function nearest({ utc, offsetMinutes }: Stamp, step: number): number {
  const local = utc + offsetMinutes * MINUTE_MS;
  return Math.round(utc + Math.round(local / step) * step - local);
}

function instantIn(data: Data, offsetOf: (local: number) => number): number | undefined {
  const time = timeIn(data);
  return time === undefined ? undefined : instantOf(time, offsetOf);
}
