/**
 * Closures of billing periods. The meter has one tariff, which is contract I: object 20 is its total, 21 to 28 are its rates A to H. They
 * are made of registers: consumption of Wh delivered and of varh in quadrants 1 (inductive) and 4 (capacitive), and peak demand of W
 * delivered, working, of a rate or of the total. Billing periods that have ended are the self reads of billing resets; what runs is
 * what the registers show now. Whoever wants more of them in a self read marks more registers.
 */
import { rates } from "#clock/tou-schedule.ts";
import { qualityBits, type Closure, type StationTime } from "#protocol/iec102/station/host.ts";
import { measureName } from "#quantity/measure-name.ts";
import { primaryFactor, type Measure } from "#quantity/measure.ts";
import type { SelfRead } from "#quantity/meter-surface.ts";
import type { RegisterReading } from "#quantity/register.ts";
import { runsBetween } from "#quantity/series.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { totalUnits } from "./configuration.ts";
import type { Shown } from "./shown.ts";
import { wholeUnits } from "./totals.ts";

/** Contracts of the companion profile that the meter has. */
export const CONTRACT = 1;
/** Self reads that are read at once. */
const PAGE = 16;

const tariffs = ["total", ...rates] as const;
const FIRST_OBJECT = 20;

/** Registers at an end of a period; undefined where there were none yet. */
interface Standing {
  readonly at: Stamp;
  readonly registers: readonly RegisterReading[] | undefined;
}

export class Closures {
  readonly #shown: Shown;
  readonly #unit: number;

  constructor(shown: Shown) {
    this.#shown = shown;
    this.#unit = totalUnits[shown.configuration.iec102.unit];
  }

  /** Those whose ends lie between two instants. Without self reads at billing resets none is kept. */
  *between(from: number, to: number): Generator<Closure> {
    if (!this.#areKept) return;
    const { selfReads } = this.#shown.surface;
    for (const { first, next } of runsBetween(selfReads, from, to)) {
      let before = this.#before(first);
      for (let at = first; at < next; at += PAGE) {
        for (const read of selfReads.page(at, Math.min(PAGE, next - at))) {
          if (before !== undefined) yield* this.#closures(before, read);
          before = read;
        }
      }
    }
  }

  running(): readonly Closure[] {
    const { surface } = this.#shown;
    const begun = this.#areKept ? this.#before(surface.selfReads.next) : this.#beginning(Infinity);
    const now = { at: surface.now(), registers: [...surface.registers("normal"), ...surface.registers("alternate")] };
    return [...this.#closures(begun ?? { at: now.at, registers: undefined }, now)];
  }

  get #areKept(): boolean {
    return this.#shown.configuration.selfRead.every === "billingReset";
  }

  /** What a period began with whose end has this number. */
  #before(sequence: number): Standing | undefined {
    const { selfReads } = this.#shown.surface;
    const last: SelfRead | undefined = selfReads.page(sequence - 1, 1)[0];
    if (last !== undefined && last.sequence < sequence) return last;
    return this.#beginning(selfReads.page(sequence, 1)[0]?.at.utc ?? Infinity);
  }

  /** When the registers began at zero: with a configuration, or with the first record of a profile that has lost none. */
  #beginning(until: number): Standing | undefined {
    const { surface } = this.#shown;
    const log = surface.log("configuration");
    const begun = log
      .page(log.first, log.next - log.first)
      .findLast(({ at, details }) => details["registers"] === "initialised" && at.utc <= until);
    if (begun !== undefined) return { at: begun.at, registers: undefined };
    const first = surface.profiles.find((one) => one.first === 0)?.page(0, 1)[0];
    return first === undefined ? undefined : { at: first.start, registers: undefined };
  }

  *#closures(start: Standing, end: Standing): Generator<Closure> {
    const registers = end.registers ?? [];
    for (const [k, tariff] of tariffs.entries()) {
      const energy = (name: string): Closure["active"] => {
        const found = find(registers, "consumption", tariff, name);
        const began = find(start.registers ?? [], "consumption", tariff, name);
        return found === undefined || (start.registers !== undefined && began === undefined)
          ? undefined
          : this.#energy(began, found);
      };
      const closure = {
        object: FIRST_OBJECT + k,
        active: energy("Wh.import"),
        inductive: energy("varh.q1"),
        capacitive: energy("varh.q4"),
        maximum: this.#maximum(find(registers, "peakDemand", tariff, "W.import"), end.at),
        excess: undefined,
        start: timeOf(start.at),
        end: timeOf(end.at),
      };
      const isThere = [closure.active, closure.inductive, closure.capacitive, closure.maximum].some(
        (one) => one !== undefined,
      );
      if (tariff === "total" || isThere) yield closure;
    }
  }

  /** In SI units, primary. */
  #valueOf({ value, scale, side, measure }: RegisterReading): number | undefined {
    if (value === undefined) return undefined;
    const { pt, ct } = this.#shown.configuration.primary;
    const primary = side === "secondary" && measure !== undefined ? primaryFactor(measure, pt, ct) : 1;
    return value * scale * primary;
  }

  /** A register that is narrower than what it counts begins again at zero. */
  #energy(began: RegisterReading | undefined, ended: RegisterReading): Closure["active"] {
    const value = this.#valueOf(ended);
    const end = value === undefined ? undefined : wholeUnits(value, this.#unit);
    const from = began === undefined ? 0 : this.#valueOf(began);
    const start = from === undefined ? undefined : wholeUnits(from, this.#unit);
    if (end === undefined || start === undefined) return undefined;
    const width = this.#valueOf({ ...ended, value: 10 ** (ended.digits - ended.decimals) }) ?? 0;
    const rolled = end < start;
    const incremental = rolled ? end - start + Math.floor(width / this.#unit) : end - start;
    return { absolute: end, incremental, quality: rolled ? qualityBits.overflow : 0 };
  }

  #maximum(register: RegisterReading | undefined, otherwise: Stamp): Closure["maximum"] {
    const value = register === undefined ? undefined : this.#valueOf(register);
    if (register === undefined || value === undefined) return undefined;
    const at = register.peakAt;
    // A peak that nobody knows the time of is of some time in the period.
    return {
      value: Math.round(value / this.#unit),
      at: { ...timeOf(at ?? otherwise), ...(at === undefined ? { invalid: true } : {}) },
      quality: 0,
    };
  }
}

function timeOf(stamp: Stamp): StationTime {
  return { stamp };
}

function find(
  registers: readonly RegisterReading[],
  kind: RegisterReading["kind"],
  tariff: string,
  name: string,
): RegisterReading | undefined {
  const isOf = (measure: Measure | undefined): boolean => measure !== undefined && measureName(measure) === name;
  return registers.find(
    (one) => one.kind === kind && one.tariff === tariff && one.storage === "working" && isOf(one.measure),
  );
}
