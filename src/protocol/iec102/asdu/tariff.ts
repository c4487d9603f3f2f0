/** Values of a tariff in a billing period (types 135 and 136 of the Spanish profile). */
import type { Reader, Writer } from "#wire/cursor.ts";
import { readTimeA, writeTimeA, type TimeA } from "./time.ts";

interface Marked {
  readonly value: number;
  readonly quality: number;
}

/** A count since the beginning, and of the period alone. */
export interface TariffEnergy {
  readonly absolute: number;
  readonly incremental: number;
  readonly quality: number;
}

export interface TariffObject {
  /** 20 the total, 21 to 29 the periods of the tariff. */
  readonly object: number;
  readonly active: TariffEnergy;
  readonly inductive: TariffEnergy;
  readonly capacitive: TariffEnergy;
  readonly reserve7: Marked;
  readonly reserve8: Marked;
  /** The highest power, and when it was. */
  readonly maximum: Marked & { readonly at: TimeA };
  /** What is above the contracted power. */
  readonly excess: Marked;
  readonly start: TimeA;
  readonly end: TimeA;
}

export interface TariffValues {
  readonly kind: "tariff";
  readonly objects: readonly TariffObject[];
}

/** Octets of one object with its address. */
export const TARIFF_OCTETS = 63;

function readEnergy(from: Reader): TariffEnergy {
  return { absolute: from.u32(true), incremental: from.u32(true), quality: from.u8() };
}

function readMarked(from: Reader): Marked {
  return { value: from.u32(true), quality: from.u8() };
}

export function readTariff(from: Reader, count: number): TariffValues {
  const objects = Array.from({ length: count }, (): TariffObject => {
    const object = from.u8();
    const [active, inductive, capacitive] = [readEnergy(from), readEnergy(from), readEnergy(from)];
    const [reserve7, reserve8] = [readMarked(from), readMarked(from)];
    const maximum = { value: from.u32(true), at: readTimeA(from), quality: from.u8() };
    const excess = readMarked(from);
    const [start, end] = [readTimeA(from), readTimeA(from)];
    return { object, active, inductive, capacitive, reserve7, reserve8, maximum, excess, start, end };
  });
  return { kind: "tariff", objects };
}

export function writeTariff(to: Writer, { objects }: TariffValues): void {
  for (const one of objects) {
    to.u8(one.object);
    for (const { absolute, incremental, quality } of [one.active, one.inductive, one.capacitive])
      to.u32(absolute, true).u32(incremental, true).u8(quality);
    for (const { value, quality } of [one.reserve7, one.reserve8]) to.u32(value, true).u8(quality);
    to.u32(one.maximum.value, true);
    writeTimeA(to, one.maximum.at);
    to.u8(one.maximum.quality).u32(one.excess.value, true).u8(one.excess.quality);
    writeTimeA(to, one.start);
    writeTimeA(to, one.end);
  }
}
