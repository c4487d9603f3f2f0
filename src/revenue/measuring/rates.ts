/**
 * From the inputs of one instant to what every column grows by in a second: directions, quadrants, polyphase sums, creep,
 * transformer correction, loss compensation. What is not linear in the inputs is made here, so that a step integrates it
 * by Simpson's rule and a half cycle of samples by its length.
 */
import type { LossCoefficients } from "#revenue/settings/configuration.ts";
import {
  averageFlow,
  flow,
  flowColumn,
  level,
  levelColumn,
  NEUTRAL_SQUARE,
  neutralFlow,
  partColumn,
  PLACES,
  POLY,
  power,
  powerColumn,
  POWERS,
  single,
  squareColumn,
} from "./columns.ts";
import { fillKnown } from "./known.ts";
import { corrected, type Inputs, type PhaseCorrection } from "./inputs.ts";
import { fillSequences } from "./sequence.ts";

export interface RateSettings {
  /** The phases that have an element. */
  readonly elements: readonly number[];
  /** The phases whose volts are measured: of a delta those from one to the next. */
  readonly voltages: readonly number[];
  /** Volts are to neutral. */
  readonly neutral: boolean;
  /** Arithmetic VA over the sum of the elements' V x A. */
  readonly arithmetic: number;
  /** Below this current of a phase nothing registers, A. */
  readonly startingCurrent: number;
  /** By phase; nothing to correct where there is none. */
  readonly correction: readonly PhaseCorrection[] | undefined;
  readonly losses: { readonly delivered: LossCoefficients; readonly received: LossCoefficients } | undefined;
  /** Power quality is enabled: there are symmetrical components, and unbalance is theirs. */
  readonly sequences: boolean;
  /** How the phases of the site follow each other. */
  readonly rotation: "abc" | "acb";
}

/** Powers of one set, place by place: signed W and var, arithmetic VA. */
const w = new Float64Array(PLACES);
const q = new Float64Array(PLACES);
const s = new Float64Array(PLACES);
const flowKinds = Object.values(flow);
const averageFlows = Object.values(averageFlow);
/** Which way it flows, without what is lost on its way: 1 when it is received. */
const back = new Uint8Array(PLACES);

/**
 * Writes the rate of every column, by the hour for what is called so, by the second for the seconds themselves. What is not known is
 * NaN.
 */
export function fillRates(given: Inputs, settings: RateSettings, out: Float64Array): void {
  out.fill(0);
  const inputs = settings.correction === undefined ? given : corrected(given, settings.correction, settings.neutral);
  const { elements, startingCurrent } = settings;
  out[single.seconds] = 1;
  let anything = false;
  for (const k of elements) {
    const [volts, amps] = [voltsOf(inputs, settings.neutral, k), ampsOf(inputs, k)];
    const creeps = amps < startingCurrent && !Number.isNaN(volts);
    w[k] = creeps ? 0 : inputs.w[k]!;
    q[k] = creeps ? 0 : inputs.q[k]!;
    s[k] = creeps ? 0 : volts * amps;
    anything ||= amps >= startingCurrent;
  }
  powers(settings, out, false);
  for (let at = 0; at < PLACES; at++) back[at] = w[at]! < 0 ? 1 : 0;
  const { losses } = settings;
  if (losses !== undefined && anything) {
    // Elements on line volts are no phases, whose sum would be what all of them have: only the whole has its losses.
    const whole = settings.arithmetic === 1 ? undefined : s[POLY]! ** 2 - w[POLY]! ** 2 - q[POLY]! ** 2;
    for (const k of elements) {
      const [volts, amps] = [voltsOf(inputs, settings.neutral, k), ampsOf(inputs, k)];
      // What flows back loses on its way too: it is received less.
      const byW = w[k]! >= 0 ? losses.delivered : losses.received;
      const byQ = q[k]! >= 0 ? losses.delivered : losses.received;
      const [v2, a2] = [volts * volts, amps * amps];
      // What is neither W nor var of it, the distortion, is lost nowhere.
      const distortion = s[k]! ** 2 - w[k]! ** 2 - q[k]! ** 2;
      w[k]! += byW.ironW * v2 + (byW.copperW + byW.lineW) * a2;
      q[k]! += byQ.ironVar * v2 * v2 + (byQ.copperVar + byQ.lineVar) * a2;
      s[k] = Math.sqrt(Math.max(0, distortion + w[k]! ** 2 + q[k]! ** 2));
    }
    powers(settings, out, true, whole);
  } else powers(settings, out, true);
  levels(inputs, settings, out);
  fillKnown(out);
}

/** Volts of an element for its powers: of what is present of a cycle, where those of the whole are not known. */
function voltsOf({ v, ll, presentV }: Inputs, neutral: boolean, k: number): number {
  const volts = neutral ? v[k]! : ll[k === 2 ? 1 : 0]!;
  return Number.isNaN(volts) ? presentV[k]! : volts;
}

function ampsOf({ a, presentA }: Inputs, k: number): number {
  const amps = a[k]!;
  return Number.isNaN(amps) ? presentA[k]! : amps;
}

/** One set of powers from the phases' w, q and s; `distortion` is the square of what all VA are besides W and var, where that is known. */
function powers(
  { elements, arithmetic, neutral }: RateSettings,
  out: Float64Array,
  compensated: boolean,
  distortion?: number,
): void {
  w[POLY] = q[POLY] = s[POLY] = 0;
  let isWhole = true;
  for (const k of elements) {
    const base = powerColumn(k, 0, compensated);
    if (Number.isNaN(w[k]!)) {
      isWhole = false;
      out.fill(NaN, base, base + POWERS);
      continue;
    }
    w[POLY]! += w[k]!;
    q[POLY]! += q[k]!;
    s[POLY]! += s[k]!;
    place(out, k, base);
  }
  if (distortion === undefined) s[POLY]! *= arithmetic;
  else s[POLY] = Math.sqrt(Math.max(0, distortion + w[POLY]! ** 2 + q[POLY]! ** 2));
  const base = powerColumn(POLY, 0, compensated);
  if (isWhole) return place(out, POLY, base);
  out.fill(NaN, base, base + POWERS);
  // One of two elements by itself is no part of the power: it may flow back while both deliver.
  if (neutral) part(out, partColumn(0, compensated));
  w[POLY] = NaN;
}

/** The phases that are known. */
function part(out: Float64Array, base: number): void {
  place(out, POLY, base);
  for (let k = base; k < base + POWERS; k++) out[k]! /= 3600;
}

/** Writes the powers of a place to its columns, which begin at `base`. */
function place(out: Float64Array, at: number, base: number): void {
  const watts = w[at]!;
  const vars = q[at]!;
  const back = watts < 0;
  out[base + (back ? power.wRec : power.wDel)] = Math.abs(watts);
  const quadrant = vars >= 0 ? (back ? power.q2 : power.q1) : back ? power.q3 : power.q4;
  out[base + quadrant] = Math.abs(vars);
  out[base + (back ? power.vaRec : power.vaDel)] = Math.sqrt(watts * watts + vars * vars);
  out[base + (back ? power.arithmeticRec : power.arithmeticDel)] = s[at]!;
  const vectorial = factor(watts, vars, Math.sqrt(watts * watts + vars * vars));
  const arithmetic = factor(watts, vars, s[at]!);
  out[base + (back ? power.pfRec : power.pfDel)] = vectorial;
  out[base + power.pfAbsolute] = Math.abs(vectorial);
  out[base + (back ? power.arithmeticPfRec : power.arithmeticPfDel)] = arithmetic;
  out[base + power.arithmeticPfAbsolute] = Math.abs(arithmetic);
  const lagged = watts / 2 + (vars * Math.sqrt(3)) / 2;
  out[base + (lagged < 0 ? power.qRec : power.qDel)] = Math.abs(lagged);
}

/** + for lagging (quadrants 1 and 3), - for leading; 1 where nothing flows. */
function factor(watts: number, vars: number, apparent: number): number {
  if (apparent === 0) return 1;
  return (watts >= 0 === vars >= 0 ? 1 : -1) * Math.min(1, Math.abs(watts) / apparent);
}

function levels(inputs: Inputs, settings: RateSettings, out: Float64Array): void {
  const { elements, voltages, neutral, startingCurrent } = settings;
  const set = (at: number, kind: number, value: number): void => void (out[levelColumn(at, kind)] = value);
  let [v, v2, ll, ll2] = [0, 0, 0, 0];
  const volts = neutral ? inputs.v : inputs.ll;
  // What has no transformer is not measured, whatever flows there.
  for (const k of voltages) {
    set(k, level.v, inputs.seen[k]!);
    set(k, level.v2, volts[k]! ** 2);
    v += inputs.seen[k]! / voltages.length;
    v2 += volts[k]! ** 2 / voltages.length;
  }
  const pairs = voltages.length === 3 ? 3 : 1;
  for (let k = 0; k < pairs; k++) {
    const pair = neutral ? inputs.ll[k]! : inputs.seen[k]!;
    set(k, level.ll, pair);
    out[squareColumn(k)] = pair * pair;
    ll += pair / pairs;
    ll2 += (pair * pair) / pairs;
  }
  let [a, a2, thdV, thdA] = [0, 0, 0, 0];
  for (const k of elements) {
    const amps = inputs.a[k]! < startingCurrent ? 0 : inputs.a[k]!;
    set(k, level.a, amps);
    set(k, level.a2, amps * amps);
    flows(out, k, amps, elements.length);
    const [distortionV, distortionA] = [
      inputs.thdV[k]! + unknown(neutral ? inputs.v[k]! : inputs.ll[k === 2 ? 1 : 0]!),
      inputs.thdA[k]! + unknown(amps),
    ];
    set(k, level.thdV, distortionV);
    set(k, level.thdA, distortionA);
    a += amps;
    a2 += amps * amps;
    thdV += distortionV / elements.length;
    thdA += distortionA / elements.length;
  }
  // Polyphase volts are the average, polyphase amps the total (docs/models/ametek-jemstar-ii.md).
  set(POLY, level.v, v);
  set(POLY, level.v2, v2);
  set(POLY, level.ll, ll);
  out[squareColumn(POLY)] = ll2;
  set(POLY, level.a, a);
  set(POLY, level.a2, a2);
  set(POLY, level.thdV, thdV);
  set(POLY, level.thdA, thdA);
  out[single.hz] = inputs.hz;
  out[single.neutral] = neutral ? inputs.n : 0;
  out[NEUTRAL_SQUARE] = neutral ? inputs.n ** 2 : 0;
  out[single.averageA] = a / elements.length;
  out[single.averageA2] = a2 / elements.length;
  out[neutral && back[POLY] === 0 ? neutralFlow.aDel : neutralFlow.aRec] = neutral ? inputs.n : 0;
  if (neutral && Number.isNaN(inputs.n + w[POLY]!)) out[neutralFlow.aDel] = out[neutralFlow.aRec] = NaN;
  // Symmetrical components are of three phases, which two to neutral are not.
  if (settings.sequences && voltages.length === 3) fillSequences(inputs, settings, out);
  else {
    out[single.unbalanceV] = unbalance(volts, voltages);
    out[single.unbalanceA] = unbalance(inputs.a, elements);
  }
  if (!neutral || elements.length < 3) return;
  const { rotation } = settings;
  out[single.rotationV] = deviation(inputs.angleV, inputs.v, 1, rotation);
  out[single.rotationA] = deviation(inputs.angleA, inputs.a, startingCurrent, rotation);
}

/** A current flows where the watts of its phase do. */
function flows(out: Float64Array, k: number, amps: number, elements: number): void {
  if (Number.isNaN(w[k]!)) return unknownFlows(out, k);
  const [a, a2] = back[k] === 1 ? [flow.aRec, flow.a2Rec] : [flow.aDel, flow.a2Del];
  const square = amps * amps;
  out[flowColumn(k, a)] = amps;
  out[flowColumn(k, a2)] = square;
  out[flowColumn(POLY, a)]! += amps;
  out[flowColumn(POLY, a2)]! += square;
  out[back[k] === 1 ? averageFlow.aRec : averageFlow.aDel]! += amps / elements;
  out[back[k] === 1 ? averageFlow.a2Rec : averageFlow.a2Del]! += square / elements;
}

/** Which way it flows is not known, and of all phases together neither. */
function unknownFlows(out: Float64Array, k: number): void {
  for (const kind of flowKinds) out[flowColumn(k, kind)] = out[flowColumn(POLY, kind)] = NaN;
  for (const column of averageFlows) out[column] = NaN;
}

/** By how many degrees the angle from one phase to the next is off 120, at most; of phases that are there and known. */
function deviation(
  angles: Float64Array,
  magnitudes: Float64Array,
  least: number,
  rotation: RateSettings["rotation"],
): number {
  const step = rotation === "acb" ? 240 : 120;
  let worst = 0;
  for (let k = 0; k < 3; k++) {
    const next = (k + 1) % 3;
    if (!(magnitudes[k]! >= least && magnitudes[next]! >= least)) continue;
    const degrees = ((angles[k]! - angles[next]!) * 180) / Math.PI;
    // A remainder of floating point costs more than all the rest.
    const off = Math.abs(degrees - 360 * Math.floor(degrees / 360) - step);
    if (off > worst) worst = off;
  }
  return worst;
}

/** NaN where a value is not known, else 0. */
function unknown(value: number): number {
  return Number.isNaN(value) ? NaN : 0;
}

/** Largest deviation from the mean of those that are measured, in percent of it; 0 where there is nothing. */
function unbalance(values: Float64Array, measured: readonly number[]): number {
  let average = 0;
  for (const k of measured) average += values[k]! / measured.length;
  if (Number.isNaN(average)) return NaN;
  if (!(average > 0)) return 0;
  let worst = 0;
  for (const k of measured) worst = Math.max(worst, Math.abs(values[k]! - average));
  return (100 * worst) / average;
}
