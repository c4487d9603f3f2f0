/**
 * Integrated totals by record address. Absolute ones are what a channel has counted since its profile was initialised, in whole units;
 * incremental ones are the difference of two of these, so that nothing is lost, or told twice, by rounding: absolute less absolute is
 * incremental, always. What does not accumulate is its average, either way.
 */
import { isCommunicated, primaryFactor, type Measure } from "#quantity/measure.ts";
import type { Profile, ProfileRecord } from "#quantity/profile.ts";
import { profileStatus } from "#quantity/profile.ts";
import { qualityBits, type Period, type Total, type TotalsAsked } from "#protocol/iec102/station/host.ts";
import { ChannelSums } from "./channel-sums.ts";
import { channelOf } from "./channels.ts";
import { objectsOf, recordsOf, totalUnits, type RecordSettings } from "./configuration.ts";
import { periodGroups, type PeriodGroup } from "./period-groups.ts";
import type { Shown } from "./shown.ts";

/** Values of 32 bits begin again behind this. */
const ROLL_OVER = 2 ** 32;
/** A millionth of a unit is rounding of sums. */
const NEARLY = 1e-6;

interface Column {
  readonly object: number;
  readonly scaling: number;
  readonly channel: number | undefined;
  /** What a recorded value is in the unit of its measure, primary. */
  readonly worth: number;
  /** What one of what is sent is worth. */
  readonly unit: number;
  readonly accumulates: boolean;
  /** It is what another meter says. */
  readonly isOfAnother: boolean;
}

const ofNothing = {
  scaling: 1,
  channel: undefined,
  worth: 1,
  unit: 1,
  accumulates: false,
  isOfAnother: false,
} as const;

interface Source extends RecordSettings {
  readonly profile: number | undefined;
  readonly of: Profile;
  readonly columns: readonly Column[];
  readonly sums: ChannelSums;
}

/** Whole units of a sum; undefined of what there is none of, and of what came to less than nothing. */
export function wholeUnits(sum: number, unit: number): number | undefined {
  const whole = Math.floor(sum / unit + NEARLY);
  return whole >= 0 ? whole : undefined;
}

export class Totals {
  readonly #shown: Shown;
  readonly #sources: ReadonlyMap<number, Source>;

  constructor(shown: Shown) {
    this.#shown = shown;
    this.#sources = new Map(recordsOf(shown.configuration).flatMap((one) => sourceOf(shown, one)));
  }

  /** Minutes of the three integration periods; 0 is not there. */
  get periods(): readonly [number, number, number] {
    const minutes = (address: number): number => {
      const found = this.#sources.get(address)?.minutes;
      return typeof found === "number" ? found : 0;
    };
    return [minutes(11), minutes(12), minutes(13)];
  }

  of({ record, incremental, from = -Infinity, to = Infinity }: TotalsAsked): Iterable<Period> | undefined {
    const source = this.#sources.get(record);
    return source === undefined ? undefined : this.#periods(source, { incremental, from, to });
  }

  *#periods(
    { of: profile, minutes, columns, sums }: Source,
    { incremental, from, to }: { readonly incremental: boolean; readonly from: number; readonly to: number },
  ): Generator<Period> {
    const { zone, surface } = this.#shown;
    const now = surface.now().utc;
    let next = NaN;
    let before = new Float64Array();
    for (const group of periodGroups({ profile, minutes, zone, from, to, now })) {
      const first = group.records[0]?.sequence ?? 0;
      if (first !== next) before = Float64Array.from(sums.before(first));
      let after = before;
      for (const record of group.records) after = Float64Array.from(sums.with(after, record));
      const totals = columns.map((one) => this.#total(one, group, { before, after, incremental }));
      yield { at: { stamp: group.at }, totals };
      before = after;
      next = first + group.records.length;
    }
  }

  #total(
    { object, channel, worth, unit, accumulates, scaling, isOfAnother }: Column,
    group: PeriodGroup,
    {
      before,
      after,
      incremental,
    }: { readonly before: Float64Array; readonly after: Float64Array; readonly incremental: boolean },
  ): Total {
    if (channel === undefined) return absent(object);
    const known = knownOf(group, channel, isOfAnother);
    const quality = qualityOf(group) | (known === "whole" ? 0 : qualityBits.incomplete);
    if (known === "nothing") return absent(object, quality);
    if (!accumulates) {
      const average = averageOf(group.records, channel);
      if (average === undefined || average < 0) return absent(object, quality);
      return { object, ...rolled(Math.round(average * worth * scaling), quality) };
    }
    const start = wholeUnits((before[channel] ?? NaN) * worth, unit);
    const end = wholeUnits((after[channel] ?? NaN) * worth, unit);
    if (start === undefined || end === undefined || end < start) return absent(object, quality);
    if (incremental) return { object, ...rolled(end - start, quality) };
    const over = Math.floor(end / ROLL_OVER) > Math.floor(start / ROLL_OVER) ? qualityBits.overflow : 0;
    return { object, value: end % ROLL_OVER, quality: quality | over };
  }
}

function absent(object: number, quality = 0): Total {
  return { object, value: undefined, quality: quality | qualityBits.invalid };
}

function rolled(value: number, quality: number): Pick<Total, "value" | "quality"> {
  return value < ROLL_OVER ? { value, quality } : { value: value % ROLL_OVER, quality: quality | qualityBits.overflow };
}

function qualityOf({ records, isWhole, isSet }: PeriodGroup): number {
  const overflows = records.some(({ status }) => (status & profileStatus.overflow) !== 0);
  const configured = records.some(({ type }) => type === "configuration" || type === "preset");
  return (
    (overflows ? qualityBits.overflow : 0) |
    (isWhole ? 0 : qualityBits.incomplete) |
    (isSet ? qualityBits.synchronised : 0) |
    (configured ? qualityBits.parameters : 0)
  );
}

/** How much is known of a channel: of some the records have nothing while what they are of was silent. */
function knownOf({ records }: PeriodGroup, channel: number, isOfAnother: boolean): "whole" | "part" | "nothing" {
  const isKnown = ({ values }: ProfileRecord): boolean => values[channel] !== undefined;
  if (!records.some(isKnown)) return "nothing";
  const isWhole = ({ status, silent = -1 }: ProfileRecord): boolean =>
    !isOfAnother || (status & profileStatus.unanswered) === 0 || (silent & (1 << channel)) === 0;
  return records.every((one) => one.end.utc === one.start.utc || (isKnown(one) && isWhole(one))) ? "whole" : "part";
}

/** By how long each record was; undefined where none of them knows it. */
function averageOf(records: readonly ProfileRecord[], channel: number): number | undefined {
  let sum = 0;
  let length = 0;
  for (const { start, end, values } of records) {
    const value = values[channel];
    if (value === undefined) continue;
    sum += value * (end.utc - start.utc);
    length += end.utc - start.utc;
  }
  return length > 0 ? sum / length : undefined;
}

function sourceOf({ surface, configuration }: Shown, record: RecordSettings): readonly (readonly [number, Source])[] {
  const { profile = 1, log } = record;
  const of = log === undefined ? surface.profiles[profile - 1] : surface.measurementLogs[log - 1];
  if (of === undefined) return [];
  const { pt, ct } = configuration.primary;
  const columns = objectsOf(configuration.iec102).map((one): Column => {
    if (typeof one === "number") return { ...ofNothing, object: one };
    const channel = channelOf(of.channels, one.measure);
    const facts = channel === undefined ? undefined : of.channels[channel];
    const accumulates = channel !== undefined && of.total?.(channel) !== undefined;
    const primary = facts?.side === "secondary" ? primaryFactor(one.measure, pt, ct) : 1;
    // Sums have their Km already.
    const km = accumulates || of.data === "engineering" ? 1 : (facts?.km ?? 1);
    // Pulses are counted, whatever energies are told in.
    const unit = one.measure.quantity === "pulses" ? 1 : totalUnits[configuration.iec102.unit];
    const isOfAnother = isCommunicated(one.measure);
    return { object: one.object, scaling: one.scaling, channel, worth: primary * km, unit, accumulates, isOfAnother };
  });
  return [[record.address, { ...record, profile, of, columns, sums: new ChannelSums(of) }]];
}

/** What an energy has come to until now, in SI units, primary; undefined of what no load profile counts. */
export function countedNow({ surface }: Shown, measure: Measure): number | undefined {
  for (const profile of surface.profiles) {
    const channel = channelOf(profile.channels, measure);
    const total = channel === undefined ? undefined : profile.total?.(channel);
    if (total !== undefined) return total.now;
  }
  return undefined;
}
