/** How the outstation of a JEMStar II is set up, by its configuration of the moment. */
import type { EventSettings, OutstationSettings } from "#protocol/dnp3/outstation/host.ts";
import type { DnpConfiguration, DnpEvents } from "./configuration.ts";

/** Maximum Application Fragment Size, both ways (Device Profile Document). */
const FRAGMENT = 2048;
/** "Frozen Counter Event scanning period: FIXED AT 5 seconds". */
const SCAN_MS = 5000;
/** Freezes that a master can be behind (Events), and other events. */
const MOST = { freezes: 500, others: 500 } as const;

const HOUR_MS = 3_600_000;

/** `isKept` where the clock has a source of its own: then no master is asked for the time, nor where none may write it. */
export function settingsOf(dnp3: DnpConfiguration, address: number, isKept = false): OutstationSettings {
  const { master, selfAddress, link, applicationTimeoutMs, writeTimeHours, globalTimeSet, class0, variations } = dnp3;
  const { frozen, binary, counter, analog } = dnp3.events;
  const analogs = eventsOf(analog);
  const asks = dnp3.allowTimeSet && !isKept;
  return {
    address,
    master,
    selfAddress,
    link,
    inactivityMs: dnp3.inactivitySeconds * 1000,
    application: { confirmTimeoutMs: applicationTimeoutMs, maxFragment: FRAGMENT },
    needTimeMs: !asks ? undefined : writeTimeHours === 0 ? Infinity : writeTimeHours * HOUR_MS,
    globalTimeSet,
    class0,
    variations,
    events: {
      frozen: eventsOf(frozen),
      binary: eventsOf(binary),
      counter: eventsOf(counter),
      analog: analogs && { ...analogs, deadbands: dnp3.analogs.map(({ deadband }) => deadband) },
      scanMs: SCAN_MS,
      most: MOST,
    },
    unsolicited: dnp3.unsolicited,
  };
}

function eventsOf<V extends number>({ enabled, class: of, variation }: DnpEvents<V>): EventSettings<V> | undefined {
  return enabled ? { class: of, variation } : undefined;
}
