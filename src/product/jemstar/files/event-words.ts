/** What an observation is of, for whoever looks for one among many: what happened, where, how deep, how long. */
import type { EventObserved, Observation } from "#quantity/observation.ts";
import type { MeterFacts } from "./meter-facts.ts";

/** "sag, phase b: 70.0 %, 208 ms", and how much of it nobody saw; of what is no event of the voltage the trigger by its label, or its number. */
export function eventWords({ event, trigger }: Observation, facts: MeterFacts): string {
  if (event === undefined) return trigger.label === "" ? `trigger ${trigger.id}` : trigger.label;
  const ms = `${Math.round(event.utcEnd - event.utcStart)} ms`;
  if (event.kind === "rapidVoltageChange") {
    return `rapid voltage change: ${percent(Math.max(...event.largest), facts)}, ${ms}`;
  }
  const phase = event.phase === undefined ? "" : `, phase ${event.phase}`;
  const extreme = extremeOf(event);
  const unseen = event.unmeasuredMs === undefined ? "" : `, of which ${event.unmeasuredMs} ms were not measured`;
  return `${event.kind}${phase}: ${extreme === undefined ? "" : `${percent(extreme, facts)}, `}${ms}${unseen}`;
}

/** The volts that were furthest off, of any phase. */
function extremeOf(event: Exclude<EventObserved, { kind: "rapidVoltageChange" }>): number | undefined {
  const volts = event.statistics.filter(({ name }) => /^V\.[abc]+$/.test(name));
  if (volts.length === 0) return undefined;
  if (event.kind === "swell") return Math.max(...volts.map(({ most }) => most));
  return Math.min(...volts.map(({ least }) => least));
}

/** Of the nominal voltage of power quality. */
function percent(secondary: number, { pt, nominalVolts }: MeterFacts): string {
  return `${((100 * secondary * pt) / nominalVolts).toFixed(1)} %`;
}
