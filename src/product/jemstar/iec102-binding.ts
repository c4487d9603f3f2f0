/** IEC 60870-5-102 on a JEMStar II (Appendix F): totals, closures, values and events of its surface, by its configuration. */
import { Closures, CONTRACT } from "#product/jemstar/iec102/closures.ts";
import { keyOf, PASSWORD, takesPassword } from "#product/jemstar/iec102/configuration.ts";
import { eventsOf } from "#product/jemstar/iec102/events.ts";
import { instantaneousOf } from "#product/jemstar/iec102/instantaneous.ts";
import { utcOf } from "#product/jemstar/iec102/local-instants.ts";
import { shownOf, type Shown } from "#product/jemstar/iec102/shown.ts";
import { parametersOf, settingsOf, type Iec102Line } from "#product/jemstar/iec102/station-facts.ts";
import { Totals } from "#product/jemstar/iec102/totals.ts";
import type { Iec102Host, Iec102Settings, LocalDay, StationSession, Told } from "#protocol/iec102/station/host.ts";
import { isRefused, type Peer, type Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

export interface Iec102Means {
  /** By the configuration of the moment. */
  readonly line: () => Iec102Line;
  /** Another one whenever another password is set; empty where there is none. */
  readonly password: () => string;
  /** What it is by the meter's own clock, which what it measures follows in steps. */
  readonly utc: () => number;
  /** A session of whoever has shown the key, which is no user's, is over. */
  readonly left: (peer: Peer) => void;
}

interface Made {
  readonly epoch: number;
  readonly shown: Shown;
  readonly settings: Iec102Settings;
  readonly totals: Totals;
  readonly closures: Closures;
}

/** `port` is the meter's, by name. */
export function iec102Host(surface: MeterSurface, port: string, means: Iec102Means): Iec102Host {
  let made: Made | undefined;
  const now = (): Made => {
    if (made?.epoch !== surface.epoch) made = makeOf(surface, means);
    return made;
  };
  let password = means.password();
  let passwords = 0;
  return {
    // A meter that starts again knows nobody, nor does one whose password is another.
    get epoch() {
      if (means.password() !== password) {
        password = means.password();
        passwords++;
      }
      return surface.epoch + surface.log("powerOutage").next + passwords;
    },
    get settings() {
      return now().settings;
    },
    answers: () => surface.answers(port, "iec102"),
    now() {
      const { zone } = now().shown;
      const utc = means.utc();
      const local = { offsetMinutes: zone.offsetMinutes(utc), daylightSaving: zone.saving(utc) };
      return { stamp: { ...surface.now(), ...local, utc } };
    },
    utcOf: (local) => utcOf(now().shown.zone, local),
    open: (key, peer) => open({ surface, means, isNeeded: takesPassword(now().shown.configuration.iec102) }, key, peer),
    totals: (asked) => now().totals.of(asked),
    closures: (contract, from, to) => (contract === CONTRACT ? now().closures.between(from, to) : undefined),
    running: (contract) => (contract === CONTRACT ? now().closures.running() : undefined),
    instantaneous: () => instantaneousOf(now().shown),
    events: (record, from, to) => eventsOf(now().shown, record, from, to),
    holidays: (contract) => (contract === CONTRACT ? holidaysOf(now().shown) : undefined),
    get parameters() {
      const { shown, totals } = now();
      return parametersOf(shown, means.line(), totals);
    },
  };
}

function makeOf(surface: MeterSurface, means: Iec102Means): Made {
  const shown = shownOf(surface);
  return {
    epoch: surface.epoch,
    shown,
    settings: settingsOf(shown, means.line()),
    totals: new Totals(shown),
    closures: new Closures(shown),
  };
}

function holidaysOf({ configuration: { tou } }: Shown): readonly LocalDay[] {
  return tou.holidays.map(({ date }) => {
    const { year, month, day } = Temporal.PlainDate.from(date);
    return { year, month, day };
  });
}

interface Door {
  readonly surface: MeterSurface;
  readonly means: Iec102Means;
  readonly isNeeded: boolean;
}

/** Where no password is needed one that is shown is not looked at, unless there is one: who shows it may be a user by it. */
async function open(door: Door, key: number | undefined, peer: Peer): Promise<StationSession | undefined> {
  const { surface, means, isNeeded } = door;
  if (key === undefined) return isNeeded ? undefined : sessionOf(surface, surface.open(peer));
  if (!isNeeded && means.password() === "") return sessionOf(surface, surface.open(peer));
  const check = (secret: Uint8Array): boolean => keyOf(secret) === key;
  const session = await surface.admit({ kind: "key", name: PASSWORD, check }, peer);
  if (isRefused(session)) return undefined;
  const isOfUser = session.token !== undefined;
  const made = sessionOf(surface, session);
  if (isOfUser) return made;
  if (made === undefined) means.left(peer);
  return made && { ...made, leave: () => means.left(peer) };
}

/** What a station reads of the meter for whoever asks. */
const places = [
  "readings",
  "registers",
  "profiles",
  "log event",
  "log alarm",
  "log security",
  "log diagnostic",
] as const;

/** Undefined of somebody who may not read all of it: where reading takes a session, that is of a user. */
function sessionOf(surface: MeterSurface, session: Session): StationSession | undefined {
  if (places.some((place) => surface.bars(place, session) !== undefined)) {
    surface.leave(session);
    return undefined;
  }
  return {
    setTime(utc): Told {
      const outcome = surface.obey(
        { command: "setTime", utc: Temporal.Instant.fromEpochMilliseconds(utc).toString() },
        session,
      );
      if (!isRefused(outcome)) return "done";
      return outcome.refused === "unsupported" ? "unsupported" : "refused";
    },
    leave: () => surface.leave(session),
  };
}
