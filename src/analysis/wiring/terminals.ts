/** What is connected to the terminals of a meter, as mistakes change it one after the other; and the volts of services. */
import { type Phase, phases } from "#quantity/quantity.ts";
import { wiringOf, type WiringName } from "#quantity/wiring.ts";
import type { Mistake, Service } from "./mistake.ts";
import { terminalsOf } from "./singles.ts";

export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** How much of each of the terminals of the service stands at one of the meter. */
type Row = readonly [number, number, number];

interface CurrentChannel {
  readonly conductor: number;
  readonly sign: 1 | -1;
  readonly dead: boolean;
  readonly free: boolean;
}

const index: Readonly<Record<Phase, number>> = { a: 0, b: 1, c: 2 };
const none: Row = [0, 0, 0];
const less = (one: Row, other: Row): Row => [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
const minus = (row: Row): Row => less(none, row);

export class Terminals {
  readonly system: WiringName;
  volts: Row[];
  amps: CurrentChannel[];
  readonly free: number[] = [];
  allFree = false;
  service: Mistake | undefined;
  /** Pairs whose transformer is turned round: "a" of ab, "c" of cb. */
  readonly #turned = new Set<Phase>();
  /** What a terminal without a voltage shows: what it is to neutral, or half of what the two others have. */
  readonly #floats: boolean;
  readonly #dead: number[] = [];

  private constructor(system: WiringName, floats: boolean) {
    this.system = system;
    this.#floats = floats;
    const used = terminalsOf(system);
    this.volts = phases.map((phase, k): Row =>
      used.includes(phase) ? [k === 0 ? 1 : 0, k === 1 ? 1 : 0, k === 2 ? 1 : 0] : none,
    );
    const { currents } = wiringOf(system);
    this.amps = currents.map((phase) => ({ conductor: index[phase], sign: 1, dead: false, free: false }));
  }

  /** As they are with the mistakes; a meter without a neutral can show a line that is lost in two ways. */
  static with(system: WiringName, mistakes: readonly Mistake[]): readonly Terminals[] {
    const two = wiringOf(system).ln.length === 0 && mistakes.some(({ kind }) => kind === "deadVolts");
    return (two ? [false, true] : [false]).map((floats) => {
      const out = new Terminals(system, floats);
      for (const mistake of mistakes) out.#make(mistake);
      return out;
    });
  }

  /** Where a phase's current is measured, of the channels that there are. */
  #channel(phase: Phase): number {
    return (wiringOf(this.system).currents as readonly Phase[]).indexOf(phase);
  }

  #change(phase: Phase | undefined, to: Partial<CurrentChannel>): void {
    const k = this.#channel(phase ?? "a");
    this.amps = this.amps.map((channel, at) => (at === k ? { ...channel, ...to } : channel));
  }

  #make({ kind, phases: of, service }: Mistake): void {
    const [first = "a", second = "a"] = of;
    const [i, j] = [index[first], index[second]];
    const at = (row: number): Row => this.volts[row] ?? none;
    const amps = (phase: Phase): CurrentChannel | undefined => this.amps[this.#channel(phase)];
    switch (kind) {
      case "swappedVolts":
        this.volts = this.volts.map((row, k) => (k === i ? at(j) : k === j ? at(i) : row));
        break;
      case "rotatedVolts":
        this.volts = of.map((phase) => at(index[phase]));
        break;
      case "misplacedVolts":
        this.volts = this.volts.map((row, k) => (k === i ? at(j) : row));
        break;
      case "neutralSwapped":
        this.volts = this.volts.map((row, k) =>
          k === i ? minus(row) : terminalsOf(this.system).includes(phases[k] ?? "a") ? less(row, at(i)) : row,
        );
        break;
      case "deadVolts":
        this.#dead.push(i);
        this.volts = this.volts.map((row, k) => (k === i ? none : row));
        break;
      case "reversedVolts":
        if (wiringOf(this.system).ln.length === 0) this.#turned.add(first);
        else this.volts = this.volts.map((row, k) => (k === i ? minus(row) : row));
        break;
      case "voltsRatio":
        // Without a neutral the second transformer is that of b and c.
        this.free.push(wiringOf(this.system).ln.length === 0 && first === "c" ? 1 : i);
        break;
      case "allVoltsRatio":
        this.allFree = true;
        break;
      case "service":
        this.service = { kind, phases: of, ...(service === undefined ? {} : { service }) };
        break;
      case "swappedAmps": {
        const [one, other] = [amps(first), amps(second)];
        this.#change(first, { ...other });
        this.#change(second, { ...one });
        break;
      }
      case "rotatedAmps":
        this.amps = of.flatMap((phase) => amps(phase) ?? []);
        break;
      case "misplacedAmps":
        this.#change(first, { conductor: amps(second)?.conductor ?? j });
        break;
      case "deadAmps":
        this.#change(first, { dead: true });
        break;
      case "ampsRatio":
        this.#change(first, { free: true });
        break;
      case "reversedAmps":
        for (const phase of of) this.#change(phase, { sign: (amps(phase)?.sign ?? 1) > 0 ? -1 : 1 });
    }
  }

  /** What the voltage channels show, of what stands at the terminals. */
  channels(terminals: readonly Complex[]): readonly Complex[] {
    if (wiringOf(this.system).ln.length > 0) return terminals;
    const held = terminals.map((one, k) => {
      const [x, y] = terminals.filter((_, other) => other !== k);
      if (!this.#floats || !this.#dead.includes(k) || x === undefined || y === undefined) return one;
      return { re: (x.re + y.re) / 2, im: (x.im + y.im) / 2 };
    });
    const between = (i: number, j: number): Complex => {
      const [x, y] = [held[i] ?? zero, held[j] ?? zero];
      return { re: x.re - y.re, im: x.im - y.im };
    };
    if (this.system === "1-phase-ll") return [between(0, 1), zero, zero];
    const ab = times(between(0, 1), this.#turned.has("a") ? -1 : 1);
    const bc = times(between(1, 2), this.#turned.has("c") ? -1 : 1);
    return [ab, bc, { re: -ab.re - bc.re, im: -ab.im - bc.im }];
  }
}

const zero: Complex = { re: 0, im: 0 };
const times = ({ re, im }: Complex, by: number): Complex => ({ re: re * by, im: im * by });

export function seen(row: Row, terminals: readonly Complex[]): Complex {
  let [re, im] = [0, 0];
  row.forEach((part, k) => {
    re += part * (terminals[k]?.re ?? 0);
    im += part * (terminals[k]?.im ?? 0);
  });
  return { re, im };
}

const polar = (size: number, degrees: number): Complex => ({
  re: size * Math.cos((degrees * Math.PI) / 180),
  im: size * Math.sin((degrees * Math.PI) / 180),
});

/** The volts of a service: of its terminals against the neutral or the ground, and the angles that currents of plain loads follow. */
export function serviceVolts(
  system: WiringName,
  mistake: Mistake | undefined,
  rotation: "abc" | "acb",
): { readonly terminals: readonly Complex[]; readonly star: readonly number[] } {
  const star = rotation === "abc" ? [0, -120, 120] : [0, 120, -120];
  const wye = star.map((degrees) => polar(1, degrees));
  const halves = { terminals: [polar(1, 0), polar(1, 180), zero], star: [0, 180, NaN] };
  const k = index[mistake?.phases[0] ?? "a"];
  switch (mistake?.service as Service | undefined) {
    case "split-phase":
      return halves;
    case "network":
    case "four-wire wye":
      return { terminals: wye, star };
    case "single phase":
      return { terminals: [polar(1, 0), polar(1, 0), polar(1, 0)], star: [0, 0, 0] };
    case "high-leg delta": {
      // The neutral is in the middle of the winding between the two other phases.
      const [x, y] = [wye[(k + 1) % 3] ?? zero, wye[(k + 2) % 3] ?? zero];
      const middle = { re: (x.re + y.re) / 2, im: (x.im + y.im) / 2 };
      // Of 1 V to neutral from each end of it, as the site's nominal volts are of those.
      const scale = 2 / Math.sqrt(3);
      return {
        terminals: wye.map(({ re, im }) => times({ re: re - middle.re, im: im - middle.im }, scale)),
        star: [NaN, NaN, NaN],
      };
    }
    case "corner-grounded delta": {
      const corner = wye[k] ?? zero;
      return { terminals: wye.map(({ re, im }) => ({ re: re - corner.re, im: im - corner.im })), star };
    }
    case undefined:
      return system === "split-phase" || system === "1-phase-ll" ? halves : { terminals: wye, star };
  }
}

/** Degrees of the voltage that the power of each current channel is measured against. */
export function own(system: WiringName, channels: readonly Complex[]): readonly number[] {
  const { elements, currents, ln } = wiringOf(system);
  return currents.map((phase) => {
    const element = elements.find(({ current }) => current === phase);
    if (element === undefined) return NaN;
    if (ln.length > 0) return angleOf(channels[index[element.plus]] ?? zero);
    const [ab = zero, bc = zero, ca = zero] = channels;
    if (element.minus !== "star") return angleOf(element.plus === "a" ? ab : times(bc, -1));
    const [out, back] = [[ab, ca] as const, [bc, ab] as const, [ca, bc] as const][index[element.plus]] ?? [zero, zero];
    return angleOf({ re: out.re - back.re, im: out.im - back.im });
  });
}

function angleOf({ re, im }: Complex): number {
  return Math.hypot(re, im) < 1e-9 ? NaN : (Math.atan2(im, re) * 180) / Math.PI;
}
