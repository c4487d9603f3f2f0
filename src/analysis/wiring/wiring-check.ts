/**
 * The wiring check: which mistakes, or none, explain what a meter measures, and with which probability each. Probabilities are
 * those of Bayes: how often a mistake is made (mistake.ts) times how well its volts and loads go together (load.ts).
 */
import { phases } from "#quantity/quantity.ts";
import { wiringOf, type WiringName } from "#quantity/wiring.ts";
import { ampsSeen, fitAmps, NO_CURRENT, type AmpsFit } from "./amps-likelihood.ts";
import { hypothesesOf, type Hypothesis, type Way } from "./hypotheses.ts";
import { isUsual } from "./load.ts";
import { isOf, type Mistake } from "./mistake.ts";
import type { Observation } from "./observation.ts";
import { fitVolts, voltsSeen, type VoltsFit, type VoltsSeen } from "./volts-likelihood.ts";

/** What explains the measurement: one way of connecting, and others that no measurement can tell from it. */
export interface Explanation {
  readonly probability: number;
  readonly mistakes: readonly Mistake[];
  readonly rotation: "abc" | "acb";
  /** Connections that measure the same, with their own part of the probability; the likeliest is the one above. */
  readonly others: readonly {
    readonly mistakes: readonly Mistake[];
    readonly rotation: "abc" | "acb";
    readonly probability: number;
  }[];
  /** By current channel of the system, degrees by which the current lags its own conductor's voltage if it is so; null where unknown. */
  readonly lags: readonly (number | null)[];
  /** What a wrong ratio is found to be off by. */
  readonly ratio?: number | undefined;
}

/** Why something cannot be told. */
export type Untold =
  | "noVolts"
  | "noLoad"
  | "noAngles"
  | "noNominal"
  | "mayExport"
  | "unusualLoad"
  | "unbalanced"
  | "rotation"
  | "ratios";

export interface WiringCheck {
  readonly system: WiringName;
  /** Unknown where there is nothing to judge by. */
  readonly verdict: "right" | "wrong" | "ambiguous" | "unknown";
  /** The likeliest first; none where nothing can be told. */
  readonly explanations: readonly Explanation[];
  readonly untold: readonly Untold[];
}

/** From this probability on an explanation is taken for what it is. */
export const SURE = 0.95;
/** Explanations that are less likely are not told, nor more than so many. */
const LEAST = 0.004;
const MOST = 12;
/** Volts that fit so much worse than the best (as a logarithm) are not looked at further. */
const HOPELESS = 35;

export function checkWiring(observation: Observation): WiringCheck {
  const { system } = observation;
  const volts = voltsSeen(observation);
  const untold = new Set<Untold>();
  const largest = Math.max(0, ...volts.size.filter((one) => !Number.isNaN(one)));
  const nominal = Number.isNaN(volts.nominal) ? 0 : volts.nominal;
  if (!(largest > 0.05 * nominal) || largest === 0)
    return { system, verdict: "unknown", explanations: [], untold: ["noVolts"] };
  const amps = ampsSeen(observation);
  const loaded = amps.largest > 0;
  if (!loaded) untold.add("noLoad");
  if (nominal === 0) untold.add("noNominal");
  if (!volts.withAngles) untold.add("rotation");
  if (loaded && lacksAngles(amps)) untold.add("noAngles");

  // Without a load mistakes of currents cannot be told.
  const { rotation } = observation;
  const any = rotation === undefined && loaded;
  const may = any
    ? undefined
    : (way: Way): boolean =>
        (rotation === undefined || way.rotation === rotation) &&
        (loaded || way.mistakes.every((mistake) => isOf(mistake, "volts")));
  const fits = fitted(observation, volts, { amps: loaded ? amps : undefined, may });
  const total = fits.reduce((sum, { share }) => sum + share, 0);
  if (!(total > 0)) return { system, verdict: "unknown", explanations: [], untold: [...untold] };
  const likely = fits
    .filter(({ share }) => share / total >= LEAST)
    .map((fit) => explained(fit, fit.share / total, may));
  // Without angles it is not seen which way the phases follow each other, and nothing hangs on it.
  const explanations = (volts.withAngles ? likely : withoutRotation(likely)).slice(0, MOST);
  const [first] = explanations;
  if (first === undefined) return { system, verdict: "ambiguous", explanations, untold: [...untold] };
  if (explanations.some(exports) && observation.generates !== false) untold.add("mayExport");
  if (first.lags.some((lag) => lag !== null && !isUsual(lag, amps.site.threeWire))) untold.add("unusualLoad");
  if (isUnbalanced(amps)) untold.add("unbalanced");
  if (loaded) untold.add("ratios");
  // A load that is seldom is the mark of a mistake that has not been thought of, too.
  const sure = certaintyOf(explanations) >= SURE && !untold.has("unusualLoad");
  return { system, verdict: sure ? verdictOf(first, loaded) : "ambiguous", explanations, untold: [...untold] };
}

function withoutRotation(explanations: readonly Explanation[]): readonly Explanation[] {
  const out = new Map<string, Explanation>();
  for (const one of explanations) {
    const key = one.mistakes.map(({ kind, phases: of }) => `${kind} ${of.join()}`).join();
    const before = out.get(key);
    const others = [...(before?.others ?? []), ...one.others];
    const probability = (before?.probability ?? 0) + one.probability;
    out.set(key, { ...(before ?? one), others, probability });
  }
  return [...out.values()];
}

/** How sure it is that the mistakes of the first have been made, whatever else may have been. */
export function certaintyOf(explanations: readonly Explanation[]): number {
  const [first] = explanations;
  if (first === undefined) return 0;
  if (first.mistakes.length === 0) return first.probability;
  const has = (one: Explanation): boolean =>
    one.rotation === first.rotation &&
    first.mistakes.every((mistake) => one.mistakes.some((other) => isSame(mistake, other)));
  return explanations.filter(has).reduce((sum, { probability }) => sum + probability, 0);
}

function isSame(one: Mistake, other: Mistake): boolean {
  return one.kind === other.kind && one.service === other.service && one.phases.join() === other.phases.join();
}

function verdictOf({ mistakes }: Explanation, loaded: boolean): WiringCheck["verdict"] {
  if (mistakes.length > 0) return "wrong";
  // Without a load nothing is known of the currents.
  return loaded ? "right" : "unknown";
}

/** Amps that differ by more than 30 % from their mean in both directions do: by a ratio, or by their loads. */
const UNBALANCED = 1.3 / 0.7;

function isUnbalanced({ size, largest }: ReturnType<typeof ampsSeen>): boolean {
  const some = size.filter((one) => one > NO_CURRENT * largest);
  return largest > UNBALANCED * Math.min(...some);
}

function exports({ lags }: Explanation): boolean {
  return lags.some((lag) => lag !== null && Math.cos((lag * Math.PI) / 180) < 0);
}

/** A current flows of which nobody knows when. */
function lacksAngles({ degrees, lags, size, largest }: ReturnType<typeof ampsSeen>): boolean {
  return size.some((one, k) => one > NO_CURRENT * largest && Number.isNaN(degrees[k]!) && lags[k]!.length !== 1);
}

interface Fit {
  readonly hypothesis: Hypothesis;
  readonly share: number;
  readonly volts: VoltsFit;
  readonly amps: AmpsFit | undefined;
}

interface Looked {
  readonly amps: ReturnType<typeof ampsSeen> | undefined;
  /** Whether a way is one that is asked for; all are where there is none. */
  readonly may: ((way: Way) => boolean) | undefined;
}

/** All hypotheses that are worth it, the likeliest first. */
function fitted({ system }: Observation, seen: VoltsSeen, { amps, may }: Looked): readonly Fit[] {
  const { all, volts } = hypothesesOf(system);
  const voltsFits = volts.map((one) => fitVolts(seen, one));
  const before = all.map((one) => Math.log(weightOf(one, may)) + voltsFits[one.volts]!.log);
  const best = Math.max(...before);
  const logs: { hypothesis: Hypothesis; log: number; amps: AmpsFit | undefined }[] = [];
  all.forEach((hypothesis, k) => {
    if (!(before[k]! > best - HOPELESS)) return;
    const turn = seen.withAngles ? (voltsFits[hypothesis.volts]!.turn * 180) / Math.PI : NaN;
    const fit = amps === undefined ? undefined : fitAmps(amps, hypothesis, volts[hypothesis.volts]!, turn);
    logs.push({ hypothesis, log: before[k]! + (fit?.log ?? 0), amps: fit });
  });
  const most = Math.max(...logs.map(({ log }) => log));
  return logs
    .map(({ hypothesis, log, amps: fit }) => ({
      hypothesis,
      share: Math.exp(log - most),
      volts: voltsFits[hypothesis.volts]!,
      amps: fit,
    }))
    .sort((a, b) => b.share - a.share);
}

function weightOf({ ways, weight }: Hypothesis, may: ((way: Way) => boolean) | undefined): number {
  if (may === undefined) return weight;
  let sum = 0;
  for (const way of ways) if (may(way)) sum += way.weight;
  return sum;
}

function explained({ hypothesis, volts, amps }: Fit, probability: number, may: Looked["may"]): Explanation {
  const ways = may === undefined ? hypothesis.ways : hypothesis.ways.filter(may);
  const [first] = ways as [Way];
  const weight = weightOf(hypothesis, may);
  const ratio = first.mistakes.some(({ kind }) => kind === "ampsRatio") ? amps?.ratio : volts.ratio;
  return {
    probability,
    mistakes: first.mistakes,
    rotation: first.rotation,
    others: ways.slice(1).map((way) => ({
      mistakes: way.mistakes,
      rotation: way.rotation,
      probability: (probability * way.weight) / weight,
    })),
    lags: (amps?.lags ?? []).map((lag) => (Number.isNaN(lag) ? null : lag)),
    ...(ratio === undefined || Number.isNaN(ratio) ? {} : { ratio }),
  };
}

/** The phases whose currents a system measures, as `lags` has them. */
export function currentsOf(system: WiringName): readonly string[] {
  return wiringOf(system).currents.filter((phase) => phases.includes(phase));
}
