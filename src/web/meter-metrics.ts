/**
 * What a meter measures, as metrics: the one table of their names. Units are OpenMetrics' base units: energies are joules, which are
 * watt-seconds, and reactive ones var-seconds, which have no name of their own. Values are those of the line, before transformers.
 */
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Family, Kind, Labels, Sample } from "./metric-text.ts";

const SECONDS_AN_HOUR = 3600;
const PERCENT = 1 / 100;

/** What is asked for, the first that the meter has, and which part of a meter that is. */
type Asked = readonly [labels: Labels, ...names: string[]];

type Row = readonly [name: string, unit: string, kind: Kind, help: string, scale: number, asked: readonly Asked[]];

const phases = ["a", "b", "c"] as const;

function each(...names: readonly string[]): readonly Asked[] {
  return phases.map((phase) => [{ phase }, ...names.map((name) => name.replace("*", phase))]);
}

const total = {};

// prettier-ignore
const table: readonly Row[] = [
  ["voltage_volts",              "volts",       "gauge", "RMS voltage: line to neutral of phases a, b, c, line to line of ab, bc, ca", 1,
    [...each("V.*"), [{ phase: "ab" }, "V.ab"], [{ phase: "bc" }, "V.bc"], [{ phase: "ca" }, "V.ca"]]],
  ["current_amperes",            "amperes",     "gauge", "RMS current of a phase, and of n, the neutral", 1, [...each("A.*"), [{ phase: "n" }, "A.n"]]],
  ["frequency_hertz",            "hertz",       "gauge", "Frequency", 1, [[total, "Hz"]]],
  ["active_power_watts",         "watts",       "gauge", "Active power of all phases together, import less export", 1, [[total, "W"]]],
  ["phase_active_power_watts",   "watts",       "gauge", "Active power of a phase, import less export", 1, each("W.*")],
  ["reactive_power_vars",        "vars",        "gauge", "Reactive power of all phases together, import less export", 1, [[total, "var"]]],
  ["phase_reactive_power_vars",  "vars",        "gauge", "Reactive power of a phase, import less export", 1, each("var.*")],
  ["apparent_power_voltamperes", "voltamperes", "gauge", "Apparent power of all phases together", 1, [[total, "VA"]]],
  ["phase_apparent_power_voltamperes", "voltamperes", "gauge", "Apparent power of a phase", 1, each("VA.*")],
  ["power_factor_ratio",         "ratio",       "gauge", "Power factor of all phases together, signed as the meter signs it", 1, [[total, "PF", "PF.leadlag"]]],
  ["phase_power_factor_ratio",   "ratio",       "gauge", "Power factor of a phase, signed as the meter signs it", 1, each("PF.*", "PF.*.leadlag")],
  ["voltage_thd_ratio",          "ratio",       "gauge", "Total harmonic distortion of a voltage, 0.05 is 5 %", PERCENT, each("THD.V.*")],
  ["current_thd_ratio",          "ratio",       "gauge", "Total harmonic distortion of a current, 0.05 is 5 %", PERCENT, each("THD.A.*")],
  ["active_energy_import_joules",          "joules",     "counter", "Active energy imported, as the meter's register has it; 3.6e6 J are 1 kWh", SECONDS_AN_HOUR, [[total, "Wh.import"]]],
  ["active_energy_export_joules",          "joules",     "counter", "Active energy exported, as the meter's register has it; 3.6e6 J are 1 kWh", SECONDS_AN_HOUR, [[total, "Wh.export"]]],
  ["reactive_energy_import_varseconds",    "varseconds", "counter", "Reactive energy imported, as the meter's register has it; 3.6e6 var s are 1 kvarh", SECONDS_AN_HOUR, [[total, "varh.import"]]],
  ["reactive_energy_export_varseconds",    "varseconds", "counter", "Reactive energy exported, as the meter's register has it; 3.6e6 var s are 1 kvarh", SECONDS_AN_HOUR, [[total, "varh.export"]]],
];

/** Names as measures, made once. */
const asked = table.map(([, , , , , asked]) =>
  asked.map(([labels, ...names]) => ({ labels, measures: names.map((name) => parseMeasure(name)) })),
);

/** Value of what a meter shows in a register only; undefined where it has no such register. */
function registered(surface: MeterSurface, measure: Measure): number | undefined {
  const register = surface
    .registers("normal")
    .find(
      ({ measure: shown, storage, tariff }) =>
        storage === "working" && tariff === "total" && shown !== undefined && keyOf(shown) === keyOf(measure),
    );
  return register?.value === undefined ? undefined : register.value * register.scale;
}

/** What of a meter's measures goes into which row, with which labels. */
interface Wanted {
  readonly measures: readonly Measure[];
  readonly places: readonly { readonly row: number; readonly labels: Labels }[];
  /** What it may have in a register. */
  readonly registered: readonly { readonly row: number; readonly labels: Labels; readonly measure: Measure }[];
}

/** By the list of what a meter can be asked for. */
const wanted = new WeakMap<readonly Measure[], Wanted>();

function wantedOf(measures: readonly Measure[]): Wanted {
  const known = wanted.get(measures);
  if (known !== undefined) return known;
  const has = new Map(measures.map((measure) => [keyOf(measure), measure]));
  const found: { row: number; labels: Labels; measure: Measure }[] = [];
  const registered: { row: number; labels: Labels; measure: Measure }[] = [];
  for (const [row, all] of asked.entries()) {
    for (const { labels, measures: names } of all) {
      const [first] = names;
      const measure = names.flatMap((one) => (one === undefined ? [] : (has.get(keyOf(one)) ?? [])))[0];
      if (measure !== undefined) found.push({ row, labels, measure });
      else if (first !== undefined && table[row]?.[2] === "counter") registered.push({ row, labels, measure: first });
    }
  }
  const made = { measures: found.map(({ measure }) => measure), places: found, registered };
  wanted.set(measures, made);
  return made;
}

/** The readings of meters, family by family. */
export class MeterMetrics {
  readonly #samples: Sample[][] = table.map(() => []);

  /** Takes in what a meter reads now; what it does not know is not there. */
  add(surface: MeterSurface): void {
    const { measures, places, registered: inRegisters } = wantedOf(surface.measures);
    const values = new Float64Array(measures.length);
    const valid = new Uint8Array(measures.length);
    surface.values(measures, "primary", values, valid);
    for (const [k, { row, labels }] of places.entries())
      if (!Number.isNaN(values[k])) this.#put(surface, row, labels, values[k]);
    for (const { row, labels, measure } of inRegisters) this.#put(surface, row, labels, registered(surface, measure));
  }

  #put({ identity }: MeterSurface, row: number, labels: Labels, value: number | undefined): void {
    const scale = table[row]?.[4] ?? 1;
    if (value !== undefined)
      this.#samples[row]?.push({ labels: { meter: identity.name, ...labels }, value: value * scale });
  }

  get families(): readonly Family[] {
    return table.map(([name, unit, kind, help], row) => ({
      name,
      unit,
      kind,
      help,
      samples: this.#samples[row] ?? [],
    }));
  }
}

const keys = new WeakMap<Measure, string>();

/** By value: a product may have a measure of its own that means the same. */
function keyOf(measure: Measure): string {
  const known = keys.get(measure) ?? measureName(measure);
  keys.set(measure, known);
  return known;
}
