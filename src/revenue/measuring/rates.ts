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
  neutralFlow,
  PLACES,
  POLY,
  power,
  powerColumn,
  single,
} from "./columns.ts";
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
}

/** Powers of one set, place by place: signed W and var, arithmetic VA. */
const w = new Float64Array(PLACES);
const q = new Float64Array(PLACES);
const s = new Float64Array(PLACES);
/** Which way it flows, without what is lost on its way: 1 when it is received. */
const back = new Uint8Array(PLACES);

/** Writes the rate of every column, by the hour for what is called so, by the second for the seconds themselves. */
export function fillRates(given: Inputs, settings: RateSettings, out: Float64Array): void {
  out.fill(0);
  const inputs = settings.correction === undefined ? given : corrected(given, settings.correction, settings.neutral);
  const { elements, startingCurrent } = settings;
  out[single.seconds] = 1;
  let anything = false;
  for (const k of elements) {
    const creeps = inputs.a[k]! < startingCurrent;
    const volts = settings.neutral ? inputs.v[k]! : inputs.ll[k === 2 ? 1 : 0]!;
    w[k] = creeps ? 0 : inputs.w[k]!;
    q[k] = creeps ? 0 : inputs.q[k]!;
    s[k] = creeps ? 0 : volts * inputs.a[k]!;
    anything ||= !creeps;
  }
  powers(settings, out, false);
  for (let at = 0; at < PLACES; at++) back[at] = w[at]! < 0 ? 1 : 0;
  const { losses } = settings;
  if (losses !== undefined && anything) {
    // Elements on line volts are no phases, whose sum would be what all of them have: only the whole has its losses.
    const whole = settings.arithmetic === 1 ? undefined : s[POLY]! ** 2 - w[POLY]! ** 2 - q[POLY]! ** 2;
    for (const k of elements) {
      const volts = settings.neutral ? inputs.v[k]! : inputs.ll[k === 2 ? 1 : 0]!;
      const amps = inputs.a[k]!;
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
}

/** One set of powers from the phases' w, q and s; `distortion` is the square of what all VA are besides W and var, where that is known. */
function powers(
  { elements, arithmetic }: RateSettings,
  out: Float64Array,
  compensated: boolean,
  distortion?: number,
): void {
  w[POLY] = q[POLY] = s[POLY] = 0;
  for (const k of elements) {
    w[POLY]! += w[k]!;
    q[POLY]! += q[k]!;
    s[POLY]! += s[k]!;
    place(out, k, compensated);
  }
  if (distortion === undefined) s[POLY]! *= arithmetic;
  else s[POLY] = Math.sqrt(Math.max(0, distortion + w[POLY]! ** 2 + q[POLY]! ** 2));
  place(out, POLY, compensated);
}

function place(out: Float64Array, at: number, compensated: boolean): void {
  const base = powerColumn(at, 0, compensated);
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
  let [v, v2, ll] = [0, 0, 0];
  const volts = neutral ? inputs.v : inputs.ll;
  // What has no transformer is not measured, whatever flows there.
  for (const k of voltages) {
    set(k, level.v, volts[k]!);
    set(k, level.v2, volts[k]! ** 2);
    v += volts[k]! / voltages.length;
    v2 += volts[k]! ** 2 / voltages.length;
  }
  const pairs = voltages.length === 3 ? 3 : 1;
  for (let k = 0; k < pairs; k++) {
    set(k, level.ll, inputs.ll[k]!);
    ll += inputs.ll[k]! / pairs;
  }
  let [a, a2, thdV, thdA] = [0, 0, 0, 0];
  for (const k of elements) {
    const amps = inputs.a[k]! < startingCurrent ? 0 : inputs.a[k]!;
    set(k, level.a, amps);
    set(k, level.a2, amps * amps);
    flows(out, k, amps, elements.length);
    set(k, level.thdV, inputs.thdV[k]!);
    set(k, level.thdA, inputs.thdA[k]!);
    a += amps;
    a2 += amps * amps;
    thdV += inputs.thdV[k]! / elements.length;
    thdA += inputs.thdA[k]! / elements.length;
  }
  // Polyphase volts are the average, polyphase amps the total (docs/models/ametek-jemstar-ii.md).
  set(POLY, level.v, v);
  set(POLY, level.v2, v2);
  set(POLY, level.ll, ll);
  set(POLY, level.a, a);
  set(POLY, level.a2, a2);
  set(POLY, level.thdV, thdV);
  set(POLY, level.thdA, thdA);
  out[single.hz] = inputs.hz;
  out[single.neutral] = neutral ? inputs.n : 0;
  out[single.averageA] = a / elements.length;
  out[single.averageA2] = a2 / elements.length;
  out[neutral && back[POLY] === 0 ? neutralFlow.aDel : neutralFlow.aRec] = neutral ? inputs.n : 0;
  // Symmetrical components are of three phases, which two to neutral are not.
  if (settings.sequences && voltages.length === 3) fillSequences(inputs, neutral, startingCurrent, out);
  else {
    out[single.unbalanceV] = unbalance(volts, voltages);
    out[single.unbalanceA] = unbalance(inputs.a, elements);
  }
  if (!neutral || elements.length < 3) return;
  out[single.rotationV] = deviation(inputs.angleV, inputs.v, 1);
  out[single.rotationA] = deviation(inputs.angleA, inputs.a, startingCurrent);
}

/** A current flows where the watts of its phase do. */
function flows(out: Float64Array, k: number, amps: number, elements: number): void {
  const [a, a2] = back[k] === 1 ? [flow.aRec, flow.a2Rec] : [flow.aDel, flow.a2Del];
  const square = amps * amps;
  out[flowColumn(k, a)] = amps;
  out[flowColumn(k, a2)] = square;
  out[flowColumn(POLY, a)]! += amps;
  out[flowColumn(POLY, a2)]! += square;
  out[back[k] === 1 ? averageFlow.aRec : averageFlow.aDel]! += amps / elements;
  out[back[k] === 1 ? averageFlow.a2Rec : averageFlow.a2Del]! += square / elements;
}

/** By how many degrees the angle from one phase to the next is off 120, at most; of phases that are there and known. */
function deviation(angles: Float64Array, magnitudes: Float64Array, least: number): number {
  let worst = 0;
  for (let k = 0; k < 3; k++) {
    const next = (k + 1) % 3;
    if (magnitudes[k]! < least || magnitudes[next]! < least) continue;
    const degrees = ((angles[k]! - angles[next]!) * 180) / Math.PI;
    // A remainder of floating point costs more than all the rest.
    const off = Math.abs(degrees - 360 * Math.floor(degrees / 360) - 120);
    if (off > worst) worst = off;
  }
  return worst;
}

/** Largest deviation from the mean of those that are measured, in percent of it; 0 where there is nothing. */
function unbalance(values: Float64Array, measured: readonly number[]): number {
  let average = 0;
  for (const k of measured) average += values[k]! / measured.length;
  if (!(average > 0)) return 0;
  let worst = 0;
  for (const k of measured) worst = Math.max(worst, Math.abs(values[k]! - average));
  return (100 * worst) / average;
}
