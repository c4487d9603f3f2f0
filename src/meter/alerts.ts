/**
 * The diagnostic alerts of the Leviton meters (register 146), and the SunSpec events that follow from them.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Condition } from "#quantity/meter-surface.ts";
import type { Setting } from "#quantity/setting.ts";
import { pairs, phases, type Pair, type Phase } from "#quantity/quantity.ts";
import type { Wiring } from "#quantity/wiring.ts";
import type { CycleResult } from "./cycle-result.ts";
import { phaseIndex } from "./integrals.ts";

export const alert = {
  voltageRange: 0,
  currentRange: 3,
  frequency: 6,
  phaseLoss: 8,
  lowPowerFactor: 11,
  pulseOverrun: 14,
  pulseConfiguration: 15,
} as const;

export interface AlertLimits {
  /** Nominal volts: line to line, or to neutral where that is the only one. */
  readonly systemVoltage: number;
  readonly ctPrimary: number;
  /** Percent of nominal that a voltage may fall before a phase counts as lost, and that voltages may differ. */
  readonly lossPercent: number;
  readonly imbalancePercent: number;
  readonly overRange: number;
  readonly lowPowerFactor: { readonly below: number; readonly current: number };
}

export function alertLimits(design: InstrumentDesign, setting: (name: Setting) => number): AlertLimits {
  return {
    systemVoltage: setting("systemVoltage"),
    ctPrimary: setting("ctPrimary"),
    lossPercent: setting("phaseLossVoltage"),
    imbalancePercent: setting("phaseLossImbalance"),
    overRange: design.overRange,
    lowPowerFactor: design.lowPowerFactor,
  };
}

/** The phases at the two ends of a pair. */
const ends: Readonly<Record<Pair, readonly [Phase, Phase]>> = { ab: ["a", "b"], bc: ["b", "c"], ca: ["c", "a"] };

/** Bits 0 to 6 and 8 to 13; the bits of the pulse output are the pulse output's. */
export function alertBits(result: CycleResult, wiring: Wiring, limits: AlertLimits): number {
  // A result has no frequency outside the meter's range, as it has none without enough voltage.
  let bits = Number.isNaN(result.hz) ? 1 << alert.frequency : 0;
  const lnNominal = limits.systemVoltage * wiring.lnOverSystem;
  for (const phase of wiring.ln) {
    if (result.v[phaseIndex[phase]]! >= limits.overRange * lnNominal) bits |= 1 << phaseIndex[phase];
  }
  if (wiring.ln.length === 0) {
    for (const pair of wiring.ll) {
      if (result.ll[pairs.indexOf(pair)]! < limits.overRange * limits.systemVoltage) continue;
      for (const phase of ends[pair]) bits |= 1 << phaseIndex[phase];
    }
  }
  for (const phase of wiring.currents) {
    const k = phaseIndex[phase];
    if (result.a[k]! >= limits.overRange * limits.ctPrimary) bits |= 1 << (alert.currentRange + k);
    const tested = result.a[k]! > limits.lowPowerFactor.current * limits.ctPrimary;
    if (tested && Math.abs(result.w[k]! / result.s[k]!) < limits.lowPowerFactor.below) {
      bits |= 1 << (alert.lowPowerFactor + k);
    }
  }
  for (const phase of lostPhases(result, wiring, limits)) bits |= 1 << (alert.phaseLoss + phaseIndex[phase]);
  return bits;
}

/** The phases whose voltage is too low, or too far below its neighbours. */
export function lostPhases(result: CycleResult, wiring: Wiring, limits: AlertLimits): ReadonlySet<Phase> {
  const lost = new Set<Phase>();
  const keep = 1 - limits.lossPercent / 100;
  const lowPairs = new Set<Pair>();
  if (wiring.loss.ln) {
    const floor = keep * limits.systemVoltage * wiring.lnOverSystem;
    for (const phase of wiring.ln) if (result.v[phaseIndex[phase]]! < floor) lost.add(phase);
  }
  if (wiring.loss.ll) {
    for (const pair of wiring.ll) {
      if (result.ll[pairs.indexOf(pair)]! < keep * limits.systemVoltage) lowPairs.add(pair);
    }
  }
  for (const kind of wiring.loss.balance) {
    const names = kind === "ln" ? wiring.ln : wiring.ll;
    const values = names.map((name) =>
      kind === "ln" ? result.v[phaseIndex[name as Phase]]! : result.ll[pairs.indexOf(name as Pair)]!,
    );
    const largest = Math.max(...values);
    names.forEach((name, k) => {
      if (!(100 * (largest - values[k]!) > limits.imbalancePercent * largest)) return;
      if (kind === "ln") lost.add(name as Phase);
      else lowPairs.add(name as Pair);
    });
  }
  // One phase lost pulls both of its pairs down: the phase that two low pairs share is the lost one.
  const shared = phases.filter((phase) => [...lowPairs].filter((pair) => ends[pair].includes(phase)).length === 2);
  if (lowPairs.size === 2) for (const phase of shared) lost.add(phase);
  else for (const pair of lowPairs) for (const phase of ends[pair]) lost.add(phase);
  return lost;
}

/** SunSpec M_EVENT flags of meter models 201 to 204. */
export function eventsOf(bits: number): number {
  const any = (from: number, count: number): boolean => ((bits >> from) & ((1 << count) - 1)) !== 0;
  let events = 0;
  // The manual gives both to phase loss: "loss of power or phase", "voltage below threshold (phase loss)".
  if (any(alert.phaseLoss, 3)) events |= 0x04 | 0x08;
  if (any(alert.lowPowerFactor, 3)) events |= 0x10;
  if (any(alert.currentRange, 3)) events |= 0x20;
  if (any(alert.voltageRange, 3)) events |= 0x40;
  return events;
}

/** The alarm contact is normally closed and open only while no phase is lost (and the meter has power). */
export function alarmClosed(bits: number): boolean {
  return ((bits >> alert.phaseLoss) & 7) !== 0;
}

const texts: readonly string[] = [
  ...phases.map((phase) => `Phase ${phase.toUpperCase()} voltage out of range`),
  ...phases.map((phase) => `Phase ${phase.toUpperCase()} current out of range`),
  "Frequency out of range, or not enough voltage to determine it",
  "",
  ...phases.map((phase) => `Phase loss ${phase.toUpperCase()}`),
  ...phases.map((phase) => `Low power factor on ${phase.toUpperCase()}`),
  "Energy pulse output overrun: use more energy a pulse, then clear the energies",
  "Energy pulse output configuration: use more energy a pulse",
];

/** The alerts that are on, and when each is: with the limits that the meter's settings give it. */
export function alertConditions(bits: number, wiring: Wiring, limits: AlertLimits): Condition[] {
  const { systemVoltage, ctPrimary, lossPercent, imbalancePercent, overRange, lowPowerFactor } = limits;
  const nominal = systemVoltage * (wiring.ln.length > 0 ? wiring.lnOverSystem : 1);
  const volts = (value: number): string => `${Number(value.toPrecision(4))} V`;
  const amps = (value: number): string => `${Number(value.toPrecision(4))} A`;
  const loss = `below ${volts((1 - lossPercent / 100) * nominal)}, which is ${lossPercent} % under nominal, or ${imbalancePercent} % below another phase`;
  const means: readonly string[] = [
    ...phases.map(() => `from ${volts(overRange * nominal)} on, which is ${overRange} times nominal`),
    ...phases.map(() => `from ${amps(overRange * ctPrimary)} on, which is ${overRange} times the CT's primary`),
    "outside the range that the meter measures",
    "",
    ...phases.map(() => loss),
    ...phases.map(
      () => `a power factor below ${lowPowerFactor.below} at more than ${amps(lowPowerFactor.current * ctPrimary)}`,
    ),
    "pulses are due faster than the output can give them",
    "at full load pulses would be due faster than the output can give them",
  ];
  return texts.flatMap((text, bit) =>
    text !== "" && ((bits >> bit) & 1) === 1 ? [{ text, trouble: true, means: means[bit] }] : [],
  );
}

/** What the bits say, in words. */
export function alertTexts(bits: number): readonly string[] {
  return texts.filter((text, bit) => text !== "" && ((bits >> bit) & 1) === 1);
}
