/**
 * All that a meter of a system can be connected like, with up to two mistakes: what its voltage channels then see of a
 * balanced service, and which conductor each of its current channels. What looks the same in every measurement is one hypothesis.
 */
import type { WiringName } from "#quantity/wiring.ts";
import { AGAIN, BACKWARD, isOf, type Mistake, weights } from "./mistake.ts";
import { servicesOf, singlesOf } from "./singles.ts";
import { own, seen, serviceVolts, Terminals } from "./terminals.ts";

/** One way in which a site can be as a hypothesis says. */
export interface Way {
  readonly mistakes: readonly Mistake[];
  readonly rotation: "abc" | "acb";
  readonly weight: number;
}

export interface Amps {
  /** Of the voltage of the conductor that a channel sees, turned round where its transformer is; NaN where nothing is expected. */
  readonly degrees: number;
  readonly dead: boolean;
  /** Its ratio is another, whatever. */
  readonly free: boolean;
  /** Another channel that sees the same conductor, and whether the other way round; -1 where none does. */
  readonly same: number;
  readonly turned: boolean;
  /** 0 to 2: its conductor, of those of the service. */
  readonly conductor: number;
  readonly sign: 1 | -1;
}

export interface Hypothesis {
  /** The likelier first. */
  readonly ways: Way[];
  weight: number;
  /** Index of what its volts are expected to be. */
  readonly volts: number;
  readonly amps: readonly Amps[];
  /** What its conductors carry together, a neutral takes back. */
  readonly hasNeutral: boolean;
  /** Degrees of the voltage of each element's own, which powers by phase are of; NaN where there is none. */
  readonly own: readonly number[];
}

export interface Volts {
  /** Of its channels, of a service of 1 V to neutral: to neutral, or from line to line (ab, bc, ca). */
  readonly re: readonly number[];
  readonly im: readonly number[];
  /** The channels whose ratio is another. */
  readonly free: readonly number[];
  /** All of them are off by one factor. */
  readonly allFree: boolean;
  /** Degrees of the volts to neutral of the service's conductors. */
  readonly service: readonly number[];
}

export interface Hypotheses {
  readonly all: readonly Hypothesis[];
  readonly volts: readonly Volts[];
}

const made = new Map<WiringName, Hypotheses>();

/** Made once. */
export function hypothesesOf(system: WiringName): Hypotheses {
  const before = made.get(system);
  if (before !== undefined) return before;
  const all = listed(system);
  made.set(system, all);
  return all;
}

/** Systems of three conductors, whose phases follow each other one way or the other. */
function turns(system: WiringName): boolean {
  return !["split-phase", "1-phase-ln", "1-phase-ll"].includes(system);
}

function listed(system: WiringName): Hypotheses {
  const found = new Map<string, Hypothesis>();
  const patterns = new Map<string, number>();
  const volts: Volts[] = [];
  for (const rotation of turns(system) ? (["abc", "acb"] as const) : (["abc"] as const)) {
    for (const [mistakes, weight] of combinations(system)) {
      for (const terminals of Terminals.with(system, mistakes)) {
        const one = hypothesis(system, terminals, { mistakes, rotation, weight });
        const key = one.text;
        const index = patterns.get(key) ?? volts.length;
        if (index === volts.length) {
          patterns.set(key, index);
          volts.push(one.volts);
        }
        const hasNeutral = terminals.service?.service === "four-wire wye";
        const whole = `${index} ${one.amps.map(textOf).join(" ")} ${hasNeutral}`;
        const like = found.get(whole);
        const way = { mistakes, rotation, weight: weight * (rotation === "acb" ? BACKWARD : 1) };
        if (like === undefined)
          found.set(whole, {
            ways: [way],
            weight: way.weight,
            volts: index,
            amps: one.amps,
            hasNeutral,
            own: one.own,
          });
        else {
          like.ways.push(way);
          like.weight += way.weight;
        }
      }
    }
  }
  const all = [...found.values()];
  for (const { ways } of all) ways.sort((a, b) => b.weight - a.weight);
  return { all, volts };
}

/** No mistake, one, and two, in both orders: of places that change twice the order matters. */
function combinations(system: WiringName): [readonly Mistake[], number][] {
  const singles = singlesOf(system);
  const out: [readonly Mistake[], number][] = [[[], 1]];
  for (const one of singles) out.push([[one], weights[one.kind]]);
  for (const one of servicesOf(system)) out.push([[one], weights[one.kind]]);
  for (const one of singles) {
    for (const other of singles) {
      if (one === other || cannotBoth(one, other)) continue;
      const ordered = isOf(one, "volts") === isOf(other, "volts") && movesPlaces(one) && movesPlaces(other);
      // Of mistakes that do not mind their order one will do.
      if (!ordered && singles.indexOf(one) > singles.indexOf(other)) continue;
      // What changes a channel acts on what the terminals have.
      const [first, second] = movesPlaces(other) && !movesPlaces(one) ? [other, one] : [one, other];
      const weight = weights[one.kind] * weights[other.kind] * AGAIN;
      out.push([[first, second], ordered ? weight / 2 : weight]);
    }
  }
  return out;
}

function movesPlaces({ kind }: Mistake): boolean {
  return /^(swapped|rotated|misplaced|neutral)/.test(kind);
}

/** Two that are one, or of which one hides the other. */
function cannotBoth(one: Mistake, other: Mistake): boolean {
  if (isOf(one, "volts") !== isOf(other, "volts")) return false;
  const [a, b] = [one.phases[0], other.phases[0]];
  const changes = (mistake: Mistake): boolean => !movesPlaces(mistake);
  if (one.kind === "allVoltsRatio" || other.kind === "allVoltsRatio")
    return one.kind === "voltsRatio" || other.kind === "voltsRatio";
  if (isHidden(one, other) || isHidden(other, one)) return true;
  // A channel that has nothing can be nothing else.
  if (changes(one) && changes(other)) {
    const isDead = one.kind.startsWith("dead") || other.kind.startsWith("dead");
    return one.phases.length === 1 && other.phases.length === 1 && a === b && isDead;
  }
  // Two changes of places are one other.
  return permutes(one) && permutes(other);
}

/** What is dead hides where it would have been connected. */
function isHidden(one: Mistake, other: Mistake): boolean {
  return one.kind.startsWith("dead") && other.kind.startsWith("misplaced") && one.phases[0] === other.phases[0];
}

function permutes({ kind }: Mistake): boolean {
  return /^(swapped|rotated)/.test(kind);
}

interface Made {
  readonly volts: Volts;
  readonly amps: readonly Amps[];
  readonly own: readonly number[];
  readonly text: string;
}

function hypothesis(system: WiringName, terminals: Terminals, way: Way): Made {
  const service = terminals.service === undefined ? undefined : terminals.service;
  const conductors = serviceVolts(system, service, way.rotation);
  const volts = terminals.volts.map((row) => seen(row, conductors.terminals));
  const channels = terminals.channels(volts);
  // The first that is not dead is the reference, so that what is alike looks alike.
  const first = channels.find(({ re, im }) => Math.hypot(re, im) > 1e-9);
  const turn = first === undefined ? 0 : Math.atan2(first.im, first.re);
  const at = (degrees: number): number => wrapped(degrees - (turn * 180) / Math.PI);
  const turned = channels.map(({ re, im }) => ({
    re: re * Math.cos(turn) + im * Math.sin(turn),
    im: im * Math.cos(turn) - re * Math.sin(turn),
  }));
  const { free, allFree } = terminals;
  const pattern: Volts = {
    re: turned.map(({ re }) => re),
    im: turned.map(({ im }) => im),
    free,
    allFree,
    service: conductors.star.map(at),
  };
  const amps = terminals.amps.map((channel, k): Amps => {
    const { conductor, sign, dead } = channel;
    const same = terminals.amps.findIndex((other, j) => j < k && !dead && !other.dead && other.conductor === conductor);
    const along = conductors.star[conductor] ?? NaN;
    return {
      degrees: dead ? NaN : at(along + (sign < 0 ? 180 : 0)),
      dead,
      free: channel.free,
      same,
      turned: same >= 0 && terminals.amps[same]?.sign !== sign,
      conductor,
      sign,
    };
  });
  // Conductors that no voltage tells apart can be named as they come.
  return { volts: pattern, amps, own: own(system, turned), text: voltsText(pattern) };
}

const digits = (x: number): string => (Math.abs(x) < 5e-4 ? 0 : x).toFixed(3);

function voltsText({ re, im, free, allFree }: Volts): string {
  return `${re.map(digits).join(",")};${im.map(digits).join(",")};${free.join()};${allFree}`;
}

function textOf({ degrees, dead, free, same, turned }: Amps): string {
  if (dead) return "dead";
  return `${Number.isNaN(degrees) ? "?" : Math.round(wrapped(degrees + 0.01))}${free ? "free" : ""}${same >= 0 ? `=${same}${turned}` : ""}`;
}

export function wrapped(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
