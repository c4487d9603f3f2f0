/** Plans of data objects that measure: MMXU, MMTR, MSTA, MSQI, MHAI, MFLK. */
import { siUnits, type SiUnit } from "#protocol/iec61850/model/enumerations.ts";
import type { ObjectPlan } from "#protocol/iec61850/model/make-ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { deadbandOf, isMeasured, rangeOf, rowsMeasured, type ModelFacts } from "./model-facts.ts";
import { energyRows, statisticRows, type Kind, type MeasuredRow } from "./object-table.ts";

const shared = ["units", "rangeC", "d"];
const banded = ["db", "dbRef", ...shared];
const analogue = ["instMag", ...banded];
const phasors = ["instCVal", ...banded];

/** PhaseAngleReferenceKind. */
const VA = 0;
const VAB = 6;

/** Percents are hundredths of one. */
const PERCENT = -2;

/** Average, maximum, minimum. */
export const statistics = ["Av", "Max", "Min"] as const;

/** Data objects of a node that measure. */
export function measuredObjects(node: MeasuredRow[0], facts: ModelFacts): readonly ObjectPlan[] {
  const rows = rowsMeasured(facts).filter((row) => row[0] === node);
  return [...new Set(rows.map(([, name]) => name))].map((name) =>
    objectOf(
      rows.filter((row) => row[1] === name),
      node,
      facts,
    ),
  );
}

function objectOf(rows: readonly MeasuredRow[], node: string, facts: ModelFacts): ObjectPlan {
  const [, name = "", part, , unit = "none", kind = "percent", more] = rows[0] ?? [];
  const common = { name, values: valuesOf(unit, kind, facts), writable: ["db"] };
  if (part === undefined || part === "") {
    const values = { ...common.values, ...dead(facts, `${node}1.${name}`) };
    return { ...common, cdc: "MV", has: analogue, values };
  }
  const cdc = part.startsWith("c") ? "SEQ" : part.length > "phsA".length && part !== "neut" ? "DEL" : "WYE";
  const has = more?.angle === undefined ? phasors : [...phasors, "ang", ...(cdc === "SEQ" ? [] : ["angRef"])];
  const parts = rows.map((row) => row[2]);
  return {
    ...common,
    cdc,
    has,
    parts,
    lacks: Object.fromEntries(rows.filter((row) => row[6]?.angle === undefined).map((row) => [row[2], ["ang"]])),
    values: {
      ...common.values,
      ...Object.assign({}, ...parts.map((one) => dead(facts, `${node}1.${name}.${one}`, `${one}.`))),
      // Against the first voltage (7-3, PhaseAngleReferenceKind); sequences from positive to zero.
      angRef: facts.neutral ? VA : VAB,
      seqT: 0,
      d: titles[name] ?? name,
    },
  };
}

function dead({ settings }: ModelFacts, of: string, place = ""): Record<string, LeafValue> {
  return { [`${place}db`]: deadbandOf(settings, of) };
}

function valuesOf(unit: SiUnit, kind: Kind, facts: ModelFacts): Record<string, LeafValue> {
  const units = { "units.SIUnit": siUnits[unit], "units.multiplier": kind === "percent" ? PERCENT : 0 };
  if (facts.isTemplate === true) return units;
  const { min, max } = rangeOf(kind, facts);
  return {
    ...units,
    "rangeC.min.f": min,
    "rangeC.max.f": max,
    dbRef: Math.fround(max - min),
  };
}

/** Descriptions in the manual's words (Appendix E). */
const titles: Readonly<Record<string, string>> = {
  PPV: "Phase to phase voltages",
  PhV: "Phase to ground voltages",
  A: "Phase currents",
  W: "Phase active power",
  VAr: "Phase reactive power",
  VA: "Phase apparent power",
  PF: "Phase power factor",
};

const totals: Readonly<Record<string, string>> = {
  TotW: "Total Active Power",
  TotVAr: "Total Reactive Power",
  TotVA: "Total Apparent Power",
  TotPF: "Average Power factor",
  Hz: "Frequency",
};

export function described(plans: readonly ObjectPlan[]): readonly ObjectPlan[] {
  return plans.map((one) => ({
    ...one,
    values: { d: titles[one.name] ?? totals[one.name] ?? one.name, ...one.values },
  }));
}

const energyTitles: Readonly<Record<string, string>> = {
  TotVAh: "Total VA hours",
  TotWh: "Total Watt hours",
  TotVArh: "Total VAR hours",
  SupWh: "Delivered Watt Hours",
  SupVArh: "Delivered VAR hours",
  DmdWh: "Received Watt hours",
  DmdVArh: "Received VAR hours",
};

/** Whole units: a count is one watt hour, primary. */
export function energyObjects(): readonly ObjectPlan[] {
  return energyRows.map(([name, , unit]) => ({
    name,
    cdc: "BCR",
    has: ["actVal", "t", "units", "d"],
    values: { "units.SIUnit": siUnits[unit], "units.multiplier": 0, pulsQty: 1, d: energyTitles[name] ?? name },
  }));
}

const kinds = { Av: "Average", Max: "Maximum", Min: "Minimum" } as const;
const words = { Amps: "current", Volts: "voltage", VA: "apparent power", W: "real power", VAr: "reactive power" };

/** What is of a whole window has no dead band: it is another with each. */
export function statisticObjects(facts: ModelFacts): readonly ObjectPlan[] {
  return statisticRows.flatMap(([name, , unit, kind]) =>
    statistics.map((one): ObjectPlan => ({
      name: `${one}${name}`,
      cdc: "MV",
      has: shared,
      values: {
        ...valuesOf(unit, kind, facts),
        d: `${kinds[one]} ${words[name as keyof typeof words]}`,
      },
    })),
  );
}

/** Harmonics as magnitudes, from order 0 on; a cycle of the block and how long it is (IEC 61000-4-7). */
export function harmonicObjects(facts: ModelFacts): readonly ObjectPlan[] {
  const { harmonics, hz, settings } = facts;
  if (harmonics === undefined) return [];
  const partsOf = (letter: "V" | "A", places: Readonly<Record<string, string>>): readonly string[] =>
    Object.keys(places).filter((one) => isMeasured(facts, `${letter}.${places[one]}`));
  const { orders, volts } = harmonics;
  const common = (unit: SiUnit) => ({
    points: orders,
    // The first edition's files have no place for a second array of the name, with the units.
    has: settings.edition === "1" ? [] : ["units"],
    values: {
      "units.SIUnit": siUnits[unit],
      "units.multiplier": 0,
      numHar: orders,
      numCyc: hz / CYCLES_OF,
      evalTm: BLOCK_MS,
      frequency: hz,
      maxPts: orders,
    },
  });
  const ofVolts: ObjectPlan =
    volts === "ll"
      ? { name: "HPPV", cdc: "HDEL", parts: partsOf("V", pairs), ...common("V") }
      : { name: "HPhV", cdc: "HWYE", parts: partsOf("V", phases), ...common("V") };
  return [{ name: "HA", cdc: "HWYE", parts: partsOf("A", phases), ...common("A") }, ofVolts];
}

const phases = { phsAHar: "a", phsBHar: "b", phsCHar: "c" } as const;
const pairs = { phsABHar: "ab", phsBCHar: "bc", phsCAHar: "ca" } as const;

/** Ten cycles of 50 Hz, twelve of 60. */
const CYCLES_OF = 5;
const BLOCK_MS = 200;
