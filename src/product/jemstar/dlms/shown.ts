/** What the objects of one JEMStar II are made of: its surface, the configuration of the moment, and what is printed on it. */
import { LocalTime } from "#clock/local-time.ts";
import type { AccessMode, Asker } from "#protocol/dlms/cosem/object.ts";
import type { Place } from "#quantity/authority.ts";
import type { Nameplate } from "#quantity/meter-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { ShownConfiguration } from "./configuration.ts";

export interface Shown {
  readonly surface: MeterSurface;
  readonly configuration: ShownConfiguration;
  readonly nameplate: Nameplate;
  readonly zone: LocalTime;
}

/** As the meter is configured now. */
export function shownOf(surface: MeterSurface): Shown {
  const configuration = surface.configuration() as ShownConfiguration;
  const { utcOffsetMinutes, daylightSaving } = configuration.timekeeping;
  const { nameplate } = surface.extra();
  return {
    surface,
    configuration,
    nameplate: nameplate as Nameplate,
    zone: new LocalTime(utcOffsetMinutes, daylightSaving),
  };
}

/** What local time is ahead of UTC at a local time, minutes; of one that comes twice the first. */
export function offsetIn(zone: LocalTime): (local: number) => number {
  return (local) => (local - zone.utcOf(local)) / 60_000;
}

/** What somebody may do who may read a place. */
export function readable({ surface }: Shown, place: Place): (asker: Asker) => AccessMode {
  return ({ session }) => (surface.bars(place, session) === undefined ? "read" : "none");
}
