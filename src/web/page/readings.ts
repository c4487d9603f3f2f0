/** What a meter measures now: the headline, tables by phase, demand, and whatever else it reads. */
import type { LiveView } from "#quantity/meter-api.ts";
import { at, cell, fill, headline, panel } from "./elements.ts";
import { fixed, withUnit, type Value } from "./numbers.ts";
import { drawPhasors } from "./phasor.ts";

const phases = ["a", "b", "c"] as const;
const heads = (last: string): HTMLElement[] => [
  cell("th", ""),
  ...phases.map((phase) => cell("th", phase.toUpperCase(), phase)),
  cell("th", last),
];

/** The first of a cell's names that the meter reads is shown; "" leaves a cell empty. */
type Names = readonly [first: string, ...others: string[]];

interface Row {
  readonly label: string;
  readonly cells: readonly Names[];
  /** Where a value is not to be shown with its unit. */
  readonly decimals?: number;
}

/** A row of a quantity's phases, and of its total. */
function byPhase(label: string, of: (place: string) => Names, all: Names, decimals?: number): Row {
  const cells = [...phases.map((phase) => of(`.${phase}`)), all];
  return decimals === undefined ? { label, cells } : { label, cells, decimals };
}

function energy(label: string, unit: string, direction: string): Row {
  return byPhase(label, (place) => [`${unit}${place}.${direction}`], [`${unit}.${direction}`]);
}

const phaseRows: readonly Row[] = [
  byPhase("Volts to neutral", (place) => [`V${place}`], ["V.ln"]),
  { label: "Volts line to line (AB, BC, CA)", cells: [["V.ab"], ["V.bc"], ["V.ca"], ["V.ll"]] },
  byPhase("Amps", (place) => [`A${place}`], ["A"]),
  byPhase("Active power", (place) => [`W${place}`], ["W"]),
  byPhase("Reactive power", (place) => [`var${place}`], ["var"]),
  byPhase("Apparent power", (place) => [`VA${place}`], ["VA"]),
  byPhase("Power factor", (place) => [`PF${place}`, `PF${place}.leadlag`], ["PF", "PF.leadlag"], 4),
  byPhase("THD of volts, %", (place) => [`THD.V${place}`], [""], 2),
  byPhase("THD of amps, %", (place) => [`THD.A${place}`], [""], 2),
];

const energyRows: readonly Row[] = [
  energy("Active import", "Wh", "import"),
  energy("Active export", "Wh", "export"),
  energy("Active net", "Wh", "net"),
  energy("Reactive Q1", "varh", "q1"),
  energy("Reactive Q2", "varh", "q2"),
  energy("Reactive Q3", "varh", "q3"),
  energy("Reactive Q4", "varh", "q4"),
  energy("Apparent import", "VAh", "import"),
  energy("Apparent export", "VAh", "export"),
];

const demandRows: readonly Row[] = ["W", "var", "VA"].map((power) => ({
  label: power,
  cells: [[`${power}.demand`], [`${power}.import.demand.max`], [`${power}.export.demand.max`]],
}));

/** The readings of a meter at a moment, and which of them a panel has shown. */
class Shown {
  readonly #readings: Readonly<Record<string, Value>>;
  readonly #units: Readonly<Record<string, string>>;
  readonly #shown = new Set<string>();

  constructor(readings: Readonly<Record<string, Value>>, units: Readonly<Record<string, string>>) {
    this.#readings = readings;
    this.#units = units;
  }

  /** The one of the names that the meter reads. */
  pick(names: readonly string[]): string | undefined {
    const name = names.find((one) => Object.hasOwn(this.#readings, one));
    if (name !== undefined) this.#shown.add(name);
    return name;
  }

  text(name: string, decimals?: number): string {
    const value = this.#readings[name];
    if (decimals !== undefined) return fixed(value, decimals);
    const unit = this.#units[name] ?? "";
    // A count has all its digits.
    return unit === "" && Number.isInteger(value) ? String(value) : withUnit(value, unit);
  }

  /** Rows of which the meter reads anything. */
  rows(rows: readonly Row[]): HTMLElement[][] {
    return rows.flatMap(({ label, cells, decimals }) => {
      const names = cells.map((one) => this.pick(one));
      if (names.every((name) => name === undefined)) return [];
      const texts = names.map((name) => (name === undefined ? "" : this.text(name, decimals)));
      return [[cell("th", label), ...texts.map((text) => cell("td", text))]];
    });
  }

  /** Names of what has a value and has not been shown. */
  rest(): string[] {
    return Object.keys(this.#readings).filter(
      (name) => !this.#shown.has(name) && typeof this.#readings[name] === "number",
    );
  }
}

function withHead(head: readonly HTMLElement[], rows: readonly HTMLElement[][]): (readonly HTMLElement[])[] {
  return rows.length === 0 ? [] : [head, ...rows];
}

function showHeadline({ local, rate }: LiveView, shown: Shown): void {
  const large = (names: Names, text: string, decimals?: number): [string, string][] => {
    const name = shown.pick(names);
    return name === undefined ? [] : [[shown.text(name, decimals), text]];
  };
  headline([
    ...large(["W"], "active power"),
    ...large(["var"], "reactive power"),
    ...large(["PF", "PF.leadlag"], "power factor", 3),
    ...large(["Hz"], "frequency"),
    [local.slice(11), `${local.slice(0, 10)}${rate === "none" ? "" : `, rate ${rate}`}`],
  ]);
}

export function showReadings(live: LiveView, units: Readonly<Record<string, string>>): void {
  const { readings, registers } = live;
  const shown = new Shown(readings, units);
  showHeadline(live, shown);
  fill(at("phases"), withHead(heads("All"), shown.rows(phaseRows)));
  panel("energy", withHead(heads("Total"), shown.rows(energyRows)));
  const demands = ["", "Present", "Max. import", "Max. export"].map((text) => cell("th", text));
  panel("demand", withHead(demands, shown.rows(demandRows)));
  at("phasor-panel").toggleAttribute("hidden", drawPhasors(at("phasor"), readings) === 0);
  // An energy that a register shows is in the panel of registers.
  for (const { measure = "" } of registers) if (/^[^.]+h\b/.test(measure)) shown.pick([measure]);
  panel(
    "more",
    shown.rest().map((name) => [cell("th", name), cell("td", shown.text(name))]),
  );
}
