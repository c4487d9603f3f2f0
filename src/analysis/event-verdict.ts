/** What an event is by the tables and curves, and what may have caused it, where its waveform tells. */
import type { WiringName } from "#quantity/wiring.ts";
import { f47Region, iticRegion } from "#analysis/limits/curves.ts";
import { dipCause } from "./dip-cause.ts";
import { dipDirection } from "./dip-direction.ts";
import { dipType } from "./dip-type.ts";
import { eventClass } from "#analysis/limits/event-class.ts";
import { type After, shapeOf } from "./event-shape.ts";
import { type EventTrace, starOfPairs, traceOf } from "./event-trace.ts";
import type { EventWave, ExaminedEvent, Explained } from "./examination.ts";
import type { ThreePhase } from "./phasor.ts";

/** Class and places of an event of RMS voltage; of a rapid change there are none, and a transient has its class by its ring. */
export function placed(
  kind: ExaminedEvent["kind"],
  seconds: number,
  percent: number,
  hz: 50 | 60,
): Pick<ExaminedEvent, "ieee1159" | "itic" | "f47"> {
  if (kind === "rapid change" || kind === "transient" || !(seconds > 0)) return {};
  const ieee1159 = eventClass(seconds, percent / 100, hz);
  const itic = iticRegion(seconds, percent);
  const f47 = f47Region(seconds, percent);
  return {
    ...(ieee1159 === undefined ? {} : { ieee1159 }),
    ...(itic === undefined ? {} : { itic }),
    ...(f47 === undefined ? {} : { f47 }),
  };
}

/** Samples a cycle without which there are no phasors of half cycles. */
const LEAST_PER_CYCLE = 16;

/** Cycles before an event that its voltages are compared with, at least; and those before it that may have something of it. */
const QUIET_CYCLES = 2;
const ASIDE_CYCLES = 1;

/** Of the event that begins at `at`, seconds of the recording, with `hz` the frequency then; `after` is what it comes to. */
export function explained(
  kind: ExaminedEvent["kind"],
  wave: EventWave | undefined,
  wiring: WiringName,
  { at, hz, after }: { readonly at: number; readonly hz: number; readonly after?: After | undefined },
): Explained {
  if (wave === undefined) return { reason: "there is no waveform of it" };
  if (wave.rate / hz < LEAST_PER_CYCLE) {
    return { reason: `${wave.rate} samples a second: expected at least ${LEAST_PER_CYCLE} a cycle` };
  }
  const quietCycles = Math.floor((at - wave.at) * hz) - ASIDE_CYCLES;
  if (quietCycles < QUIET_CYCLES) {
    return { reason: `less than ${QUIET_CYCLES + ASIDE_CYCLES} cycles before it were recorded` };
  }
  // Terminals of a wiring without a neutral float: against one another they do not, and one may be what the others are against.
  const isOfPairs = wiring === "delta" || wiring === "two-element" || wiring === "open-delta";
  const volts = three(wave, ["va", "vb", "vc"], isOfPairs ? "may be against one" : undefined);
  if (volts === undefined) return { reason: "three voltages are needed" };
  const amps = three(wave, ["ia", "ib", "ic"]);
  const whole = traceOf(
    {
      rate: wave.rate,
      volts: isOfPairs ? starOfPairs(pairsOf(volts)) : volts,
      ...(amps === undefined ? {} : { amps }),
    },
    hz,
    { quietCycles, deviation: 0.02 },
  );
  const trace = kind === "transient" ? from(whole, Math.floor((at - wave.at) * 2 * hz) - 1) : whole;
  const shape = shapeOf(trace);
  // Types and directions are of dips: what rises has a cause only.
  if (kind === "swell" || kind === "transient" || shape === undefined) return { cause: dipCause(trace) };
  const type = dipType(trace, shape.deepest);
  return {
    ...(type === undefined ? {} : { type }),
    direction: dipDirection(trace, shape.deepest),
    cause: dipCause(trace, after !== undefined && after.at > endOf(wave) ? after : undefined),
  };
}

/** A transient may be too short for the RMS to tell where it begins: it is in the windows that end behind that. */
function from(trace: EventTrace, half: number): EventTrace {
  const start = Math.min(trace.start, Math.max(half, 0));
  return { ...trace, start, end: Math.max(trace.end, start) };
}

function endOf({ at, rate, channels }: EventWave): number {
  return at + (channels[0]?.samples.length ?? 0) / rate;
}

function three(
  { channels }: EventWave,
  names: ThreePhase<string>,
  terminals?: "may be against one",
): ThreePhase<Float64Array> | undefined {
  const found = names.map((name) => channels.find((channel) => channel.name === name)?.samples);
  const some = found.find((samples) => samples !== undefined);
  if (terminals !== undefined && found.filter((samples) => samples === undefined).length === 1) {
    found[found.indexOf(undefined)] = new Float32Array(some?.length ?? 0);
  }
  const [a, b, c] = found;
  if (a === undefined || b === undefined || c === undefined) return undefined;
  return [Float64Array.from(a), Float64Array.from(b), Float64Array.from(c)];
}

function pairsOf([a, b, c]: ThreePhase<Float64Array>): ThreePhase<Float64Array> {
  const less = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, k) => value - y[k]!);
  return [less(a, b), less(b, c), less(c, a)];
}
