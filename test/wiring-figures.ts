/**
 * Counts how often the wiring check tells each mistake, and each two of them, of seeded loads: `node test/wiring-figures.ts 1000`.
 * docs/wiring.md has what it printed.
 */
import { singlesOf } from "../src/analysis/wiring/singles.ts";
import { isOf, type Mistake } from "../src/analysis/wiring/mistake.ts";
import { checkWiring, type WiringCheck } from "../src/analysis/wiring/wiring-check.ts";
import {
  applied,
  effectsOf,
  gainsOf,
  loadOf,
  observed,
  observedLines,
  ofWires,
  randomOf,
  type Effect,
  type Shown,
  type ThreeWire,
} from "./wiring-sites.ts";

/** Ratios that are found in the field: transformers of the next sizes, and turns through a window. */
const ratios = [0.2, 0.25, 0.4, 0.5, 2, 2.5, 4, 5] as const;
const RATIO = 7.25;

export interface Tally {
  first: number;
  /** Not the first, but the answer says ambiguous and has it. */
  listed: number;
  /** Sure of something else, or without it. */
  missed: number;
}

const sameMatrix = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean =>
  a.every((row, k) => row.every((one, j) => Math.abs(one - (b[k]?.[j] ?? NaN)) < 1e-9));

export type System = "wye" | ThreeWire;

/** What was done to a site, as matrices of its wires and gains of its transformers from line to line. */
interface Done extends Effect {
  readonly gains: readonly number[];
}

function done(mistakes: readonly Mistake[], system: System): Done {
  if (system === "wye") return { ...effectsOf(mistakes, RATIO), gains: [] };
  const { volts, amps } = effectsOf(ofWires(mistakes), RATIO);
  // Of three wires only differences of volts are seen, and of two currents a and c.
  const between = [0, 1].map((k) => [0, 1, 2].map((j) => (volts[k]?.[j] ?? 0) - (volts[k + 1]?.[j] ?? 0)));
  const measured = system === "two-element" ? amps.filter((_, k) => k !== 1) : amps;
  return { volts: between as unknown as Effect["volts"], amps: measured, gains: gainsOf(mistakes, RATIO) };
}

/** Whether ways of an explanation are what was done, by what they do. */
function isTruth(
  truth: readonly Mistake[],
  way: { readonly mistakes: readonly Mistake[]; readonly rotation: string },
  system: System,
): boolean {
  if (way.rotation !== "abc" || way.mistakes.some(({ kind }) => kind === "service")) return false;
  const [was, said] = [done(truth, system), done(way.mistakes, system)];
  return sameMatrix(was.volts, said.volts) && sameMatrix(was.amps, said.amps) && sameMatrix([was.gains], [said.gains]);
}

export function judge(truth: readonly Mistake[], check: WiringCheck, system: System = "wye"): keyof Tally {
  const isIt = (way: { readonly mistakes: readonly Mistake[]; readonly rotation: string }): boolean =>
    isTruth(truth, way, system);
  const at = check.explanations.findIndex((one) => isIt(one) || one.others.some(isIt));
  if (at === 0) return "first";
  // Whether amps differ by a ratio or by their loads is said to be open.
  const open =
    check.verdict === "ambiguous" ||
    check.untold.includes("noAngles") ||
    (check.untold.includes("unbalanced") && truth.some(({ kind }) => kind === "ampsRatio"));
  return at > 0 && open ? "listed" : "missed";
}

/** Mistakes that can be made, and two that do not hide each other. */
export function truths(system: System = "wye"): (readonly Mistake[])[] {
  const singles = singlesOf(system);
  const doubles = singles.flatMap((one, k) =>
    singles
      .slice(k + 1)
      .flatMap((other) =>
        hides(one, other, system) ? [] : [moves(other) && !moves(one) ? [other, one] : [one, other]],
      ),
  );
  return [...singles.map((one) => [one]), ...doubles];
}

/** What takes wires to other places comes first. */
function moves({ kind }: Mistake): boolean {
  return (
    ["swappedVolts", "swappedAmps", "rotatedVolts", "rotatedAmps"].includes(kind) || /^(misplaced|neutral)/.test(kind)
  );
}

function hides(one: Mistake, other: Mistake, system: System): boolean {
  if (isOf(one, "volts") !== isOf(other, "volts")) return false;
  // Of two currents that are both nothing, or of one, there is nothing to compare; of two transformers that are both off, all are.
  if (
    system === "two-element" &&
    /^(dead|ampsR)/.test(one.kind) &&
    /^(dead|ampsR)/.test(other.kind) &&
    isOf(one, "amps")
  )
    return true;
  if (system !== "wye" && one.kind === "voltsRatio" && other.kind === "voltsRatio") return true;
  // Two ratios that are wrong by the same are a third that is wrong by its inverse.
  if (one.kind === "ampsRatio" && other.kind === "ampsRatio") return true;
  // What is dead has nothing more to tell.
  if (one.kind === "allVoltsRatio" || other.kind === "allVoltsRatio")
    return one.kind === "voltsRatio" || other.kind === "voltsRatio";
  const [dead, rest] = one.kind.startsWith("dead") ? [one, other] : [other, one];
  if (!dead.kind.startsWith("dead")) return false;
  return (
    rest.phases[0] === dead.phases[0] &&
    (rest.kind.startsWith("misplaced") || (!moves(rest) && rest.phases.length === 1))
  );
}

/** Answers of seeded loads with these mistakes. */
export function* answers(
  truth: readonly Mistake[],
  loads: number,
  { system = "wye", ...shown }: Shown & { readonly system?: System } = {},
): Generator<{ readonly check: WiringCheck; readonly amps: readonly number[] }> {
  const random = randomOf(1 + truth.reduce((sum, { kind }) => sum * 31 + kind.length, 7));
  for (let n = 0; n < loads; n++) {
    const load = loadOf(random, system);
    const ratio = ratios[Math.floor(random() * ratios.length)] ?? 2;
    const { volts, amps } = effectsOf(system === "wye" ? truth : ofWires(truth), ratio);
    const [v, i] = [applied(volts, load.volts), applied(amps, load.amps)];
    const seen =
      system === "wye"
        ? observed(v, i, { ...shown, turned: 360 * random() })
        : observedLines(system, v, i, gainsOf(truth, ratio));
    yield { check: checkWiring(seen), amps: i.map(([re, im]) => Math.hypot(re, im)) };
  }
}

export function tally(truth: readonly Mistake[], loads: number, how: Shown & { readonly system?: System } = {}): Tally {
  const out: Tally = { first: 0, listed: 0, missed: 0 };
  for (const { check } of answers(truth, loads, how)) out[judge(truth, check, how.system)]++;
  return out;
}

if (import.meta.main) {
  const [loads = "1000", how = ""] = process.argv.slice(2);
  const system: System = (["two-element", "delta", "open-delta"] as const).find((one) => one === how) ?? "wye";
  const shown = { powersOnly: how === "powers", system };
  const sums = new Map<string, Tally & { n: number }>();
  const worst: [string, Tally][] = [];
  for (const truth of [[], ...truths(system)]) {
    const got = tally(truth, Number(loads), shown);
    const ratio = truth.some(({ kind }) => kind === "ampsRatio");
    const two = ratio ? "two mistakes, one a ratio of amps" : "two mistakes";
    const name = truth.length === 0 ? "right" : truth.length === 1 ? (truth[0]?.kind ?? "") : two;
    const sum = sums.get(name) ?? { first: 0, listed: 0, missed: 0, n: 0 };
    sums.set(name, {
      first: sum.first + got.first,
      listed: sum.listed + got.listed,
      missed: sum.missed + got.missed,
      n: sum.n + Number(loads),
    });
    if (truth.length < 3) worst.push([truth.map(({ kind, phases }) => `${kind} ${phases.join("")}`).join(" + "), got]);
  }
  const percent = (part: number, of: number): string => `${((100 * part) / of).toFixed(2)} %`;
  for (const [name, { first, listed, missed, n }] of sums)
    process.stdout.write(
      `${name}: first ${percent(first, n)}, listed ${percent(listed, n)}, missed ${percent(missed, n)} of ${n}\n`,
    );
  if (process.argv.includes("--worst"))
    for (const [name, got] of worst.sort((a, b) => b[1].missed - a[1].missed).slice(0, 40))
      process.stdout.write(`${name}: ${JSON.stringify(got)}\n`);
}
