/** Limits that a spectrum is held against, by standard: of each order, and of the whole. */
import { compatibilityLevel, LAST_ORDER, THD_LEVEL } from "#analysis/limits/compatibility-levels.ts";
import { harmonicLimits, thdLimit } from "#analysis/limits/en50160-limits.ts";
import { currentLimitsOf, LEAST_VOLTS, TOP_ORDER, voltageLimitsOf } from "#analysis/limits/ieee519-limits.ts";
import { industrialLevel, industrialThd, type IndustrialClass } from "#analysis/limits/industrial-levels.ts";
import type { QualityChannelView } from "#quantity/quality-view.ts";

export const standards = ["none", "public", "class1", "class2", "class3", "en50160", "ieee519"] as const;
export type Standard = (typeof standards)[number];

/** What was chosen, and what IEEE 519 has to know besides; undefined of what nobody has said. */
export interface LimitChoice {
  readonly standard: Standard;
  /** Nominal volts of the bus, line to line. */
  readonly busVolts?: number | undefined;
  /** Isc and IL, amps. */
  readonly shortCircuitAmps?: number | undefined;
  readonly loadAmps?: number | undefined;
}

export interface SpectrumLimits {
  /** Of all harmonics together. */
  readonly whole: number;
  /** What percents are of: the fundamental, or amps or volts that are the same whatever is measured. */
  readonly base: "fundamental" | number;
  limitOf(order: number): number | undefined;
}

const ofVolts = (whole: number, limitOf: (order: number) => number | undefined): SpectrumLimits => ({
  whole,
  base: "fundamental",
  limitOf,
});

const classes: Readonly<Partial<Record<Standard, IndustrialClass>>> = { class1: 1, class2: 2, class3: 3 };

/** Orders from 2 to 50 of IEEE 519. */
function inTable(order: number): boolean {
  return Number.isInteger(order) && order >= 2 && order <= TOP_ORDER;
}

/** Of volts, "declared" the volts that such a channel should have; undefined where the standard has none, or not enough is known. */
export function voltLimitsOf({ standard, busVolts }: LimitChoice, declared?: number): SpectrumLimits | undefined {
  const plant = classes[standard];
  if (plant !== undefined) return ofVolts(industrialThd(plant), (order) => industrialLevel(plant, order));
  if (standard === "public") return ofVolts(THD_LEVEL, compatibilityLevel);
  if (standard === "en50160") {
    const limits = harmonicLimits("2010");
    return ofVolts(thdLimit.high ?? NaN, (order) => limits.get(order));
  }
  if (standard !== "ieee519" || busVolts === undefined || !(busVolts > 0)) return undefined;
  const { individual, thd } = voltageLimitsOf(busVolts);
  return {
    whole: thd,
    base: declared ?? "fundamental",
    limitOf: (order) => (inTable(order) ? individual : undefined),
  };
}

/** Of amps: IEEE 519 alone has any, in percent of the load current. */
export function ampLimitsOf({
  standard,
  busVolts,
  shortCircuitAmps,
  loadAmps,
}: LimitChoice): SpectrumLimits | undefined {
  if (standard !== "ieee519" || busVolts === undefined || shortCircuitAmps === undefined || loadAmps === undefined)
    return undefined;
  if (!(busVolts >= LEAST_VOLTS) || !(loadAmps > 0) || !(shortCircuitAmps > 0)) return undefined;
  const { tdd, limitOf } = currentLimitsOf(busVolts, shortCircuitAmps / loadAmps);
  return { whole: tdd, base: loadAmps, limitOf: (order) => (inTable(order) ? limitOf(order) : undefined) };
}

export function limitsOf(
  choice: LimitChoice,
  { unit, declared }: Pick<QualityChannelView, "unit" | "declared">,
): SpectrumLimits | undefined {
  return unit === "V" ? voltLimitsOf(choice, declared) : ampLimitsOf(choice);
}

/** Percent of what the limits are of; null of what is not known. */
export function percentOf(
  limits: SpectrumLimits | undefined,
  percent: number | null | undefined,
  fundamental: number | null,
): number | null {
  if (percent === null || percent === undefined) return null;
  const base = limits?.base ?? "fundamental";
  if (base === "fundamental") return percent;
  return fundamental === null ? null : (percent * fundamental) / base;
}

/** What is beyond: an order, or the whole. */
export interface Beyond {
  readonly channel: QualityChannelView;
  readonly order: number | "whole";
  readonly percent: number;
  readonly limit: number;
}

/** What is shown decides: hundredths of a percent, as the words have them. */
export function isBeyond(percent: number, limit: number): boolean {
  return Math.round(100 * percent) > Math.round(100 * limit);
}

/**
 * The whole in percent of what its limit is of. THD is in percent of the fundamental; TDD is the root of what IEEE 519 sums, to order 50, of
 * the load current; undefined where an order of it is not known.
 */
export function wholeOf(limits: SpectrumLimits, { thd, harmonics, fundamental }: QualityChannelView): number | null {
  if (limits.base === "fundamental") return thd;
  const orders = harmonics.slice(1, TOP_ORDER).map((percent) => percentOf(limits, percent, fundamental));
  if (orders.length < TOP_ORDER - 1 || orders.some((one) => one === null)) return null;
  return Math.hypot(...orders.map((one) => one ?? 0));
}

/** The whole first, then by order. */
export function beyondOf(channels: readonly QualityChannelView[], choice: LimitChoice): readonly Beyond[] {
  return channels.flatMap((channel) => {
    const limits = limitsOf(choice, channel);
    if (limits === undefined) return [];
    const whole = wholeOf(limits, channel);
    const orders = channel.harmonics.flatMap((value, k): Beyond[] => {
      const [limit, percent] = [limits.limitOf(k + 1), percentOf(limits, value, channel.fundamental)];
      return limit === undefined || percent === null || !isBeyond(percent, limit)
        ? []
        : [{ channel, order: k + 1, percent, limit }];
    });
    return whole !== null && isBeyond(whole, limits.whole)
      ? [{ channel, order: "whole", percent: whole, limit: limits.whole }, ...orders]
      : orders;
  });
}

/** Orders that have a limit, and how many of them are known of a channel. */
function knownOf(channel: QualityChannelView, limits: SpectrumLimits): { readonly known: number; readonly of: number } {
  const limited = Array.from({ length: LAST_ORDER + 1 }, (_, order) => order).filter(
    (order) => limits.limitOf(order) !== undefined,
  );
  const known = limited.filter(
    (order) => percentOf(limits, channel.harmonics[order - 1], channel.fundamental) !== null,
  );
  return { known: known.length, of: limited.length };
}

/** "nothing" where nothing is known that a limit could be held against, "part" where not all of it is. */
export function seenOf(channels: readonly QualityChannelView[], choice: LimitChoice): "nothing" | "part" | "all" {
  const seen = channels.flatMap((channel) => {
    const limits = limitsOf(choice, channel);
    return limits === undefined ? [] : [knownOf(channel, limits)];
  });
  if (seen.every(({ known }) => known === 0)) return "nothing";
  return seen.length === channels.length && seen.every(({ known, of }) => known === of) ? "all" : "part";
}

/** A choice that was kept, as far as it is one. */
export function readChoice(kept: unknown): LimitChoice | undefined {
  const { standard, ...numbers } = (kept ?? {}) as Readonly<Record<string, unknown>>;
  const known = standards.find((one) => one === standard);
  const positive = (name: string): number | undefined => {
    const value = numbers[name];
    return typeof value === "number" && value > 0 && Number.isFinite(value) ? value : undefined;
  };
  if (known === undefined) return undefined;
  return {
    standard: known,
    busVolts: positive("busVolts"),
    shortCircuitAmps: positive("shortCircuitAmps"),
    loadAmps: positive("loadAmps"),
  };
}
