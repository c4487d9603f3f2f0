/** Values of the moment (type 163 of the extension of the Spanish profile): objects 192 totals, 193 powers, 194 currents and voltages. */
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import { readTimeA, writeTimeA, type TimeA } from "./time.ts";

/** Undefined is not valid, and is sent as 0 so. */
export interface PowerValues {
  /** kW and kvar, 0 to 16,777,215. */
  readonly active: number;
  readonly reactive: number;
  /** Thousandths, 0 to 1000. */
  readonly factor: number;
  /** Active power goes out. */
  readonly exports: boolean;
  /** Reactive power is of the third or fourth quadrant. */
  readonly lower: boolean;
}

export type InstantaneousObject =
  | {
      readonly object: 192;
      /** Active in and out, reactive by quadrant: kWh and kvarh, below 2 to the power of 27. */
      readonly totals: readonly (number | undefined)[];
      readonly at: TimeA;
    }
  | {
      readonly object: 193;
      /** All phases, then each. */
      readonly powers: readonly (PowerValues | undefined)[];
      readonly at: TimeA;
    }
  | {
      readonly object: 194;
      /** Tenths of amperes and volts, phase by phase. */
      readonly phases: readonly ({ readonly amps: number; readonly volts: number } | undefined)[];
      readonly at: TimeA;
    };

export interface InstantaneousValues {
  readonly kind: "instantaneous";
  readonly objects: readonly InstantaneousObject[];
}

/** Octets of each object with its address. */
export const instantaneousOctets: Readonly<Record<number, number>> = { 192: 30, 193: 38, 194: 27 };

export const [TOTALS, POWERS, PHASES] = [6, 4, 3];
export const LONGEST_TOTAL = 0x07ff_ffff;
export const LONGEST_24 = 0xff_ffff;
export const LONGEST_VOLTS = 0x3fff_ffff;
const TOTAL_INVALID = 0x0800_0000;
const [FACTOR, EXPORTS, LOWER, POWER_INVALID] = [0x03ff, 0x0400, 0x0800, 0x8000];

function read24(from: Reader): number {
  return from.u16(true) + 65_536 * from.u8();
}

function write24(to: Writer, value: number): void {
  to.u16(value & 0xffff, true).u8(value >> 16);
}

function readPower(from: Reader): PowerValues | undefined {
  const [active, reactive, rest] = [read24(from), read24(from), from.u16(true)];
  if ((rest & POWER_INVALID) !== 0) return undefined;
  return {
    active,
    reactive,
    factor: rest & FACTOR,
    exports: (rest & EXPORTS) !== 0,
    lower: (rest & LOWER) !== 0,
  };
}

function readObject(from: Reader): InstantaneousObject {
  const object = from.u8();
  switch (object) {
    case 192: {
      const totals = Array.from({ length: TOTALS }, () => {
        const value = from.u32(true);
        return (value & TOTAL_INVALID) === 0 ? value & LONGEST_TOTAL : undefined;
      });
      return { object, totals, at: readTimeA(from) };
    }
    case 193: {
      const powers = Array.from({ length: POWERS }, () => readPower(from));
      return { object, powers, at: readTimeA(from) };
    }
    case 194: {
      const phases = Array.from({ length: PHASES }, () => {
        const [amps, volts] = [read24(from), from.u32(true)];
        return volts >= 0x8000_0000 ? undefined : { amps, volts: volts & LONGEST_VOLTS };
      });
      return { object, phases, at: readTimeA(from) };
    }
    default:
      throw new WireError(`object ${object} is none of the moment's`, from.at - 1);
  }
}

export function readInstantaneous(from: Reader, count: number): InstantaneousValues {
  return { kind: "instantaneous", objects: Array.from({ length: count }, () => readObject(from)) };
}

export function writeInstantaneous(to: Writer, { objects }: InstantaneousValues): void {
  for (const one of objects) {
    to.u8(one.object);
    switch (one.object) {
      case 192:
        for (const value of one.totals) to.u32(value ?? TOTAL_INVALID, true);
        break;
      case 193:
        for (const power of one.powers) {
          write24(to, power?.active ?? 0);
          write24(to, power?.reactive ?? 0);
          const flags = power === undefined ? POWER_INVALID : (power.exports ? EXPORTS : 0) | (power.lower ? LOWER : 0);
          to.u16((power?.factor ?? 0) | flags, true);
        }
        break;
      case 194:
        for (const phase of one.phases) {
          write24(to, phase?.amps ?? 0);
          to.u32(phase?.volts ?? 0x8000_0000, true);
        }
        break;
    }
    writeTimeA(to, one.at);
  }
}
