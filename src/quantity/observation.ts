/** What a trigger of a power-quality meter has left: when it was, what befell the voltage, and what was recorded of it. */
import type { Captured } from "./captured.ts";

/** Least, most and average of a measure while an event lasted, secondary: "V.a", "THD.A.b", "Hz". */
export interface EventStatistic {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly average: number;
}

interface EventTimes {
  /** Milliseconds since 1970. */
  readonly utcStart: number;
  readonly utcEnd: number;
  /** Number of the log's entry. */
  readonly entry: number;
}

/** A sag, a swell or an interruption: an entry of the log of its kind. */
export interface VoltageObserved extends EventTimes {
  readonly kind: "sag" | "swell" | "interruption";
  /** The phase whose volts began it: "a", "ab"; undefined of an interruption. */
  readonly phase: string | undefined;
  readonly cycles: number;
  /** Milliseconds of it in which nothing was measured: the supply had failed, or samples were missing. Left out where there are none. */
  readonly unmeasuredMs?: number | undefined;
  readonly statistics: readonly EventStatistic[];
}

/** A rapid voltage change, in volts by phase: the largest difference from what was before, and that in which it settled. */
export interface RapidChangeObserved extends EventTimes {
  readonly kind: "rapidVoltageChange";
  readonly phases: readonly string[];
  readonly largest: readonly number[];
  readonly settled: readonly number[];
}

export type EventObserved = VoltageObserved | RapidChangeObserved;

/** It is handed out when the trigger is over and all recordings that it takes part in have ended. */
export interface Observation {
  /** Milliseconds since 1970, of the trigger. */
  readonly utc: number;
  readonly trigger: { readonly id: number; readonly label: string };
  /** As the alarm log has it. */
  readonly value: number | undefined;
  /** Undefined of triggers that fill no log of voltage events. */
  readonly event: EventObserved | undefined;
  /** Volts and amps of the line, primary; each kind at most once. A recording that several triggers share is of the one that says most. */
  readonly captures: readonly Captured[];
}

export type TakeObservation = (observation: Observation) => void;
