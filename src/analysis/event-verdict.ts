/** What an event is by the tables and curves, and what may have caused it, where its waveform tells. */
import type { WiringName } from "#quantity/wiring.ts";
import { f47Region, iticRegion } from "./curves.ts";
import { dipCause } from "./dip-cause.ts";
import { dipDirection } from "./dip-direction.ts";
import { dipType } from "./dip-type.ts";
import { eventClass } from "./event-class.ts";
import { shapeOf } from "./event-shape.ts";
import { starOfPairs, traceOf } from "./event-trace.ts";
import type { EventWave, ExaminedEvent, Explained } from "./examination.ts";
import type { ThreePhase } from "./phasor.ts";

/** Class and places of an event of RMS voltage; of a rapid change there are none. */
export function placed(
  kind: ExaminedEvent["kind"],
  seconds: number,
  percent: number,
  hz: 50 | 60,
): Pick<ExaminedEvent, "ieee1159" | "itic" | "f47"> {
  if (kind === "rapid change" || !(seconds > 0)) return {};
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

/** `at` is where the event begins, seconds of the recording; `hz` the frequency then. */
export function explained(wave: EventWave | undefined, wiring: WiringName, at: number, hz: number): Explained {
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
  const trace = traceOf(
    {
      rate: wave.rate,
      volts: isOfPairs ? starOfPairs(pairsOf(volts)) : volts,
      ...(amps === undefined ? {} : { amps }),
    },
    hz,
    { quietCycles, deviation: 0.02 },
  );
  const shape = shapeOf(trace);
  if (shape === undefined) return { reason: "no voltage falls" };
  const type = dipType(trace, shape.deepest);
  return {
    ...(type === undefined ? {} : { type }),
    direction: dipDirection(trace, shape.deepest),
    cause: dipCause(trace),
  };
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
