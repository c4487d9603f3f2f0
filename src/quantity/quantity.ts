/**
 * The names that tables of fixed maps use, as types: a wrong cell is a type error. Those that are measured are written forms of
 * measures (measure-name.ts says how they are made); the others are the meter's own state. The unit is SI: `Wh.import` is in
 * watt-hours whatever a register prints.
 */
import { accumulates, type Measure } from "./measure.ts";
import { measureName, parseMeasure } from "./measure-name.ts";

export type Phase = "a" | "b" | "c";
export type Pair = "ab" | "bc" | "ca";
export type Direction = "import" | "export" | "net";
export type Quadrant = "q1" | "q2" | "q3" | "q4";

export const phases: readonly Phase[] = ["a", "b", "c"];
export const pairs: readonly Pair[] = ["ab", "bc", "ca"];
export const quadrants: readonly Quadrant[] = ["q1", "q2", "q3", "q4"];

/** What is measured anew every cycle of calculation. */
export type Instant =
  | "Hz"
  | `V.${Phase | Pair | "ll" | "ln"}`
  | "A"
  | "A.sum"
  | `A.${Phase | "n"}`
  | `${"W" | "var" | "VA" | "Q" | "PF"}`
  | `${"W" | "var" | "VA" | "Q" | "PF"}.${Phase}`
  | `W.${"import" | "export"}`
  | `var.${"shifted" | "fundamental" | "budeanu"}`
  | `var.${Phase}.${"shifted" | "fundamental" | "budeanu"}`
  | "var.absolute"
  | `var.${Phase}.absolute`
  | "VA.arithmetic"
  | "PF.average"
  | "PF.leadlag"
  | `PF.${Phase}.leadlag`
  | `DPF.${"" | `${Phase}.`}leadlag`
  | `V2.${Phase}`
  | `A2.${Phase}`
  | `V.${Phase | Pair}.fundamental`
  | `V.input.${Phase}.fundamental`
  | `A.${Phase}.fundamental`
  | `${"V" | "A"}.${"positive" | "negative" | "zero"}`
  | `${"V" | "A"}.${"positive" | "negative" | "zero"}.angle`
  | `deg.${"V" | "A"}.${Phase}`
  | `deg.V.${Pair}`
  | `deg.V.input.${Phase}`
  | "deg"
  | `deg.${Phase}`
  | `THD.${"V" | "A"}`
  | `THD.${"V" | "A"}.${Phase}`
  | `THD.V.${Pair}`
  | `crest.${"V" | "A"}.${Phase}`
  | `K.A.${Phase}`
  | `unbalance.${"V" | "A"}${"" | ".sequence"}`
  | `unbalance.A.${Phase}`
  | `unbalance.V.${Phase | Pair | "ll" | "ln"}`
  | "quadrant"
  | `quadrant.${Phase}`;

/** What only grows (but for net), until somebody clears it. */
export type Energy =
  | `${"Wh" | "VAh"}.${Direction}`
  | `${"Wh" | "VAh"}.${Phase}.${Direction}`
  | "Wh.absolute"
  | `Wh.${Phase}.absolute`
  | `varh.${Quadrant}`
  | `varh.${Phase}.${Quadrant}`
  | `varh.${"import" | "export" | "net" | "absolute"}`
  | `varh.${Phase}.${"import" | "export" | "net" | "absolute"}`
  | "VAh.absolute"
  | `VAh.${Phase}.absolute`
  | "Ah.sum"
  /** Net or absolute, as the setting energyAccumulation has it. */
  | `${"Wh" | "varh"}.total`;

export type Demand =
  | `${"W" | "var" | "VA"}.demand`
  | `${"W" | "var" | "VA"}.${"import" | "export"}.demand.max`
  | `W.${"import" | "export"}.demand`
  | `W.${Phase}.demand`
  | `W.demand.${"max" | "min"}`
  | `VA.absolute.demand${"" | ".max"}`
  | `${AmpsDemanded}.demand`
  | `${AmpsDemanded}.demand.max`;

/** The currents of which a meter may keep demands. */
export type AmpsDemanded = "A" | `A.${Phase | "n"}`;

/** What a meter may keep the least and the largest of. */
export type Watched =
  | "Hz"
  | `V.${Phase | Pair | "ll" | "ln"}`
  | "A"
  | `A.${Phase | "n"}`
  | `${"W" | "var" | "VA"}`
  | `${"W" | "var" | "VA"}.${Phase}`
  | "PF.leadlag"
  | `PF.${Phase}.leadlag`
  | `DPF.${"" | `${Phase}.`}leadlag`
  | `THD.${"V" | "A"}.${Phase}`
  | `THD.V.${Pair}`
  | `crest.${"V" | "A"}.${Phase}`
  | `K.A.${Phase}`
  | "unbalance.A"
  | `unbalance.A.${Phase}`
  | `unbalance.V.${Phase | Pair | "ll" | "ln"}`;
export type Extreme = `${Watched}.${"min" | "max"}`;

/** Pulses that a meter has given, by output. */
export type Count = "pulses.1" | "pulses.2";

/**
 * What the meter says of itself: no measures. Of its demands: the running average and what the interval will have been, the power
 * factor and the other powers of the interval in which one was largest (W.peak.PF), the seconds of the interval that have passed.
 */
export type State =
  | `exponent.${"A" | "V" | "W" | "Wh" | "A.n" | "A.ground" | "V.n"}`
  | "W.theoretical"
  | "sequence"
  | "s.pulse.closure"
  | "alerts"
  | "events"
  | "resets.energy"
  | "powerups"
  | `${"W" | "var" | "VA" | AmpsDemanded}.demand.running`
  | `${"W" | "var" | "VA"}.demand.predicted`
  | `${"W" | "var" | "VA"}.peak.${"PF" | "W" | "var" | "VA"}`
  | "demand.seconds"
  | "outputs.alarm"
  | `${"outputs" | "inputs"}.digital`
  | `${"outputs" | "inputs"}.digital.${"count" | "seconds"}`
  | `usage.${"hours" | "minutes"}`
  | `log.${"status" | "wraps" | "days" | "entries" | "start" | "newest.dayMonth" | "newest.hourYear" | "newest.secondMinute"}`;

export type MeasuredName = Instant | Energy | Demand | Extreme | Count;
export type Quantity = MeasuredName | State;

/** Every combination of the parts, joined by dots. */
function* joined(...parts: readonly (readonly string[])[]): Generator<string> {
  const [head, ...rest] = parts;
  if (head === undefined) return;
  for (const first of head) {
    if (rest.length === 0) yield first;
    else for (const tail of joined(...rest)) yield [first, tail].filter((part) => part !== "").join(".");
  }
}

export const ampsDemanded: readonly AmpsDemanded[] = ["A", "A.a", "A.b", "A.c", "A.n"];

/** In the order in which registers have them; later ones at the end, since what is stored of them lies in this order. */
export const watched: readonly Watched[] = [
  ...joined(["A"], [...phases, "n"]),
  "A",
  ...joined(["unbalance.A"], phases),
  "unbalance.A",
  ...joined(["V"], [...pairs, "ll", ...phases, "ln"]),
  ...joined(["unbalance.V"], [...pairs, "ll", ...phases, "ln"]),
  ...["W", "var", "VA"].flatMap((unit) => [...joined([unit], phases), unit]),
  ...joined(["PF"], phases, ["leadlag"]),
  "PF.leadlag",
  "Hz",
  ...joined(["THD"], ["A", "V"], phases),
  ...joined(["DPF"], [...phases, ""], ["leadlag"]),
  ...joined(["THD.V"], pairs),
  ...joined(["K.A", "crest.A", "crest.V"], phases),
] as Watched[];

/** All names of measures, in the order in which a person would look for them. */
export const measuredNames: readonly MeasuredName[] = [
  "Hz",
  ...joined(["V"], ["ln", ...phases, "ll", ...pairs]),
  "A",
  "A.sum",
  ...joined(["A"], [...phases, "n"]),
  ...["W", "var", "VA", "Q", "PF"].flatMap((unit) => [unit, ...joined([unit], phases)]),
  ...joined(["var"], ["shifted", "fundamental", "budeanu"]),
  ...joined(["var"], phases, ["shifted", "fundamental", "budeanu"]),
  ...joined(["W"], ["import", "export"]),
  "var.absolute",
  ...joined(["var"], phases, ["absolute"]),
  "VA.arithmetic",
  "PF.average",
  "PF.leadlag",
  ...joined(["PF"], phases, ["leadlag"]),
  ...joined(["DPF"], ["", ...phases], ["leadlag"]),
  ...joined(["V2", "A2"], phases),
  ...joined(["V", "A"], phases, ["fundamental"]),
  ...joined(["V"], pairs, ["fundamental"]),
  ...joined(["V.input"], phases, ["fundamental"]),
  ...joined(["V", "A"], ["positive", "negative", "zero"], ["", "angle"]),
  ...joined(["deg", "THD", "crest"], ["V", "A"], phases),
  ...joined(["deg", "THD"], ["V"], pairs),
  ...joined(["deg.V.input", "K.A"], phases),
  ...joined(["THD"], ["V", "A"]),
  "deg",
  ...joined(["deg"], phases),
  ...joined(["unbalance"], ["V", "A"], ["", "sequence"]),
  ...joined(["unbalance"], ["A"], phases),
  ...joined(["unbalance"], ["V"], ["ln", ...phases, "ll", ...pairs]),
  "quadrant",
  ...joined(["quadrant"], phases),
  ...joined(["Wh", "VAh"], ["import", "export", "net"]),
  ...joined(["Wh", "VAh"], phases, ["import", "export", "net"]),
  "Wh.absolute",
  ...joined(["Wh"], phases, ["absolute"]),
  "VAh.absolute",
  ...joined(["varh"], [...quadrants, "import", "export", "net", "absolute"]),
  ...joined(["Wh", "varh"], ["total"]),
  ...joined(["varh"], phases, quadrants),
  ...joined(["varh"], phases, ["import", "export", "net", "absolute"]),
  ...joined(["VAh"], phases, ["absolute"]),
  "Ah.sum",
  ...joined(["W", "var", "VA"], ["demand"]),
  ...joined(["W", "var", "VA"], ["import", "export"], ["demand.max"]),
  ...joined(["W"], ["import", "export", ...phases], ["demand"]),
  ...joined(["W.demand"], ["max", "min"]),
  ...joined(["VA.absolute"], ["demand", "demand.max"]),
  ...joined(ampsDemanded, ["demand", "demand.max"]),
  ...joined(watched, ["min", "max"]),
  ...joined(["pulses"], ["1", "2"]),
] as MeasuredName[];

export const stateNames: readonly State[] = [
  ...joined(["exponent"], ["A", "V", "W", "Wh", "A.n", "A.ground", "V.n"]),
  "W.theoretical",
  "sequence",
  "s.pulse.closure",
  "alerts",
  "events",
  "resets.energy",
  "powerups",
  ...joined(["W", "var", "VA", ...ampsDemanded], ["demand.running"]),
  ...joined(["W", "var", "VA"], ["demand.predicted"]),
  ...["W", "var", "VA"].flatMap((unit) => [
    ...joined(
      [unit],
      ["peak"],
      ["PF", "W", "var", "VA"].filter((other) => other !== unit),
    ),
  ]),
  "demand.seconds",
  "outputs.alarm",
  ...joined(["outputs", "inputs"], ["digital", "digital.count", "digital.seconds"]),
  ...joined(["usage"], ["hours", "minutes"]),
  ...joined(
    ["log"],
    ["status", "wraps", "days", "entries", "start", "newest.dayMonth", "newest.hourYear", "newest.secondMinute"],
  ),
] as State[];

export const quantities: readonly Quantity[] = [...measuredNames, ...stateNames];

const known: ReadonlySet<string> = new Set(quantities);

export function isQuantity(name: string): name is Quantity {
  return known.has(name);
}

const measures: ReadonlyMap<string, Measure> = new Map(
  measuredNames.flatMap((name) => {
    const measure = parseMeasure(name);
    return measure === undefined ? [] : [[name, measure] as const];
  }),
);

/** What a name measures, the same object each time; undefined of the meter's own state. */
export function measureOf(name: MeasuredName): Measure;
export function measureOf(name: Quantity): Measure | undefined;
export function measureOf(name: Quantity): Measure | undefined {
  return measures.get(name);
}

const names: ReadonlyMap<Measure, MeasuredName> = new Map(measuredNames.map((name) => [measureOf(name), name]));

/** The name of a measure that fixed maps know; undefined of others. One of `measureOf` is found without being written. */
export function quantityOf(measure: Measure): MeasuredName | undefined {
  const name = names.get(measure);
  if (name !== undefined) return name;
  const written = measureName(measure);
  return measures.has(written) ? (written as MeasuredName) : undefined;
}

/** Whether a register of it shows whole counts, and not the nearest one: what accumulates, and the log's own counts. */
export function isCountedWhole(name: Quantity): boolean {
  const measure = measures.get(name);
  return measure === undefined ? name.startsWith("log.") : accumulates(measure.quantity);
}
