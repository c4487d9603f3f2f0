/** What one configuration changes of another: what begins anew (section Changing Meter Configurations), and what is rescaled. */
import { primaryFactor } from "#quantity/measure.ts";
import type { Origin } from "#quantity/log.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import type { RevenueFile } from "./configuration-schema.ts";

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** What energy pulses are of, by channel. */
function pulsesOf({ io }: RevenueFile): unknown {
  return io.map(({ mode, measure, ke }) => (mode === "outputEnergyPulse" ? { measure, ke } : undefined));
}

/** When intervals end. */
function timingOf({ profiles }: RevenueFile): unknown {
  return profiles.map(({ minutes, externalSync }) => ({ minutes, externalSync }));
}

/** Which features begin anew. */
export function changesOf(before: RevenueFile, after: RevenueFile, by: Origin): Applied {
  const differ = (...keys: readonly (keyof RevenueFile)[]): boolean =>
    keys.some((key) => !same(before[key], after[key]));
  const timing = !same(timingOf(before), timingOf(after));
  return {
    by,
    registers: differ("registers", "demand", "selfRead", "primary") || timing,
    profiles: differ("profiles", "primary", "demand"),
    pulses: !same(pulsesOf(before), pulsesOf(after)),
    totalization: differ("totalization"),
    billing: !same(before.timekeeping.billingReset, after.timekeeping.billingReset),
  };
}

export function wordsOf({ registers, profiles, pulses, billing }: Applied): readonly string[] {
  const words: string[] = [];
  if (registers) words.push("display registers and self reads begin at zero");
  else if (billing === true) words.push("cumulative registers begin at zero");
  if (profiles) words.push("load profiles are erased");
  if (pulses) words.push("energy pulses begin at zero");
  return words;
}

/** Whether the transformers' ratios are others. */
export function ratiosChange(before: RevenueFile, after: RevenueFile): boolean {
  return before.primary.pt !== after.primary.pt || before.primary.ct !== after.primary.ct;
}

/**
 * With other ratios, levels that stand as they were go on to mean the same primary values: they are secondary. Km and Ke are
 * primary, and mean the same as they are. Levels of registers are what they display.
 */
export function rescaled(before: RevenueFile, after: RevenueFile): RevenueFile {
  if (!ratiosChange(before, after)) return after;
  const [old, now] = [before.primary, after.primary];
  const triggers = after.triggers.map((trigger) => {
    const { id, measure, register, alarm, reset } = trigger;
    const was = before.triggers.find((one) => one.id === id);
    const stands =
      was !== undefined && same([was.measure, was.register, was.alarm, was.reset], [measure, register, alarm, reset]);
    if (!stands || alarm === undefined || reset === undefined) return trigger;
    const displayed = Object.values(after.registers)
      .flat()
      .find((one) => one.id === register);
    const of =
      measure ??
      (displayed !== undefined && "measure" in displayed && displayed.scaling === "secondary"
        ? displayed.measure
        : undefined);
    if (of === undefined) return trigger;
    const factor = primaryFactor(of, old.pt, old.ct) / primaryFactor(of, now.pt, now.ct);
    return { ...trigger, alarm: alarm * factor, reset: reset * factor };
  });
  return { ...after, triggers };
}

/** The configuration with other ratios, as the front panel sets them: what compensated losses for the old ones is no longer right. */
export function withRatios(before: RevenueFile, { pt, ct }: { readonly pt: number; readonly ct: number }): RevenueFile {
  const { losses: _losses, ...rest } = before;
  return { ...rest, primary: { ...before.primary, pt, ct } };
}
