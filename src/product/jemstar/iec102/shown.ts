/** What a station is made of: the meter's surface, and its configuration of the moment. */
import { LocalTime } from "#clock/local-time.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { ShownConfiguration } from "./configuration.ts";

export interface Shown {
  readonly surface: MeterSurface;
  readonly configuration: ShownConfiguration;
  readonly zone: LocalTime;
}

export function shownOf(surface: MeterSurface): Shown {
  const configuration = surface.configuration() as ShownConfiguration;
  const { utcOffsetMinutes, daylightSaving } = configuration.timekeeping;
  return { surface, configuration, zone: new LocalTime(utcOffsetMinutes, daylightSaving) };
}
