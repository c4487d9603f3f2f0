/** The site at a glance: of each meter whether it measures, what of it wants somebody, and the power now. */
import { sourceView } from "#fleet/live-readings.ts";
import type { Site } from "#fleet/site.ts";
import type { Device } from "#product/product.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Stamp } from "#quantity/stamp.ts";
import {
  glanceStates,
  type GlanceOrder,
  type GlanceState,
  type MeterGlance,
  type OverviewView,
} from "#quantity/overview-view.ts";
import { silenceOf, silences } from "#quantity/silence.ts";
import { timeOf } from "./meter-view.ts";
import { TextRanks } from "./text-ranks.ts";

/** Milliseconds for which what was seen at a look is what whoever else asks is told. */
const LOOK_MS = 1000;

/** A meter at the last look, and what it is found by. */
interface Looked {
  readonly surface: MeterSurface;
  readonly glance: MeterGlance;
  readonly text: string;
}

export interface OverviewQuery {
  /** What name, model or title have in them, whatever their case. */
  readonly search: string;
  readonly state?: GlanceState | undefined;
  readonly order: GlanceOrder;
  readonly descending: boolean;
  readonly from: number;
  readonly most: number;
}

/** Active power, by the list of what a meter can be asked for: meters of one kind share it. */
const powers = new WeakMap<readonly Measure[], readonly Measure[]>();

function powerOf({ measures }: MeterSurface): readonly Measure[] {
  let found = powers.get(measures);
  if (found === undefined) powers.set(measures, (found = measures.filter((one) => measureName(one) === "W")));
  return found;
}

const value = new Float64Array(1);
const valid = new Uint8Array(1);

function stateOf(surface: MeterSurface, source: Device["source"]): Pick<MeterGlance, "state" | "words" | "alarms"> {
  const status = surface.status();
  const { absence } = surface;
  const alarms = status.alarms.length;
  const silence = silenceOf({ powered: status.powered, absence, source: sourceView(source) });
  if (silence !== undefined)
    return { state: "silent", words: silence === "absence" ? (absence ?? "") : silences[silence], alarms };
  if (alarms > 0) return { state: "alarm", words: status.alarms.map(({ label }) => label).join(", "), alarms };
  const battery = status.battery.warning ? [`battery ${status.battery.state}`] : [];
  const wanting = [
    ...status.failures,
    ...status.conditions.filter(({ trouble }) => trouble).map(({ text }) => text),
    ...battery,
  ];
  return { state: wanting.length > 0 ? "attention" : "measuring", words: wanting.join(", "), alarms };
}

/** When a meter knew last what it measures. */
function lastOf(now: Stamp, age: number | null | undefined, isKnown: boolean): MeterGlance["last"] {
  if (age === null) return null;
  if (age !== undefined) return timeOf({ ...now, utc: now.utc - 1000 * age });
  return isKnown ? timeOf(now) : null;
}

function glanceOf({ surface, source }: Device): MeterGlance {
  const { name, model, title } = surface.identity;
  const now = surface.values(powerOf(surface), "primary", value.fill(NaN), valid);
  const power = Number.isNaN(value[0]) ? null : (value[0] ?? null);
  const { pushed, read } = sourceView(source);
  const last =
    read === undefined ? lastOf(now, pushed?.age, power !== null) : lastOf(surface.now(), read.age, power !== null);
  return { name, model, title, ...stateOf(surface, source), watts: power, last };
}

/** What somebody sees of a meter whose readings are for its users. */
function closed({ name, model, title }: MeterGlance): MeterGlance {
  return { name, model, title, state: "closed", words: "for its own users", alarms: 0, watts: null, last: null };
}

const ranks = new Map(glanceStates.map((state, rank) => [state, rank]));

/** What is compared, of two meters; what is not known comes behind what is, whichever way. */
type KeyOf = (glance: MeterGlance) => number | null;

function compare(a: number | null, b: number | null, sign: number): number {
  if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
  return sign * (a - b);
}

/** Sorting is stable: what is alike stays as in the file. */
function sorted<T>(
  all: readonly T[],
  glanceIn: (one: T) => MeterGlance,
  keyOf: KeyOf,
  descending: boolean,
): readonly T[] {
  const sign = descending ? -1 : 1;
  return all
    .map((one) => [keyOf(glanceIn(one)), one] as const)
    .toSorted(([a], [b]) => compare(a, b, sign))
    .map(([, one]) => one);
}

/** All meters of a site, looked at and sorted once a second for as many as ask. */
export class Overview {
  readonly #site: Site;
  #lookedAt = -Infinity;
  #of: readonly Device[] | undefined;
  #looked: readonly Looked[] = [];
  /** Those looked at, in each order that was asked for since. */
  readonly #sorted = new Map<string, readonly Looked[]>();
  readonly #names = new TextRanks();
  readonly #models = new TextRanks();

  constructor(site: Site) {
    this.#site = site;
  }

  #look(): readonly Looked[] {
    const { meters, real } = this.#site;
    const elapsed = real.elapsed();
    // After a reload there are others at once.
    if (this.#of === meters && elapsed - this.#lookedAt < LOOK_MS) return this.#looked;
    this.#lookedAt = elapsed;
    this.#of = meters;
    this.#sorted.clear();
    this.#looked = meters.map((meter) => {
      const glance = glanceOf(meter);
      return { surface: meter.surface, glance, text: `${glance.name}\n${glance.model}\n${glance.title}`.toLowerCase() };
    });
    return this.#looked;
  }

  #inOrder(query: Pick<OverviewQuery, "order" | "descending">): readonly Looked[] {
    const looked = this.#look();
    const key = `${query.order} ${query.descending}`;
    const known = this.#sorted.get(key) ?? this.#sort(looked, ({ glance }) => glance, query);
    this.#sorted.set(key, known);
    return known;
  }

  #sort<T>(
    all: readonly T[],
    glanceIn: (one: T) => MeterGlance,
    { order, descending }: Pick<OverviewQuery, "order" | "descending">,
  ): readonly T[] {
    if (order === "file") return descending ? all.toReversed() : all;
    return sorted(all, glanceIn, this.#keyOf(order), descending);
  }

  #keyOf(order: Exclude<GlanceOrder, "file">): KeyOf {
    switch (order) {
      case "name": {
        const places = this.#names.of(this.#looked.map(({ glance }) => glance.name));
        return ({ name }) => places.get(name) ?? null;
      }
      case "model": {
        const places = this.#models.of(this.#looked.map(({ glance }) => glance.model));
        return ({ model }) => places.get(model) ?? null;
      }
      case "state":
        return ({ state }) => ranks.get(state) ?? 0;
      case "watts":
        return ({ watts }) => watts;
      case "alarms":
        return ({ alarms }) => alarms;
      case "last":
        return ({ last }) => (last === null ? null : Temporal.Instant.from(last.utc).epochMilliseconds);
    }
  }

  /** `mayRead` says whether whoever asks may see what a meter reads, and its alarms. */
  answer(query: OverviewQuery, mayRead: (surface: MeterSurface) => boolean): OverviewView {
    const { search, state, from, most } = query;
    const { utc, trouble, behind } = this.#site;
    const wanted = search.trim().toLowerCase();
    const searched = this.#inOrder(query)
      .filter(({ text }) => text.includes(wanted))
      .map(({ surface, glance }) => (mayRead(surface) ? glance : closed(glance)));
    const counts = { silent: 0, alarm: 0, attention: 0, measuring: 0, closed: 0 };
    for (const one of searched) counts[one.state]++;
    const found = state === undefined ? searched : searched.filter((one) => one.state === state);
    // Where a closed one stands would tell what it measures.
    const shown = counts.closed > 0 ? this.#anew(found, query) : found;
    return {
      utc,
      trouble,
      behind,
      total: this.#looked.length,
      counts,
      found: found.length,
      from,
      meters: shown.slice(from, from + most),
    };
  }

  /** From how they stand in the file: what is alike stays so. */
  #anew(found: readonly MeterGlance[], query: OverviewQuery): readonly MeterGlance[] {
    const places = new Map(this.#looked.map(({ glance }, k) => [glance.name, k]));
    const place = ({ name }: MeterGlance): number => places.get(name) ?? 0;
    return this.#sort(
      found.toSorted((one, other) => place(one) - place(other)),
      (one) => one,
      query,
    );
  }
}
