/** What registers have counted from one self read to the next, as they were read: differences, and the peaks that they showed then. */
import type { BilledEnergyView, BilledPeakView, BillView } from "#quantity/bills-api.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { SelfRead } from "#quantity/meter-surface.ts";
import type { RegisterReading } from "#quantity/register.ts";
import { unitOf } from "#quantity/unit.ts";
import { wallTimeOf } from "./energy-view.ts";

const HOUR_MS = 3_600_000;

/** What counts on, and is read as it is. */
function isCounter({ kind, storage, measure }: RegisterReading): boolean {
  return kind === "consumption" && storage === "working" && measure !== undefined;
}

function isPeak({ kind, storage, measure }: RegisterReading): boolean {
  return kind === "peakDemand" && storage === "working" && measure !== undefined;
}

/** What it has counted since, in SI; undefined where it is another, or went back: it was preset, rolled over or began anew. */
function sinceOf(before: SelfRead, now: RegisterReading): number | undefined {
  const then = before.registers.find(({ id }) => id === now.id);
  if (then?.value === undefined || now.value === undefined || then.label !== now.label || then.scale !== now.scale)
    return undefined;
  const counts = now.value - then.value;
  // Digits that a register has: what lies beyond them is rounding.
  const places = 10 ** Math.max(now.decimals, then.decimals);
  return counts < 0 ? undefined : (Math.round(counts * places) / places) * now.scale;
}

export function billBetween(before: SelfRead, read: SelfRead): BillView {
  const counters = read.registers.filter(isCounter);
  const totals = counters.filter(({ tariff }) => tariff === "total");
  const energies = [...new Set(counters.map(keyOf))].map((key): BilledEnergyView => {
    const [sample] = counters.filter((one) => keyOf(one) === key);
    const total = totals.find((one) => keyOf(one) === key);
    const rates = counters.flatMap((one) => {
      const value = keyOf(one) === key && one.tariff !== "total" ? sinceOf(before, one) : undefined;
      return value === undefined ? [] : [{ rate: one.tariff, value }];
    });
    return {
      measure: sample?.measure === undefined ? key : measureName(sample.measure),
      unit: sample?.measure === undefined ? "" : unitOf(sample.measure),
      side: sample?.side ?? null,
      total: total === undefined ? null : (sinceOf(before, total) ?? null),
      rates,
      unknown: 0,
    };
  });
  const broken = counters.filter((one) => sinceOf(before, one) === undefined);
  return {
    period: `${before.sequence} - ${read.sequence}`,
    from: wallTimeOf(before.at),
    to: wallTimeOf(read.at),
    hours: (read.at.utc - before.at.utc) / HOUR_MS,
    isRunning: false,
    isWhole: broken.length === 0 && read.sequence === before.sequence + 1 && read.at.utc > before.at.utc,
    missing: [],
    missingSeconds: 0,
    records: 2,
    doubtful: broken.length,
    beyond: 0,
    clockBack: 0,
    events: [],
    eventCount: 0,
    energies,
    peaks: read.registers.filter(isPeak).flatMap(peakOf),
  };
}

/** Energies of a measure belong together, on one side of the transformers. */
function keyOf({ measure, side }: RegisterReading): string {
  return `${measure === undefined ? "" : measureName(measure)} ${side ?? ""}`;
}

function peakOf({ measure, value, scale, tariff, peakAt }: RegisterReading): BilledPeakView[] {
  if (measure === undefined || value === undefined) return [];
  const at = peakAt === undefined ? {} : { at: wallTimeOf(peakAt) };
  return [{ measure: measureName(measure), unit: unitOf(measure), value: value * scale, rate: tariff, ...at }];
}
