/** What a station answers of the moment, of tariffs, and of itself. */
import {
  LONGEST_24,
  LONGEST_TOTAL,
  LONGEST_VOLTS,
  PHASES,
  POWERS,
  TOTALS,
  type InstantaneousObject,
  type PowerValues,
} from "#protocol/iec102/asdu/instantaneous.ts";
import {
  OTHER_SPEED,
  portForms,
  portSpeeds,
  type Edition,
  type EquipmentValues,
  type PointValues,
  type ProductValues,
  type Ratio,
  type Setting,
} from "#protocol/iec102/asdu/parameters.ts";
import type { TariffEnergy, TariffObject } from "#protocol/iec102/asdu/tariff.ts";
import { noTime } from "#protocol/iec102/asdu/time.ts";
import { qualityBits, type Closure, type Iec102Host, type Instantaneous } from "./host.ts";
import { timeAOf } from "./telegram-time.ts";
import { totalObject } from "./totals-answers.ts";

/** Of the Spanish profile: 2002-04-10. */
const edition: Edition = { year: 2002, month: 4 };
/** Of its extension: 2003-02-10. */
const version = { ...noTime, year: 3, month: 2, day: 10 };

export function productOf({ settings }: Iec102Host): ProductValues {
  return { kind: "product", edition, manufacturer: settings.manufacturer, device: settings.deviceNumber };
}

/** A value in whole steps; undefined of what is not known, or does not fit. */
function steps(value: number | undefined, most: number): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  const whole = Math.round(Math.abs(value));
  return whole <= most ? whole : undefined;
}

function powerOf(power: Instantaneous["powers"][number] | undefined): PowerValues | undefined {
  const [active, reactive] = [power?.active, power?.reactive].map((one) =>
    steps(one === undefined ? undefined : one / 1000, LONGEST_24),
  );
  if (power === undefined || active === undefined || reactive === undefined) return undefined;
  return {
    active,
    reactive,
    // Without current there is no factor: 0.
    factor: Math.min(1000, steps(power.factor === undefined ? 0 : 1000 * power.factor, 1000) ?? 0),
    exports: (power.active ?? 0) < 0,
    lower: power.quadrant === 3 || power.quadrant === 4,
  };
}

function array<T>(length: number, of: (k: number) => T): readonly T[] {
  return Array.from({ length }, (_, k) => of(k));
}

/** Undefined of an address that there is not. */
export function momentObject(object: number, now: Instantaneous): InstantaneousObject | undefined {
  const at = timeAOf(now.at);
  switch (object) {
    case 192: {
      const totals = array(TOTALS, (k) => {
        const value = now.totals[k];
        if (value === undefined || !Number.isFinite(value) || value < 0) return undefined;
        return Math.floor(value) % (LONGEST_TOTAL + 1);
      });
      return { object, totals, at };
    }
    case 193:
      return { object, powers: array(POWERS, (k) => powerOf(now.powers[k])), at };
    case 194: {
      const phases = array(PHASES, (k) => {
        const { amps, volts } = now.phases[k] ?? { amps: undefined, volts: undefined };
        const [a, v] = [
          steps(amps === undefined ? undefined : 10 * amps, LONGEST_24),
          steps(volts === undefined ? undefined : 10 * volts, LONGEST_VOLTS),
        ];
        return a === undefined || v === undefined ? undefined : { amps: a, volts: v };
      });
      return { object, phases, at };
    }
    default:
      return undefined;
  }
}

const absent = { value: 0, quality: qualityBits.invalid };

function energyOf(energy: Closure["active"]): TariffEnergy {
  if (energy === undefined) return { absolute: 0, incremental: 0, quality: qualityBits.invalid };
  const { quality } = energy;
  const [absolute, incremental] = [energy.absolute, energy.incremental].map((value) =>
    totalObject({ object: 0, value, quality }, false),
  );
  return {
    absolute: absolute?.value ?? 0,
    incremental: incremental?.value ?? 0,
    quality: (absolute?.quality ?? 0) | (incremental?.quality ?? 0),
  };
}

function markedOf(value: number | undefined, quality: number): { readonly value: number; readonly quality: number } {
  const { value: said, quality: bits } = totalObject({ object: 0, value, quality }, false);
  return { value: said, quality: bits };
}

export function tariffObject(closure: Closure): TariffObject {
  const { maximum, excess } = closure;
  return {
    object: closure.object,
    active: energyOf(closure.active),
    inductive: energyOf(closure.inductive),
    capacitive: energyOf(closure.capacitive),
    reserve7: absent,
    reserve8: absent,
    maximum:
      maximum === undefined
        ? { ...absent, at: noTime }
        : { ...markedOf(maximum.value, maximum.quality), at: timeAOf(maximum.at) },
    excess: excess === undefined ? absent : markedOf(excess.value, excess.quality),
    start: timeAOf(closure.start),
    end: timeAOf(closure.end),
  };
}

function tenths({ primary, secondary }: Ratio): Ratio {
  const step = (value: number): number => steps(10 * value, 0xffff_ffff) ?? 0;
  return { primary: step(primary), secondary: step(secondary) };
}

/** Ports speak eight bits; parity is even as FT1.2 has it. */
function portOf(baud: number) {
  return { speed: portSpeeds[baud] ?? OTHER_SPEED, form: portForms["8E1"] ?? 0 };
}

const NO_PORT = { speed: 0, form: 0 };
/** No modem is started. */
const MODELESS = 255;

export function equipmentOf(host: Iec102Host, isActive: (contract: number) => boolean): EquipmentValues {
  const { settings, parameters } = host;
  return {
    kind: "equipment",
    manufacturer: settings.manufacturer,
    model: parameters.model,
    firmware: parameters.firmware & 0xff,
    device: settings.deviceNumber,
    edition,
    version,
    // What is not known is as good as empty: nobody may rely on it.
    battery: parameters.battery === undefined ? 0 : percent(parameters.battery),
    port1: { ...portOf(parameters.baud), mode: MODELESS, text: "" },
    port2: NO_PORT,
    optical: NO_PORT,
    volts: tenths(parameters.volts),
    amps: tenths(parameters.amps),
    periods: parameters.periods.map(minutesOctet),
    contracts: [1, 2, 3].map(isActive),
  };
}

function percent(value: number): number {
  return Math.max(0, Math.min(100, Math.round(value)));
}

/** Periods of more than 255 minutes have no room. */
function minutesOctet(minutes: number): number {
  return minutes <= 255 ? minutes : 0;
}

export function pointOf({ settings, parameters }: Iec102Host): PointValues {
  return {
    kind: "point",
    address: settings.address,
    points: 1,
    point: settings.measuringPoint,
    key: 0,
    period: minutesOctet(parameters.periods[0]),
    depth: 0,
  };
}

/** Undefined of a setting that the meter does not have, or that nobody knows. */
export function settingOf(object: number, { parameters }: Iec102Host): Setting | undefined {
  switch (object) {
    case 192:
      return parameters.battery === undefined ? undefined : { object, battery: percent(parameters.battery) };
    case 197:
      return { object, periods: parameters.periods.slice(0, 2).map(minutesOctet) };
    case 198:
      return { object, volts: tenths(parameters.volts), amps: tenths(parameters.amps) };
    default:
      return undefined;
  }
}
