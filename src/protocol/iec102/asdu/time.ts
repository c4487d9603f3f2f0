/** Times as telegrams have them (IEC 60870-5-102, 7.2.7): time information a, five octets to the minute, and b, seven to the millisecond. */
import type { Reader, Writer } from "#wire/cursor.ts";

export interface TimeA {
  /** 0 to 99: of the century of 2000. */
  readonly year: number;
  /** 1 to 12; 0 to 15 can be written. */
  readonly month: number;
  /** 1 to 31; 0 where there is none. */
  readonly day: number;
  /** 1 Monday to 7 Sunday; 0 is not said. */
  readonly weekday: number;
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
  /** SU: summer time. */
  readonly summer: boolean;
  /** IV. */
  readonly invalid: boolean;
  /** TIS: the tariffs are said. */
  readonly tariffs: boolean;
  /** ETI and PTI: of energy and power, 0 to 3. */
  readonly energyTariff: number;
  readonly powerTariff: number;
}

export interface TimeB extends TimeA {
  readonly second: number;
  readonly millisecond: number;
}

export const TIME_A = 5;
export const TIME_B = 7;

/** What a time is of which nothing is known. */
export const noTime: TimeA = {
  year: 0,
  month: 0,
  day: 0,
  weekday: 0,
  hour: 0,
  minute: 0,
  summer: false,
  invalid: false,
  tariffs: false,
  energyTariff: 0,
  powerTariff: 0,
};

export function readTimeA(from: Reader): TimeA {
  const [minutes, hours, days, months, years] = [from.u8(), from.u8(), from.u8(), from.u8(), from.u8()];
  return {
    year: years & 0x7f,
    month: months & 0x0f,
    day: days & 0x1f,
    weekday: days >> 5,
    hour: hours & 0x1f,
    minute: minutes & 0x3f,
    summer: (hours & 0x80) !== 0,
    invalid: (minutes & 0x80) !== 0,
    tariffs: (minutes & 0x40) !== 0,
    energyTariff: (months >> 4) & 3,
    powerTariff: months >> 6,
  };
}

export function writeTimeA(to: Writer, time: TimeA): void {
  to.u8(time.minute | (time.tariffs ? 0x40 : 0) | (time.invalid ? 0x80 : 0))
    .u8(time.hour | (time.summer ? 0x80 : 0))
    .u8(time.day | (time.weekday << 5))
    .u8(time.month | (time.energyTariff << 4) | (time.powerTariff << 6))
    .u8(time.year);
}

export function readTimeB(from: Reader): TimeB {
  const low = from.u16(true);
  return { ...readTimeA(from), second: low >> 10, millisecond: low & 0x3ff };
}

export function writeTimeB(to: Writer, time: TimeB): void {
  to.u16(time.millisecond | (time.second << 10), true);
  writeTimeA(to, time);
}
