/**
 * What has likely caused an event, where the evidence carries it: each cause has its criteria, and is named when all of them hold. What
 * they look for is published: E. Styvaktakis, M. H. J. Bollen, I. Y. H. Gu, "Expert system for classification and analysis of power system
 * events", IEEE Trans. Power Delivery 17 (2002); M. H. J. Bollen, I. Y. H. Gu, "Signal Processing of Power Quality Disturbances", 2006;
 * IEEE 1159 (a capacitor bank rings at 300 to 900 Hz); relays hold a transformer's current for inrush from 15 % of second harmonic on.
 * The other bounds are ours, and stand in the words of each criterion.
 */
import { dipType, type DipType } from "./dip-type.ts";
import {
  currentShapeOf,
  ringingOf,
  riseOf,
  shapeOf,
  unbalanceAt,
  type After,
  type CurrentShape,
  type Ringing,
  type Shape,
} from "./event-shape.ts";
import type { EventTrace } from "./event-trace.ts";

export type NamedCause = "capacitor switching" | "transformer energising" | "motor start" | "fault";

export interface Criterion {
  /** In words, with figures. */
  readonly says: string;
  /** Undefined of what is not known. */
  readonly holds: boolean | undefined;
}

export interface DipCause {
  readonly cause: NamedCause | "unknown";
  /** Of the cause; of an unknown one none. */
  readonly criteria: readonly Criterion[];
  /** Of every cause that was asked for. */
  readonly considered: Readonly<Record<NamedCause, readonly Criterion[]>>;
  /** The type of a dip by a fault. */
  readonly type?: DipType;
}

/** Parts that come or go within a cycle and a half. */
const SHARP = 0.7;
const GRADUAL = 0.5;
const BALANCED = 0.25;
const UNLIKE = 0.1;
const INRUSH_SECOND = 0.15;
const MOTOR_SECOND = 0.1;
/** A motor takes five to seven times its current when it starts: what comes on is at least so many times what remains. */
const MOTOR_TIMES = 3;
const DIP = 0.1;
/** A bank raises the voltage; of a small one other loads hide it. */
const SETTLES = 0.001;

interface Evidence {
  readonly shape: Shape | undefined;
  readonly current: CurrentShape | undefined;
  readonly ringing: Ringing | undefined;
  /** Of the positive sequence from before to behind, as a part. */
  readonly rise: number | undefined;
  readonly unbalance: number | undefined;
  readonly type: DipType | undefined;
}

/** `after` is what it comes to behind the trace. */
export function dipCause(trace: EventTrace, after?: After): DipCause {
  const seen = shapeOf(trace);
  const shape = seen === undefined || after?.recovery === undefined ? seen : { ...seen, recovery: after.recovery };
  const current = currentShapeOf(trace);
  const evidence: Evidence = {
    shape,
    current: current === undefined || after?.lasting === undefined ? current : { ...current, lasting: after.lasting },
    ringing: ringingOf(trace),
    rise: riseOf(trace),
    unbalance: shape === undefined ? undefined : unbalanceAt(trace, shape.deepest),
    type: shape === undefined ? undefined : dipType(trace, shape.deepest),
  };
  const considered: DipCause["considered"] = {
    "capacitor switching": capacitor(evidence),
    "transformer energising": transformer(evidence),
    "motor start": motor(evidence),
    fault: fault(evidence),
  };
  const causes: readonly NamedCause[] = ["capacitor switching", "transformer energising", "motor start", "fault"];
  const cause = causes.find((one) => considered[one].every(({ holds }) => holds === true));
  if (cause === undefined) return { cause: "unknown", criteria: [], considered };
  return {
    cause,
    criteria: considered[cause],
    considered,
    ...(cause === "fault" && evidence.type !== undefined ? { type: evidence.type } : {}),
  };
}

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;

/** A criterion on a figure that may not be known. */
function criterion<T>(known: T | undefined, lacks: string, of: (known: T) => Criterion): Criterion {
  return known === undefined ? { says: lacks, holds: undefined } : of(known);
}

const noCurrent = "the currents are not known";
const noShape = "no voltage falls";

function capacitor({ ringing, current, shape, rise }: Evidence): readonly Criterion[] {
  return [
    criterion(ringing, "there are no samples of a transient", ({ hz, part }) => ({
      says: `the voltage rings at ${hz} Hz with ${percent(part)} of its peak (from 300 to 900 Hz, at least 3 %)`,
      holds: hz >= 300 && hz <= 900 && part >= 0.03,
    })),
    criterion(current?.reactiveStep, noCurrent, (reactiveStep) => ({
      says: `reactive power steps by ${percent(reactiveStep)} of the apparent power before or after, the larger (at least 5 % down: leading)`,
      holds: reactiveStep <= -0.05,
    })),
    criterion(rise, "the voltage behind it is not known", (rise) => ({
      says: `the voltage settles ${percent(Math.abs(rise))} ${rise < 0 ? "below" : "above"} what it was (not more than ${percent(SETTLES)} below)`,
      holds: rise >= -SETTLES,
    })),
    shape === undefined
      ? { says: noShape, holds: true }
      : {
          says: `the lowest phase falls by ${percent(shape.depth)} (less than ${percent(DIP)})`,
          holds: shape.depth < DIP,
        },
  ];
}

function transformer({ shape, current, unbalance }: Evidence): readonly Criterion[] {
  return [
    criterion(unbalance, noShape, (part) => ({
      says: `|U2| over |1 - U1| is ${part.toFixed(2)} (at least ${UNLIKE}: the phases fall unlike, as their fluxes differ)`,
      holds: part >= UNLIKE,
    })),
    gradual(shape),
    criterion(current?.second, "the second harmonic of the current is not known", (second) => ({
      says: `the second harmonic is ${percent(second)} of the current that came on, the fourth ${current?.fourth === undefined ? "not known" : percent(current.fourth)} (second: at least ${percent(INRUSH_SECOND)})`,
      holds: second >= INRUSH_SECOND,
    })),
    criterion(current?.secondLeft, "whether it decays is not known", (left) => ({
      says: `at the end of the record the second harmonic is ${percent(left)} of its largest (at most 70 %)`,
      holds: left <= 0.7,
    })),
  ];
}

function motor({ shape, current, unbalance }: Evidence): readonly Criterion[] {
  return [
    criterion(unbalance, noShape, balanced),
    gradual(shape),
    criterion(current?.lasting, noCurrent, (lasting) => ({
      says: `of the current that came on ${percent(lasting)} remain (at most 1 of ${MOTOR_TIMES}: a motor starts at 5 to 7 times its current)`,
      holds: lasting <= 1 / MOTOR_TIMES,
    })),
    criterion(current?.cosine, noCurrent, (cosine) => ({
      says: `the current that came on has a power factor of ${cosine.toFixed(2)} in the third cycle (0 to 0.7: mostly reactive)`,
      holds: cosine >= 0 && cosine <= 0.7,
    })),
    criterion(current?.second, "the second harmonic of the current is not known", (second) => ({
      says: `the second harmonic is ${percent(second)} of the current that came on (less than ${percent(MOTOR_SECOND)})`,
      holds: second < MOTOR_SECOND,
    })),
  ];
}

function fault({ shape, type }: Evidence): readonly Criterion[] {
  return [
    criterion(shape, noShape, ({ depth }) => ({
      says: `the lowest phase falls by ${percent(depth)} (at least ${percent(DIP)})`,
      holds: depth >= DIP,
    })),
    criterion(shape?.fall, "how it falls is not known", (fall) => ({
      says: `${percent(fall)} of it is lost within a cycle and a half (at least ${percent(SHARP)}: sharply)`,
      holds: fall >= SHARP,
    })),
    criterion(shape?.recovery, "the record does not see it recover", (recovery) => ({
      says: `${percent(recovery)} of what comes back does within a cycle and a half (at least ${percent(SHARP)}: something was switched off)`,
      holds: recovery >= SHARP,
    })),
    criterion(type, "its type is not known", ({ letter, faults, criterion }) => ({
      says: `it is of type ${letter}: ${faults} (${criterion})`,
      holds: true,
    })),
  ];
}

function balanced(unbalance: number): Criterion {
  return {
    says: `|U2| over |1 - U1| is ${unbalance.toFixed(2)} (less than ${BALANCED}: the phases fall alike)`,
    holds: unbalance < BALANCED,
  };
}

function gradual(shape: Shape | undefined): Criterion {
  return criterion(shape?.recovery, "the record does not see the voltage recover", (recovery) => ({
    says: `${percent(recovery)} of what the voltage recovers comes back within a cycle and a half (at most ${percent(GRADUAL)}: gradually)`,
    holds: recovery <= GRADUAL,
  }));
}
