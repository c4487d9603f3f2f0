/** Categories of IEEE 1159 (table of typical durations) of what befell the voltage. */
import type { Observation } from "#format/pqdif/pqdif.ts";
import type { EventObserved } from "#quantity/observation.ts";

type Disturbance = Observation["disturbance"];

/** A short variation lasts up to a minute; what is called instantaneous up to 30 cycles, momentary up to 3 s. */
const MINUTE = 60;
const MOMENTARY = 3;
const INSTANTANEOUS_CYCLES = 30;

/** By how much the seconds of the clock and those of the cycles may differ where it was not set in between: the line's frequency does. */
const ASIDE = 0.25;
const ASIDE_SECONDS = 1;

/** Seconds that it lasted: by the clock, or where that was set in between by its cycles; NaN where nobody counted any. */
export function durationOf(event: EventObserved, hz: number): number {
  const seconds = (event.utcEnd - event.utcStart) / 1000;
  const counted = event.kind === "rapidVoltageChange" ? NaN : event.cycles / hz;
  const isSet = seconds < 0 || Math.abs(seconds - counted) > ASIDE_SECONDS + ASIDE * counted;
  return isSet ? counted : seconds;
}

export function disturbanceOf(event: EventObserved, hz: number): Disturbance {
  const seconds = durationOf(event, hz);
  if (event.kind === "rapidVoltageChange") return "voltage fluctuation";
  if (event.kind === "interruption") {
    if (seconds > MINUTE) return "sustained interruption";
    return seconds > MOMENTARY ? "temporary interruption" : "momentary interruption";
  }
  if (seconds > MINUTE) return event.kind === "sag" ? "undervoltage" : "overvoltage";
  if (seconds > MOMENTARY) return `temporary ${event.kind}`;
  return seconds * hz > INSTANTANEOUS_CYCLES ? `momentary ${event.kind}` : `instantaneous ${event.kind}`;
}
