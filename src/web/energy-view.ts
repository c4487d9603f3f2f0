/** Demand, tariffs and peaks of a meter, as pages and programs see them: functions of its surface. */
import { forecastOf, type DemandInterval } from "#quantity/demand-interval.ts";
import type { DemandIntervalView, EnergyView, PeakView, TariffsView, WallTimeView } from "#quantity/energy-api.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { RegisterReading } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";
import type { RateSwitch, TariffTimes } from "#quantity/tariff-times.ts";
import { unitOf } from "#quantity/unit.ts";
import { localText, registerView, timeOf } from "./meter-view.ts";

/** Changes of the rate that are told. */
const SWITCHES = 6;

export function wallTimeOf(stamp: Stamp): WallTimeView {
  return { at: localText(stamp), ...timeOf(stamp) };
}

export function energyOf(surface: MeterSurface): EnergyView {
  const now = surface.now();
  const demand = surface.demand();
  const tariffs = surface.tariffs();
  const registers = [...surface.registers("normal"), ...surface.registers("alternate")];
  return {
    name: surface.identity.name,
    now: wallTimeOf(now),
    ...(demand === undefined ? {} : { demand: demandView(demand, now) }),
    ...(tariffs === undefined ? {} : { tariffs: tariffsView(tariffs, now.utc) }),
    peaks: registers.filter(isPeak).map(peakView),
  };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function demandView(interval: DemandInterval, now: Stamp): DemandIntervalView {
  const { subIntervals, subIntervalMs, elapsedMs, whole, goesOnAt, measures } = interval;
  const ends = subIntervalMs === undefined ? undefined : { ...now, utc: now.utc + subIntervalMs - elapsedMs };
  return {
    subIntervals,
    subIntervalSeconds: subIntervalMs === undefined ? null : subIntervalMs / 1000,
    elapsedSeconds: elapsedMs / 1000,
    whole,
    ...(ends === undefined ? {} : { ends: wallTimeOf(ends) }),
    goesOnAt,
    measures: measures.map((one) => {
      const { measure, before, running } = one;
      const forecast = forecastOf(interval, one);
      const so = {
        measure: measureName(measure),
        unit: unitOf(measure),
        before: known(before),
        running: known(running),
      };
      return typeof forecast === "number" ? { ...so, forecast } : { ...so, forecast: null, unforeseen: forecast };
    }),
  };
}

function tariffsView(tariffs: TariffTimes, utc: number): TariffsView {
  const next: RateSwitch[] = [];
  for (let at = utc; next.length < SWITCHES;) {
    const one = tariffs.next(at);
    if (one === undefined) break;
    next.push(one);
    at = one.at.utc;
  }
  return {
    rate: tariffs.rate ?? null,
    isOverridden: tariffs.isOverridden,
    season: tariffs.season ?? null,
    next: next.map(({ at, rate }) => ({ ...wallTimeOf(at), rate: rate ?? null })),
  };
}

function isPeak({ kind, storage }: RegisterReading): boolean {
  return storage === "working" && (kind === "peakDemand" || kind === "peakThermalDemand");
}

function peakView(reading: RegisterReading): PeakView {
  const { peakAt, tariff } = reading;
  return { ...registerView(reading), tariff, ...(peakAt === undefined ? {} : { peak: wallTimeOf(peakAt) }) };
}
