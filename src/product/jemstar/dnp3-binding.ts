/** DNP3 on a JEMStar II (Appendix G): its points by its surface and its configuration; freezes and the clock are the meter's. */
import type { Marks } from "#product/marks.ts";
import type { DnpConfiguration } from "#product/jemstar/dnp3/configuration.ts";
import {
  frozenCounters,
  frozenOf,
  outputsOf,
  pointImage,
  sameImage,
  type DnpLists,
} from "#product/jemstar/dnp3/image.ts";
import { settingsOf } from "#product/jemstar/dnp3/settings.ts";
import type { DnpHost, OutstationSettings, PointImage, Told } from "#protocol/dnp3/outstation/host.ts";
import { isRefused, type MeterCommand, type Outcome, type Refused } from "#quantity/authority.ts";
import { limits } from "#quantity/limits.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

export interface DnpMeans {
  /** The outstation's on its port, by the configuration of the moment. */
  readonly address: () => number;
  /** Whether a register can be given a value. */
  readonly presettable: (register: number) => boolean;
  /** They are forgotten when the freezes begin anew. */
  readonly marks: () => Pick<Marks, "mark" | "forgotten">;
  /** UTC by the meter's clock as it is, not as it was at the last calculation cycle: milliseconds. */
  readonly utc: () => number;
  /** Milliseconds on which that clock runs, which never step. */
  readonly elapsed: () => number;
}

/**
 * Where masters have come to in the freezes. They are strangers, who come from as many places as they like: what they leave is kept apart
 * from the marks of people, whom they could push out.
 */
export const masterMarks = { key: "masters", most: limits.dnp3.marks } as const;
const FREEZES = "freezes";

/** Registers that one command presets at most. */
const AT_ONCE = 150;

interface Made {
  readonly epoch: number;
  readonly address: number;
  readonly lists: DnpLists;
  readonly settings: OutstationSettings;
}

interface Configured {
  readonly dnp3: DnpConfiguration;
  readonly io: readonly { readonly mode: string }[];
  readonly timekeeping: { readonly sync: string };
}

function madeOf(surface: MeterSurface, address: number): Made {
  const { dnp3, io, timekeeping } = surface.configuration() as Configured;
  return {
    epoch: surface.epoch,
    address,
    lists: { dnp3, outputs: outputsOf(io) },
    settings: settingsOf(dnp3, address, timekeeping.sync === "ntp"),
  };
}

/** What a configuration does not allow, this outstation does not have. */
function toldOf(outcome: Outcome | Refused | undefined): Told {
  if (!isRefused(outcome)) return "done";
  return outcome.refused === "privilege" || outcome.refused === "unsupported" ? "unsupported" : "refused";
}

/** `port` is the meter's, by name. */
export function dnp3Host(
  surface: MeterSurface,
  port: string,
  { address, presettable, marks, utc, elapsed }: DnpMeans,
): DnpHost {
  const session = surface.open({ protocol: "dnp3", port, near: false });
  const first = { number: surface.freezes.next, forgotten: marks().forgotten };
  let made: Made | undefined;
  const now = (): Made => {
    const own = address();
    if (made?.epoch !== surface.epoch || made.address !== own) made = madeOf(surface, own);
    return made;
  };
  let shown: { readonly image: PointImage; readonly made: Made; readonly freezes: number } | undefined;
  let isStale = false;
  let listens = false;
  const image = (): PointImage => {
    // Of a meter that nobody polls nothing is made, and nobody is told.
    if (!listens) surface.on("cycle", () => void (isStale = true));
    listens = true;
    const of = now();
    const { freezes } = surface;
    if (!isStale && shown?.made === of && shown.freezes === freezes.next) return shown.image;
    const before = shown?.made === of ? shown.image : undefined;
    const frozen =
      before !== undefined && shown?.freezes === freezes.next
        ? before.frozen
        : frozenOf(of.lists, freezes.page(freezes.next - 1, 1)[0]);
    const made = pointImage(surface, of.lists, { frozen, before });
    const same = before !== undefined && sameImage(before, made) ? before : made;
    shown = { image: same, made: of, freezes: freezes.next };
    isStale = false;
    return same;
  };
  const tell = (command: MeterCommand): Told => {
    isStale = true;
    return toldOf(surface.obey(command, session));
  };
  const clear = (): Told => {
    const registers = [...new Set(now().lists.dnp3.counters.map(({ register }) => register))].filter(presettable);
    for (let k = 0; k < registers.length; k += AT_ONCE) {
      const values = registers.slice(k, k + AT_ONCE).map((register) => ({ register, value: 0 }));
      const told = tell({ command: "presets", values });
      if (told !== "done") return told;
    }
    return "done";
  };
  return {
    // A meter that starts again knows nobody.
    get epoch() {
      return surface.epoch + surface.log("powerOutage").next;
    },
    get settings() {
      return now().settings;
    },
    answers: () => surface.answers(port, "dnp3"),
    image,
    changed: (run) => surface.on("cycle", run),
    freezes: {
      get first() {
        return surface.freezes.first;
      },
      get next() {
        return surface.freezes.next;
      },
      get capacity() {
        return surface.freezes.capacity;
      },
      page: (from, most) => surface.freezes.page(from, most).map((one) => frozenCounters(now().lists, one)),
      seek: (utc) => surface.freezes.seek(utc),
    },
    get since() {
      return marks().forgotten === first.forgotten ? first.number : 0;
    },
    elapsed,
    now: () => ({ utc: Math.floor(utc()), synchronised: surface.now().synchronised }),
    freeze(clears) {
      const barred = clears ? toldOf(surface.permits("presets", session)) : "done";
      if (barred !== "done") return barred;
      const told = tell({ command: "freeze" });
      return clears && told === "done" ? clear() : told;
    },
    setTime(wanted) {
      const barred = toldOf(surface.permits("setTime", session));
      if (barred !== "done") return barred;
      const { timeToleranceSeconds } = now().lists.dnp3;
      if (Math.abs(wanted - utc()) <= timeToleranceSeconds * 1000) return "done";
      return tell({ command: "setTime", utc: Temporal.Instant.fromEpochMilliseconds(wanted).toString() });
    },
    mark(reader, next) {
      // A mark of 0 is nobody's: the number that it is kept as is one more.
      const kept = marks().mark(`${port} ${reader}`, FREEZES, next === undefined ? undefined : next + 1);
      return kept === 0 ? undefined : kept - 1;
    },
  };
}
