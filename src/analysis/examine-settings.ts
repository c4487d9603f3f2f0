/** How a recording is examined. */
import type { InputMap } from "#waveform/channel-map.ts";
import type { WiringName } from "#quantity/wiring.ts";

/** Parts of the declared voltage (IEC 61000-4-30, 5.4, 5.5 and 5.11). */
export interface EventLimits {
  readonly dip: number;
  readonly swell: number;
  readonly interruption: number;
  /** Of the three. */
  readonly hysteresis: number;
  readonly rapidChange: number;
  /** The part of the threshold of a rapid change that is taken off it while one goes on. */
  readonly rapidHysteresis: number;
  /** Of the peak of the declared voltage: by so much samples go beyond what was before and behind a transient. Ours. */
  readonly transient: number;
}

/** 90 and 92 %, 110 and 108 %, 5 and 7 %; rapid changes of 5 %, with 50 % of it as hysteresis; transients of 20 %. */
export const usualEventLimits: EventLimits = {
  dip: 0.9,
  swell: 1.1,
  interruption: 0.05,
  hysteresis: 0.02,
  rapidChange: 0.05,
  rapidHysteresis: 0.5,
  transient: 0.2,
};

/** What is kept of events. */
export interface EventKeeping {
  /** Seconds before the beginning and behind the end. */
  readonly before: number;
  readonly behind: number;
  /** Of the half-cycle RMS and of the waveform at most so many seconds, from `before` on. */
  readonly rmsSeconds: number;
  readonly waveSeconds: number;
  /** Events; and those of which there are traces. */
  readonly events: number;
  readonly traces: number;
}

export const usualKeeping: EventKeeping = {
  before: 0.5,
  behind: 0.5,
  rmsSeconds: 30,
  waveSeconds: 2,
  events: 10_000,
  traces: 200,
};

export interface ExamineSettings {
  readonly wiring: WiringName;
  readonly map: InputMap;
  /** The declared voltage, of those that events are of; guessed from the recording unless said. */
  readonly nominalVolts?: number | undefined;
  /** Guessed, too. */
  readonly hz?: 50 | 60 | undefined;
  /** Which voltages events are of, where the wiring has both. */
  readonly pqVoltage?: "ln" | "ll" | undefined;
  /** The phases' order as it was meant. */
  readonly rotation?: "abc" | "acb" | undefined;
  /** Milliseconds since 1970 of the first sample, where the recording does not say it. */
  readonly startUtc?: number | undefined;
  readonly limits?: Partial<EventLimits> | undefined;
  readonly keeping?: Partial<EventKeeping> | undefined;
  readonly demandAmps?: number | undefined;
  readonly signalHz?: number | undefined;
  /** Is told now and then how many seconds of the recording are done. */
  readonly onProgress?: ((seconds: number) => void) | undefined;
}

/** Throws RangeError of limits that cannot be. */
export function eventLimitsOf(given: Partial<EventLimits> = {}): EventLimits {
  const limits = { ...usualEventLimits, ...given };
  const { dip, swell, interruption, hysteresis, rapidChange, rapidHysteresis, transient } = limits;
  const fits =
    interruption > 0 &&
    hysteresis >= 0 &&
    dip > interruption &&
    dip + hysteresis <= swell - hysteresis &&
    rapidChange > 0 &&
    rapidHysteresis >= 0 &&
    rapidHysteresis < 1 &&
    transient >= 0.02 &&
    transient <= 2;
  if (fits) return limits;
  const said = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  throw new RangeError(
    `limits of events (${said.join(", ")}): expected 0 < interruption < dip, dip + hysteresis no more than swell - hysteresis, rapidChange above 0, rapidHysteresis from 0 to below 1, and transient from 0.02 to 2`,
  );
}
