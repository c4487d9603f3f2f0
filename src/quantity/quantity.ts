/**
 * The vocabulary: the name of everything that a meter measures. A name is unit.place.direction.reduction, with
 * what does not apply left out, and the unit is SI: `Wh.import` is in watt-hours whatever a register prints.
 *
 * - unit: V, A, W, var, VA, Hz, Wh, varh, VAh, V2, A2, Q (Q-hour power: W/2 + var sqrt(3)/2), deg, s; or one of the
 *   dimensionless ones: PF, THD, crest, unbalance, quadrant, phases, pulses, exponent, alerts, events, resets,
 *   powerups, outputs, log.
 * - place: a phase (a, b, c), the neutral (n), a pair of phases (ab, bc, ca), the averages of the line-to-line (ll)
 *   and line-to-neutral (ln) voltages; none means all active phases: the total of a power or an energy, the average
 *   of a current or a power factor.
 * - direction: import (delivered to the load), export (received from it), net (import less export), q1 to q4 (the
 *   quadrants, counter-clockwise, import and lagging first).
 * - reduction: demand, demand.max, average, sum, fundamental, the three ways to measure reactive power (shifted,
 *   fundamental, budeanu), arithmetic (apparent power without the vector sum), leadlag (power factor signed + for
 *   lagging, - for leading), absolute (whatever the sign), and the symmetrical components (positive, negative, zero).
 */
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
  | `var.${"shifted" | "fundamental" | "budeanu"}`
  | `var.${Phase}.${"shifted" | "fundamental" | "budeanu"}`
  | "var.absolute"
  | `var.${Phase}.absolute`
  | "VA.arithmetic"
  | "PF.average"
  | "PF.leadlag"
  | `PF.${Phase}.leadlag`
  | `V2.${Phase}`
  | `A2.${Phase}`
  | `V.${Phase}.fundamental`
  | `A.${Phase}.fundamental`
  | `${"V" | "A"}.${"positive" | "negative" | "zero"}`
  | `deg.${"V" | "A"}.${Phase}`
  | "deg"
  | `deg.${Phase}`
  | `THD.${"V" | "A"}.${Phase}`
  | `crest.${"V" | "A"}.${Phase}`
  | `unbalance.${"V" | "A"}`
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
  | "VAh.absolute"
  /** Net or absolute, as the setting energyAccumulation has it. */
  | `${"Wh" | "varh"}.total`;

export type Demand = `${"W" | "var" | "VA"}.demand` | `${"W" | "var" | "VA"}.${"import" | "export"}.demand.max`;

/** What the meter says of itself. */
export type State =
  | "pulses.1"
  | "pulses.2"
  | `exponent.${"A" | "V" | "W" | "Wh"}`
  | "W.theoretical"
  | "s.pulse.closure"
  | "alerts"
  | "events"
  | "resets.energy"
  | "powerups"
  | "outputs.alarm"
  | `log.${"status" | "wraps" | "days" | "entries" | "start" | "newest.dayMonth" | "newest.hourYear" | "newest.secondMinute"}`;

export type Quantity = Instant | Energy | Demand | State;

/** Every combination of the parts, joined by dots. */
function* joined(...parts: readonly (readonly string[])[]): Generator<string> {
  const [head, ...rest] = parts;
  if (head === undefined) return;
  for (const first of head) {
    if (rest.length === 0) yield first;
    else for (const tail of joined(...rest)) yield first === "" ? tail : `${first}.${tail}`;
  }
}

/** All names, in the order in which a person would look for them. */
export const quantities: readonly Quantity[] = [
  "Hz",
  ...joined(["V"], ["ln", ...phases, "ll", ...pairs]),
  "A",
  "A.sum",
  ...joined(["A"], [...phases, "n"]),
  ...["W", "var", "VA", "Q", "PF"].flatMap((unit) => [unit, ...joined([unit], phases)]),
  ...joined(["var"], ["shifted", "fundamental", "budeanu"]),
  ...joined(["var"], phases, ["shifted", "fundamental", "budeanu"]),
  "var.absolute",
  ...joined(["var"], phases, ["absolute"]),
  "VA.arithmetic",
  "PF.average",
  "PF.leadlag",
  ...joined(["PF"], phases, ["leadlag"]),
  ...joined(["V2", "A2"], phases),
  ...joined(["V", "A"], phases, ["fundamental"]),
  ...joined(["V", "A"], ["positive", "negative", "zero"]),
  ...joined(["deg", "THD", "crest"], ["V", "A"], phases),
  "deg",
  ...joined(["deg"], phases),
  ...joined(["unbalance"], ["V", "A"]),
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
  ...joined(["W", "var", "VA"], ["demand"]),
  ...joined(["W", "var", "VA"], ["import", "export"], ["demand.max"]),
  ...joined(["pulses"], ["1", "2"]),
  ...joined(["exponent"], ["A", "V", "W", "Wh"]),
  "W.theoretical",
  "s.pulse.closure",
  "alerts",
  "events",
  "resets.energy",
  "powerups",
  "outputs.alarm",
  ...joined(
    ["log"],
    ["status", "wraps", "days", "entries", "start", "newest.dayMonth", "newest.hourYear", "newest.secondMinute"],
  ),
] as Quantity[];

const known: ReadonlySet<string> = new Set(quantities);

export function isQuantity(name: string): name is Quantity {
  return known.has(name);
}

const units: Readonly<Record<string, string>> = {
  V: "V",
  A: "A",
  W: "W",
  var: "var",
  VA: "VA",
  Q: "Q",
  Hz: "Hz",
  Wh: "Wh",
  varh: "varh",
  VAh: "VAh",
  V2: "V²",
  A2: "A²",
  deg: "°",
  s: "s",
  THD: "%",
  unbalance: "%",
};

/** The unit to print after a value: "Wh"; empty for the dimensionless. */
export function unitOf(name: Quantity): string {
  if (name === "log.start") return "Wh";
  return units[name.split(".", 1)[0] ?? ""] ?? "";
}
