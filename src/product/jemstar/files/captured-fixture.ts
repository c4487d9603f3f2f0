/** Recordings and observations with values in closed form, for the tests of this room. */
import { captureKinds, type Captured, type CaptureKind } from "#quantity/captured.ts";
import type { Observation, VoltageObserved } from "#quantity/observation.ts";
import type { MeterFacts } from "./meter-facts.ts";

/** 2016-02-02 10:25:45.133724 GMT, of which the manual makes a name. */
export const MANUAL_UTC = 1_454_408_745_133.724;

export const facts: MeterFacts = {
  serial: "142300003",
  model: "AMETEK JEMStar II",
  modelNumber: "JSII-09I6010-2A-PQ3",
  firmware: "1.019",
  hz: 60,
  connection: "4 wire wye",
  pt: 100,
  ct: 20,
  nominalVolts: 12_000,
  pqVoltage: "ln",
};

const perCycle = { rms: 2, low: 16, medium: 128, high: 512 } as const;
const phases = ["a", "b", "c"] as const;

/** The frequency of the line goes up by so much each second: its cycles are not even. */
export const SLEW = 0.5;

/** Instant at which the line has gone through so many cycles from 60 Hz on: 60 t + SLEW t²/2. */
export function instantOf(cycles: number): number {
  return (Math.sqrt(3600 + 2 * SLEW * cycles) - 60) / SLEW;
}

/** Volts and amps of the line after so many cycles: half the volts from the fifth to the eighth. */
export function sampleOf(name: string, cycles: number): number {
  const [quantity, phase = ""] = name.split(".");
  const turn = cycles - phases.indexOf(phase as "a") / 3;
  const depth = quantity === "V" && cycles >= 5 && cycles < 8 ? 0.5 : 1;
  return (quantity === "V" ? 12_000 * depth : 100) * Math.SQRT2 * Math.sin(2 * Math.PI * turn);
}

/** A recording of so many cycles, which begins five cycles before `utc`. */
export function captured(kind: CaptureKind, cycles = 15, utc = MANUAL_UTC): Captured {
  const n = cycles * perCycle[kind];
  const at = 1000;
  // RMS is of the end of a half cycle.
  const turns = Float64Array.from({ length: n }, (_, k) => (k + (kind === "rms" ? 1 : 0)) / perCycle[kind]);
  const waves = ["V.a", "V.b", "V.c", "A.a", "A.b", "A.c"];
  const rms = (name: string): Float64Array =>
    turns.map((turn) => (name.startsWith("V") ? (turn > 5 && turn <= 8 ? 6000 : 12_000) : 100));
  const names = kind === "rms" ? [...waves, ...waves.map((name) => `${name}.angle`)] : waves;
  return {
    kind,
    perCycle: perCycle[kind],
    hz: 60,
    at,
    utc: utc - 1000 * instantOf(5),
    triggeredAt: at + instantOf(5),
    triggers: [1],
    names,
    times: turns.map(instantOf),
    channels: names.map((name, k) => {
      if (name.endsWith(".angle")) return turns.map(() => -120 * (k % 3));
      return kind === "rms" ? rms(name) : turns.map((turn) => sampleOf(name, turn));
    }),
    cut: undefined,
  };
}

export function sag(utc = MANUAL_UTC, more: Partial<VoltageObserved> = {}): VoltageObserved {
  return {
    kind: "sag",
    utcStart: utc,
    utcEnd: utc + 50,
    entry: 75,
    phase: "b",
    cycles: 3,
    statistics: [
      { name: "V.a", least: 60, most: 120, average: 90 },
      { name: "V.b", least: 54, most: 118, average: 80 },
      { name: "V.c", least: 66, most: 121, average: 95 },
      { name: "A.a", least: 4, most: 5, average: 4.5 },
      { name: "THD.V.a", least: 0.5, most: 3, average: 1.5 },
      { name: "PF.a", least: -0.5, most: 1, average: 0.75 },
      { name: "Hz", least: 59.9, most: 60.1, average: 60 },
    ],
    ...more,
  };
}

export function observation(more: Partial<Observation> = {}): Observation {
  return {
    utc: MANUAL_UTC,
    trigger: { id: 1, label: "Sag" },
    value: 54,
    event: sag(),
    // Made where nobody says which: they take their time.
    captures: more.captures ?? captureKinds.map((kind) => captured(kind)),
    ...more,
  };
}
