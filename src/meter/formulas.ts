/** What each name of the vocabulary is, in terms of what the instrument keeps. One line a quantity. */
import { ampsDemanded, pairs, phases, quadrants, watched, type Quantity } from "#quantity/quantity.ts";
import { AUTOMATIC, type Setting } from "#quantity/setting.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { imbalance, leadLagFactor, mean, powerFactor, qPower, quadrantOf, total } from "#metrology/power.ts";
import { alarmClosed, eventsOf } from "./alerts.ts";
import { ampsPlace } from "./amps-demand.ts";
import type { Counts } from "./counts.ts";
import type { CycleResult } from "./cycle-result.ts";
import type { DataLog } from "./data-log.ts";
import type { Demand } from "./demand.ts";
import { AMPERE_HOURS } from "./energy-registers.ts";
import { energy, KINDS } from "./integrals.ts";
import type { Measurement } from "./measurement.ts";
import { recentCurrents } from "./recent-means.ts";
import type { Ratings } from "./ratings.ts";
import type { Records } from "./records.ts";

/** What an instrument keeps, as a formula sees it. */
export interface Kept {
  readonly result: CycleResult;
  readonly measurement: Measurement;
  readonly wiring: Wiring;
  readonly demand: Demand;
  readonly log: DataLog | undefined;
  readonly records: Records;
  readonly ratings: Ratings;
  readonly signedTotals: boolean;
  readonly alerts: number;
  /** Which of the alerts are of what is measured. */
  readonly range: number;
  readonly counts: Counts;
  setting(name: Setting): number;
  /** Of a slot of the integrals (integrals.ts), in Wh, varh or VAh; of AMPERE_HOURS in Ah. */
  energySinceClear(slot: number): number;
  /** What a register shows of an energy: at `parts` of 2 it rolls over at half the count. */
  rolled(value: number, parts?: number): number;
  pulseCount(output: 0 | 1): number;
}

export type Formula = (meter: Kept) => number;

/** Degrees by which the current lags its voltage. */
function lagOf(w: number, q: number): number {
  return (Math.atan2(q, w) * 180) / Math.PI;
}

/** The power factor of the fundamentals. */
function displacementFactor(w: number, q: number): number {
  return leadLagFactor(w, q, Math.hypot(w, q));
}

const at = (values: Float64Array, k: number): number => values[k] ?? NaN;

/** Whether the wiring measures a phase's power: 1 to 3; 0 is the total. */
function measured({ wiring }: Kept, place: number): boolean {
  return place === 0 || wiring.elements.some(({ current }) => current === phases[place - 1]);
}

/** What a place's energy register shows. */
function energyOf(meter: Kept, place: number, ...kinds: readonly number[]): number {
  if (!measured(meter, place)) return NaN;
  return meter.rolled(kinds.reduce((sum, kind) => sum + meter.energySinceClear(place * KINDS + kind), 0));
}

/** Import less export; past the limit of a signed register it starts again from zero on its own side. */
function netOf(meter: Kept, place: number, plus: number, minus: number): number {
  if (!measured(meter, place)) return NaN;
  const net = meter.energySinceClear(place * KINDS + plus) - meter.energySinceClear(place * KINDS + minus);
  return Math.sign(net) * meter.rolled(Math.abs(net), 2);
}

/**
 * 1 where the phases follow each other as a, b, c, -1 as a, c, b: the voltage of the third input is ahead of the first's (or
 * that from c to b ahead of that from a to b), or behind.
 */
function sequence({ measurement }: Kept): number {
  const { degrees } = measurement.phasors.V;
  const ahead = Math.sin(((at(degrees, 2) - at(degrees, 0)) * Math.PI) / 180);
  return Number.isNaN(ahead) || ahead === 0 ? NaN : Math.sign(ahead);
}

/** Reactive import (quadrants 1 and 2) less export. */
function reactiveNet(meter: Kept, place = 0): number {
  const net = energyOf(meter, place, energy.q1, energy.q2) - energyOf(meter, place, energy.q3, energy.q4);
  return Math.sign(net) * meter.rolled(Math.abs(net), 2);
}

function absoluteOf(meter: Kept): number {
  return energyOf(meter, 0, energy.whImport, energy.whExport);
}

/** By how many percent one value is off the mean of all. */
function deviation(values: Float64Array, k: number): number {
  const average = mean(values);
  return (100 * Math.abs(at(values, k) - average)) / average;
}

/** The exponent of a scale: as somebody has set it, where the meter has such a setting, else by the ratings. */
function scaleOf(m: Kept, setting: Setting, by: "a" | "v" | "w"): number {
  const own = m.setting(setting);
  return Number.isNaN(own) || own === AUTOMATIC ? m.ratings.exponents[by] : own;
}

const table = new Map<Quantity, Formula>([
  ["Hz", (m) => m.result.hz],
  ["V.ln", (m) => mean(m.result.v)],
  ["V.ll", (m) => mean(m.result.ll)],
  ["A", (m) => mean(m.result.a)],
  ["A.sum", (m) => total(m.result.a)],
  ["A.n", (m) => m.result.n],
  ["W", (m) => m.result.wTotal],
  ["W.import", (m) => Math.max(0, m.result.wTotal)],
  ["W.export", (m) => Math.max(0, -m.result.wTotal)],
  ["var", (m) => m.result.qTotal],
  ["VA", (m) => m.result.sTotal],
  ["deg", (m) => lagOf(m.result.wTotal, m.result.qTotal)],
  ["VA.arithmetic", (m) => total(m.result.s) * m.wiring.arithmetic],
  ["Q", (m) => qPower(m.result.wTotal, m.result.qTotal)],
  ["PF", (m) => powerFactor(m.result.wTotal, m.result.sTotal)],
  ["PF.leadlag", (m) => leadLagFactor(m.result.wTotal, m.result.qTotal, m.result.sTotal)],
  ["PF.average", (m) => mean(m.result.w.map((w, k) => powerFactor(w, at(m.result.s, k))))],
  ["quadrant", (m) => quadrantOf(m.result.wTotal, m.result.qTotal)],
  ["unbalance.V", (m) => imbalance(m.wiring.ln.length > 1 ? m.result.v : m.result.ll)],
  ["unbalance.A", (m) => imbalance(m.result.a)],
  ["unbalance.V.ln", (m) => imbalance(m.result.v)],
  ["unbalance.V.ll", (m) => imbalance(m.result.ll)],
  ["var.absolute", (m) => Math.abs(m.result.qTotal)],
  ["varh.absolute", (m) => energyOf(m, 0, energy.q1, energy.q2, energy.q3, energy.q4)],
  ["varh.import", (m) => energyOf(m, 0, energy.q1, energy.q2)],
  ["varh.export", (m) => energyOf(m, 0, energy.q3, energy.q4)],
  ["varh.net", (m) => reactiveNet(m)],
  ["VAh.absolute", (m) => energyOf(m, 0, energy.vahImport, energy.vahExport)],
  ["Wh.total", (m) => (m.signedTotals ? netOf(m, 0, energy.whImport, energy.whExport) : absoluteOf(m))],
  ["varh.total", (m) => (m.signedTotals ? reactiveNet(m) : energyOf(m, 0, energy.q1, energy.q2, energy.q3, energy.q4))],
  ["Ah.sum", (m) => m.energySinceClear(AMPERE_HOURS)],
  ["sequence", sequence],
  [
    "DPF.leadlag",
    ({ measurement: { phasors } }) => displacementFactor(total(phasors.watts), total(phasors.fundamental)),
  ],
  ["THD.V", (m) => mean(m.measurement.phasors.V.thd)],
  ["THD.A", (m) => mean(m.measurement.phasors.A.thd)],
  ["W.import.demand", (m) => m.demand.directed(0, false)],
  ["W.export.demand", (m) => m.demand.directed(0, true)],
  ["W.demand.max", (m) => m.demand.extremeActive("most")],
  ["W.demand.min", (m) => m.demand.extremeActive("least")],
  ["VA.absolute.demand", (m) => m.demand.apparent],
  ["VA.absolute.demand.max", (m) => m.demand.maximumApparent],
  ["demand.seconds", (m) => Math.floor(m.demand.elapsedMs / 1000)],
  ["pulses.1", (m) => m.pulseCount(0)],
  ["pulses.2", (m) => m.pulseCount(1)],
  ["exponent.A", (m) => scaleOf(m, "scale.A", "a")],
  ["exponent.A.n", (m) => scaleOf(m, "scale.B", "a")],
  ["exponent.A.ground", (m) => scaleOf(m, "scale.C", "a")],
  ["exponent.V", (m) => scaleOf(m, "scale.D", "v")],
  ["exponent.V.n", (m) => scaleOf(m, "scale.E", "v")],
  ["exponent.W", (m) => scaleOf(m, "scale.F", "w")],
  ["exponent.Wh", (m) => m.ratings.exponents.w],
  ["W.theoretical", (m) => m.ratings.theoreticalPower],
  ["s.pulse.closure", (m) => m.ratings.closureMs / 1000],
  ["alerts", (m) => m.alerts],
  ["events", (m) => eventsOf(m.range)],
  ["resets.energy", (m) => m.counts.energyResets],
  ["powerups", (m) => m.counts.powerUps],
  ["outputs.alarm", (m) => Number(alarmClosed(m.range))],
  ["log.status", (m) => m.log?.status ?? NaN],
  ["log.wraps", (m) => m.log?.wraps ?? NaN],
  ["log.days", (m) => m.log?.days(m.setting("demandSubInterval")) ?? NaN],
  ["log.entries", (m) => m.log?.entries ?? NaN],
  ["log.start", (m) => m.log?.startEnergy ?? NaN],
  ["log.newest.dayMonth", (m) => m.log?.newest.dayMonth ?? NaN],
  ["log.newest.hourYear", (m) => m.log?.newest.hourYear ?? NaN],
  ["log.newest.secondMinute", (m) => m.log?.newest.secondMinute ?? NaN],
]);

(["shifted", "fundamental", "budeanu"] as const).forEach((way) => {
  table.set(`var.${way}`, (m) => total(m.measurement.reactive(way)));
  phases.forEach((phase, k) => table.set(`var.${phase}.${way}`, (m) => at(m.measurement.reactive(way), k)));
});

for (const point of ["output", "input"] as const) {
  table.set(`${point}s.digital`, ({ records }) => Number(records[point]?.on ?? NaN));
  table.set(`${point}s.digital.count`, ({ records }) => records[point]?.count ?? NaN);
  table.set(`${point}s.digital.seconds`, ({ records }) => records[point]?.seconds ?? NaN);
}

table.set("usage.hours", (m) => Math.floor(m.records.usageSeconds / 3600));
table.set("usage.minutes", (m) => Math.floor((m.records.usageSeconds % 3600) / 60));

for (const name of watched) {
  for (const which of ["min", "max"] as const) {
    table.set(`${name}.${which}`, (m) => m.records.extremes?.of(name, which, "present")?.value ?? NaN);
  }
}

ampsDemanded.forEach((name) => {
  const k = ampsPlace[name];
  table.set(`${name}.demand.running`, (m) => m.records.recent?.mean(recentCurrents + k) ?? NaN);
  // Of a meter whose ammeters are not thermal: the mean over the interval of the powers.
  table.set(`${name}.demand`, (m) => m.records.ampsDemand?.present(k) ?? m.demand.current(k));
  table.set(`${name}.demand.max`, (m) => m.records.ampsDemand?.peak(k) ?? m.demand.maximumCurrent(k));
});

(["W", "var", "VA"] as const).forEach((unit, k) => {
  const running = (m: Kept): number => m.records.recent?.mean(k) ?? NaN;
  table.set(`${unit}.demand.running`, running);
  table.set(`${unit}.demand.predicted`, (m) => m.demand.predicted(k, running(m), m.ratings.cycle.lengthMs));
  table.set(`${unit}.peak.PF`, ({ demand }) =>
    leadLagFactor(demand.coincident(k, 0), demand.coincident(k, 1), demand.coincident(k, 2)),
  );
  (["W", "var", "VA"] as const).forEach((other, unitOf) => {
    if (other !== unit) table.set(`${unit}.peak.${other}`, (m) => m.demand.coincident(k, unitOf));
  });
  table.set(`${unit}.demand`, (m) => m.demand.present(k));
  table.set(`${unit}.import.demand.max`, (m) => m.demand.maximum(k, false));
  table.set(`${unit}.export.demand.max`, (m) => m.demand.maximum(k, true));
});

["" as const, ...phases.map((phase) => `${phase}.` as const)].forEach((place, k) => {
  table.set(`Wh.${place}import`, (m) => energyOf(m, k, energy.whImport));
  table.set(`Wh.${place}export`, (m) => energyOf(m, k, energy.whExport));
  table.set(`Wh.${place}net`, (m) => netOf(m, k, energy.whImport, energy.whExport));
  table.set(`Wh.${place}absolute`, (m) => energyOf(m, k, energy.whImport, energy.whExport));
  table.set(`VAh.${place}import`, (m) => energyOf(m, k, energy.vahImport));
  table.set(`VAh.${place}export`, (m) => energyOf(m, k, energy.vahExport));
  table.set(`VAh.${place}net`, (m) => netOf(m, k, energy.vahImport, energy.vahExport));
  for (const quadrant of quadrants) table.set(`varh.${place}${quadrant}`, (m) => energyOf(m, k, energy[quadrant]));
});

pairs.forEach((pair, k) => {
  table.set(`V.${pair}`, (m) => at(m.result.ll, k));
  table.set(`unbalance.V.${pair}`, (m) => deviation(m.result.ll, k));
  table.set(`V.${pair}.fundamental`, (m) => at(m.measurement.phasors.pairs.magnitude, k));
  table.set(`deg.V.${pair}`, (m) => at(m.measurement.phasors.pairs.degrees, k));
  table.set(`THD.V.${pair}`, (m) => at(m.measurement.phasors.pairs.thd, k));
  const input = phases[k] ?? "a";
  const lines = ({ measurement, wiring }: Kept) => measurement.phasors[wiring.ln.length > 0 ? "V" : "pairs"];
  table.set(`V.input.${input}.fundamental`, (m) => at(lines(m).magnitude, k));
  table.set(`deg.V.input.${input}`, (m) => at(lines(m).degrees, k));
});

phases.forEach((phase, k) => {
  const { w, q, s } = {
    w: (m: Kept) => at(m.result.w, k),
    q: (m: Kept) => at(m.result.q, k),
    s: (m: Kept) => at(m.result.s, k),
  };
  table.set(`V.${phase}`, (m) => at(m.result.v, k));
  table.set(`A.${phase}`, (m) => at(m.result.a, k));
  table.set(`unbalance.V.${phase}`, (m) => deviation(m.result.v, k));
  table.set(`unbalance.A.${phase}`, (m) => deviation(m.result.a, k));
  table.set(`W.${phase}`, w);
  table.set(`var.${phase}`, q);
  table.set(`var.${phase}.absolute`, (m) => Math.abs(q(m)));
  table.set(`VA.${phase}`, s);
  table.set(`Q.${phase}`, (m) => qPower(w(m), q(m)));
  table.set(`PF.${phase}`, (m) => powerFactor(w(m), s(m)));
  table.set(`W.${phase}.demand`, (m) => (measured(m, k + 1) ? m.demand.phase(k) : NaN));
  table.set(`varh.${phase}.import`, (m) => energyOf(m, k + 1, energy.q1, energy.q2));
  table.set(`varh.${phase}.export`, (m) => energyOf(m, k + 1, energy.q3, energy.q4));
  table.set(`varh.${phase}.net`, (m) => reactiveNet(m, k + 1));
  table.set(`varh.${phase}.absolute`, (m) => energyOf(m, k + 1, energy.q1, energy.q2, energy.q3, energy.q4));
  table.set(`VAh.${phase}.absolute`, (m) => energyOf(m, k + 1, energy.vahImport, energy.vahExport));
  table.set(`PF.${phase}.leadlag`, (m) => leadLagFactor(w(m), q(m), s(m)));
  table.set(`DPF.${phase}.leadlag`, ({ measurement: { phasors } }) =>
    displacementFactor(at(phasors.watts, k), at(phasors.fundamental, k)),
  );
  table.set(`K.A.${phase}`, (m) => at(m.measurement.phasors.kFactors, k));
  table.set(`deg.${phase}`, (m) => lagOf(w(m), q(m)));
  table.set(`V2.${phase}`, (m) => at(m.result.v, k) ** 2);
  table.set(`A2.${phase}`, (m) => at(m.result.a, k) ** 2);
  table.set(`quadrant.${phase}`, (m) => quadrantOf(w(m), q(m)));
  for (const unit of ["V", "A"] as const) {
    table.set(`${unit}.${phase}.fundamental`, (m) => at(m.measurement.phasors[unit].magnitude, k));
    table.set(`deg.${unit}.${phase}`, (m) => at(m.measurement.phasors[unit].degrees, k));
    table.set(`THD.${unit}.${phase}`, (m) => at(m.measurement.phasors[unit].thd, k));
    table.set(`crest.${unit}.${phase}`, (m) => at(m.measurement.phasors[unit].crest, k));
  }
});

for (const unit of ["V", "A"] as const) {
  for (const part of ["positive", "negative", "zero"] as const) {
    table.set(`${unit}.${part}`, (m) => m.measurement.phasors[unit].sequence[part]);
    table.set(`${unit}.${part}.angle`, (m) => (m.measurement.phasors[unit].sequence.angle[part] * 180) / Math.PI);
  }
  table.set(`unbalance.${unit}.sequence`, (m) => {
    const { negative, positive } = m.measurement.phasors[unit].sequence;
    return (100 * negative) / positive;
  });
}

export const formulas: ReadonlyMap<Quantity, Formula> = table;
