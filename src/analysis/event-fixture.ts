/**
 * Events of known cause, computed from the differential equations of small three-phase four-wire circuits: a source of 230 V and 50 Hz
 * behind an R-L line in two halves, loads behind where voltage and current are measured. For tests.
 */
import type { Waveform } from "./event-trace.ts";
import type { ThreePhase } from "./phasor.ts";

export const RATE = 12_800;
export const HZ = 50;
const OMEGA = 2 * Math.PI * HZ;
const PEAK = 230 * Math.SQRT2;
/** The quickest time constant is that of the line's halves and the small load between them, 5 us; the rule is stable to 2.8 times that. */
const SUBSTEPS = 16;
const RS = 0.02;
const LS = 0.06 / OMEGA;
/** Loads: a resistance, and one in series with an inductance. */
const RP = 5;
const RL = 4;
const LL = 2 / OMEGA;

const source = (t: number, phase: number): number => PEAK * Math.cos(OMEGA * t - (2 * Math.PI * phase) / 3);

type Derivative = (t: number, state: Float64Array, out: Float64Array) => void;

/** Steps by the classic rule of Runge and Kutta. */
function stepper(f: Derivative, n: number): (t: number, dt: number, y: Float64Array) => void {
  const array = (): Float64Array => new Float64Array(n);
  const [k1, k2, k3, k4, at] = [array(), array(), array(), array(), array()];
  return (t, dt, y) => {
    const from = (k: Float64Array, h: number): Float64Array => {
      for (let i = 0; i < n; i++) at[i] = y[i]! + h * k[i]!;
      return at;
    };
    f(t, y, k1);
    f(t + dt / 2, from(k1, dt / 2), k2);
    f(t + dt / 2, from(k2, dt / 2), k3);
    f(t + dt, from(k3, dt), k4);
    for (let i = 0; i < n; i++) y[i]! += (dt / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  };
}

interface Circuit {
  readonly states: number;
  readonly derivative: Derivative;
  /** Volts and amps of the three phases where they are measured. */
  readonly measure: (t: number, state: Float64Array, volts: Float64Array, amps: Float64Array) => void;
  readonly begin?: (state: Float64Array) => void;
}

function run({ states, derivative, measure, begin }: Circuit, seconds: number): Waveform {
  const count = Math.round(seconds * RATE);
  const state = new Float64Array(states);
  const three = (): ThreePhase<Float64Array> => [
    new Float64Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ];
  const [volts, amps] = [three(), three()];
  const [v, i] = [new Float64Array(3), new Float64Array(3)];
  const dt = 1 / (RATE * SUBSTEPS);
  const step = stepper(derivative, states);
  begin?.(state);
  // Four cycles for what was not in its steady state at the beginning; the record begins behind them.
  const settle = Math.round((4 * RATE) / HZ);
  for (let n = -settle; n < count; n++) {
    if (n >= 0) {
      measure(n / RATE, state, v, i);
      for (let p = 0; p < 3; p++) {
        volts[p]![n] = v[p]!;
        amps[p]![n] = i[p]!;
      }
    }
    for (let m = 0; m < SUBSTEPS; m++) step((n + m / SUBSTEPS) / RATE, dt, state);
  }
  return { rate: RATE, volts, amps };
}

export interface Fault {
  /** Which phases, to ground or to one another. */
  readonly between: "a" | "b-c" | "b-c-ground" | "a-b-c";
  readonly where: "upstream" | "downstream";
  readonly ohms: number;
  readonly from: number;
  readonly to: number;
}

/** Node voltages of currents that flow in, by conductances to ground, and between b and c. */
function nodes(into: Float64Array, ground: readonly number[], bc: number, out: Float64Array): void {
  out[0] = into[0]! / ground[0]!;
  const [b, c] = [ground[1]! + bc, ground[2]! + bc];
  const determinant = b * c - bc * bc;
  out[1] = (into[1]! * c + into[2]! * bc) / determinant;
  out[2] = (into[2]! * b + into[1]! * bc) / determinant;
}

/** States: currents of both halves of the line, and of the inductive load. */
export function faultEvent(fault: Fault, seconds = 0.6): Waveform {
  const [middle, load, into] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
  const g = 1 / fault.ohms;
  const extra = {
    a: [g, 0, 0],
    "b-c": [0, 0, 0],
    "b-c-ground": [0, g, g],
    "a-b-c": [g, g, g],
  }[fault.between];
  // A fault is interrupted where its current passes through zero, in each phase on its own.
  const open = [false, false, false];
  const was = [0, 0, 0];
  const interrupt = (v: Float64Array): void => {
    for (let p = 0; p < 3; p++) {
      const sign = Math.sign(fault.between === "b-c" ? v[1]! - v[2]! : v[p]!);
      if (was[p] !== 0 && sign !== was[p]) open[p] = true;
      was[p] = sign;
    }
  };
  const voltages = (t: number, y: Float64Array): void => {
    const at = (where: Fault["where"], base: number): readonly [readonly number[], number] => {
      const isOn = (p: number): boolean => t >= fault.from && fault.where === where && !open[p];
      return [extra.map((one, p) => base + (isOn(p) ? one : 0)), fault.between === "b-c" && isOn(1) ? g : 0];
    };
    for (let p = 0; p < 3; p++) into[p] = y[p]! - y[3 + p]!;
    // A small load hangs on the middle of the line.
    nodes(into, ...at("upstream", 1 / 10), middle);
    for (let p = 0; p < 3; p++) into[p] = y[3 + p]! - y[6 + p]!;
    nodes(into, ...at("downstream", 1 / RP), load);
    if (t >= fault.to) interrupt(fault.where === "upstream" ? middle : load);
  };
  return run(
    {
      states: 9,
      derivative(t, y, out) {
        voltages(t, y);
        for (let p = 0; p < 3; p++) {
          out[p] = (source(t, p) - middle[p]! - (RS / 2) * y[p]!) / (LS / 2);
          out[3 + p] = (middle[p]! - load[p]! - (RS / 2) * y[3 + p]!) / (LS / 2);
          out[6 + p] = (load[p]! - RL * y[6 + p]!) / LL;
        }
      },
      measure(t, y, volts, amps) {
        voltages(t, y);
        volts.set(load);
        amps.set(y.subarray(3, 6));
      },
    },
    seconds,
  );
}

/** A transformer without load is switched on: its flux is the integral of the voltage, its current follows a curve with a knee. */
export function inrushEvent(from: number, seconds = 2): Waveform {
  const rated = PEAK / OMEGA;
  const knee = 1.15 * rated;
  const lm = 500 / OMEGA;
  const lsat = 0.3 / OMEGA;
  const rs = 0.03;
  const left = [0.6, -0.35, -0.25];
  const current = (flux: number): number => {
    const over = Math.abs(flux) - knee;
    return over <= 0 ? flux / lm : Math.sign(flux) * (knee / lm + over / lsat);
  };
  const on = (t: number, flux: number): number => (t >= from ? current(flux) : 0);
  return run(
    {
      states: 6,
      begin(y) {
        for (let p = 0; p < 3; p++) y[3 + p] = left[p]! * rated;
      },
      derivative(t, y, out) {
        for (let p = 0; p < 3; p++) {
          const v = RP * (y[p]! - on(t, y[3 + p]!));
          out[p] = (source(t, p) - rs * y[p]! - v) / LS;
          out[3 + p] = t >= from ? v : 0;
        }
      },
      measure(t, y, volts, amps) {
        for (let p = 0; p < 3; p++) {
          volts[p] = RP * (y[p]! - on(t, y[3 + p]!));
          amps[p] = y[p]!;
        }
      },
    },
    seconds,
  );
}

/** A bank in star is switched on without charge. States: current of the line, of the load, volts of the bank. */
export function capacitorEvent(from: number, seconds = 0.4): Waveform {
  const farads = 1 / ((2 * Math.PI * 600) ** 2 * LS);
  const rc = 0.02;
  const node = (t: number, y: Float64Array, p: number): number => {
    const into = y[p]! - y[3 + p]!;
    return t < from ? RP * into : (into + y[6 + p]! / rc) / (1 / RP + 1 / rc);
  };
  return run(
    {
      states: 9,
      derivative(t, y, out) {
        for (let p = 0; p < 3; p++) {
          const v = node(t, y, p);
          out[p] = (source(t, p) - RS * y[p]! - v) / LS;
          out[3 + p] = (v - RL * y[3 + p]!) / LL;
          out[6 + p] = t < from ? 0 : (v - y[6 + p]!) / rc / farads;
        }
      },
      measure(t, y, volts, amps) {
        for (let p = 0; p < 3; p++) {
          volts[p] = node(t, y, p);
          amps[p] = y[p]!;
        }
      },
    },
    seconds,
  );
}

/** Farads and henries of two banks, of which the second is switched on beside the first; and of the line. */
export const banks = (() => {
  const farads = 1 / ((2 * Math.PI * 600) ** 2 * LS) / 2;
  return { first: farads, second: farads, between: 2 / ((2 * Math.PI * 2400) ** 2 * farads), line: LS } as const;
})();

/** A bank is switched on where another one is on already. States: current of the line, volts of the first, current between them, volts of the second. */
export function backToBackEvent(from: number, seconds = 0.4): Waveform {
  const ohms = 0.05;
  return run(
    {
      states: 12,
      derivative(t, y, out) {
        for (let p = 0; p < 3; p++) {
          const [v, between, second] = [y[3 + p]!, y[6 + p]!, y[9 + p]!];
          out[p] = (source(t, p) - RS * y[p]! - v) / LS;
          out[3 + p] = (y[p]! - v / RP - between) / banks.first;
          out[6 + p] = t < from ? 0 : (v - ohms * between - second) / banks.between;
          out[9 + p] = between / banks.second;
        }
      },
      measure(_, y, volts, amps) {
        volts.set(y.subarray(3, 6));
        amps.set(y.subarray(0, 3));
      },
    },
    seconds,
  );
}

/**
 * An induction motor starts: its equivalent circuit with slip, its speed by the torque that is left. Voltages and currents are the
 * phasors of each instant, as the speed changes slowly against a cycle.
 */
export function motorEvent(from: number, seconds = 3): Waveform {
  const count = Math.round(seconds * RATE);
  const three = (): ThreePhase<Float64Array> => [
    new Float64Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ];
  const [volts, amps] = [three(), three()];
  const [r1, x1, r2, x2, xm] = [0.05, 0.25, 0.08, 0.25, 12];
  const [zs, load] = [
    { re: RS, im: OMEGA * LS },
    { re: 2.5, im: 0.8 },
  ];
  const inverse = ({ re, im }: { re: number; im: number }): { re: number; im: number } => {
    const square = re * re + im * im;
    return { re: re / square, im: -im / square };
  };
  const sum = (a: { re: number; im: number }, b: { re: number; im: number }): { re: number; im: number } => ({
    re: a.re + b.re,
    im: a.im + b.im,
  });
  const inertia = 0.4;
  let speed = 0;
  for (let n = 0; n < count; n++) {
    const t = n / RATE;
    const slip = Math.max(1 - speed / OMEGA, 1e-4);
    const rotor = inverse(sum(inverse({ re: 0, im: xm }), inverse({ re: r2 / slip, im: x2 })));
    const machine = { re: r1 + rotor.re, im: x1 + rotor.im };
    const taken = t < from ? inverse(load) : sum(inverse(load), inverse(machine));
    const total = sum(zs, inverse(taken));
    // The source at 0 degrees: current of the line, and what is left behind it.
    const i = { re: 230 * inverse(total).re, im: 230 * inverse(total).im };
    const v = { re: 230 - zs.re * i.re + zs.im * i.im, im: -(zs.re * i.im + zs.im * i.re) };
    if (t >= from) {
      // Power over the air gap by the synchronous speed; the load's torque grows with the square of the speed.
      const im2 = (v.re * v.re + v.im * v.im) / (machine.re ** 2 + machine.im ** 2);
      const torque = (3 * im2 * rotor.re) / OMEGA;
      speed += (torque - 60 * (speed / OMEGA) ** 2) / inertia / RATE;
    }
    for (let p = 0; p < 3; p++) {
      const angle = OMEGA * t - (2 * Math.PI * p) / 3;
      volts[p]![n] = Math.SQRT2 * (v.re * Math.cos(angle) - v.im * Math.sin(angle));
      amps[p]![n] = Math.SQRT2 * (i.re * Math.cos(angle) - i.im * Math.sin(angle));
    }
  }
  return { rate: RATE, volts, amps };
}
