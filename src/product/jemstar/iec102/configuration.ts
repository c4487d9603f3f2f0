/** What a JEMStar II's configuration says of IEC 60870-5-102 (its section `iec102`), and what else of it the station shows. */
import type { Companion } from "#protocol/iec102/station/host.ts";
import type { Measure } from "#quantity/measure.ts";
import type { RevenueConfiguration } from "#revenue/settings/configuration.ts";

export const totalUnits = { Wh: 1, kWh: 1000, MWh: 1_000_000 } as const;
export type TotalUnit = keyof typeof totalUnits;

/** Record addresses of integrated totals: integration periods 1 to 3, and days. */
export const totalRecords = [11, 12, 13, 21, 22, 23] as const;
export type TotalRecord = (typeof totalRecords)[number];

/** Totals by record address: of which load profile, or group of the measurement log, in periods of how long. */
export interface RecordSettings {
  readonly address: TotalRecord;
  readonly minutes: number | "day";
  /** 1 or 2. */
  readonly profile?: number | undefined;
  /** A group of the measurement log, from 1. */
  readonly log?: number | undefined;
}

/** An object of totals: what it is of, and what a value that does not accumulate is multiplied by. */
export interface ObjectSettings {
  readonly object: number;
  readonly measure: Measure;
  readonly scaling: number;
}

export interface Iec102Configuration {
  readonly companion: Companion;
  readonly addressOctets: 1 | 2;
  readonly measuringPoint: number;
  readonly manufacturer: number;
  readonly deviceNumber?: number | undefined;
  /** With the companion profile, whose readers all show one, unless said. */
  readonly password?: boolean | undefined;
  readonly sessionSeconds: number;
  readonly timeSet: boolean;
  readonly unit: TotalUnit;
  /** By the intervals of the load profiles unless said. */
  readonly records?: readonly RecordSettings[] | undefined;
  readonly objects: readonly ObjectSettings[];
}

/** The parts of a configuration that the station shows. */
export interface ShownConfiguration {
  readonly primary: RevenueConfiguration["primary"];
  readonly timekeeping: RevenueConfiguration["timekeeping"];
  readonly profiles: RevenueConfiguration["profiles"];
  readonly measurementLog: readonly { readonly interval: number | "cycles" }[];
  readonly registers: RevenueConfiguration["registers"];
  readonly selfRead: RevenueConfiguration["selfRead"];
  readonly tou: {
    /** "2026-12-25". */
    readonly holidays: readonly { readonly date: string }[];
  };
  readonly iec102: Iec102Configuration;
}

/** Objects that readers of the companion profile expect in every answer: what is not measured is invalid there. */
const EXPECTED = 8;

/** In the order of their addresses; a number is the address of one that is of nothing. */
export function objectsOf({ companion, objects }: Iec102Configuration): readonly (ObjectSettings | number)[] {
  const expected = companion === "ree" ? Array.from({ length: EXPECTED }, (_, k) => k + 1) : [];
  const missing = expected.filter((address) => objects.every(({ object }) => object !== address));
  const addressOf = (one: ObjectSettings | number): number => (typeof one === "number" ? one : one.object);
  return [...objects, ...missing].sort((a, b) => addressOf(a) - addressOf(b));
}

export function takesPassword({ password, companion }: Iec102Configuration): boolean {
  return password ?? companion === "ree";
}

/** What it is called in the meter's store of protocol secrets: a number up to 4,294,967,295, as digits. */
export const PASSWORD = "iec102.password";

/** Of a secret; undefined of what is no such number. */
export function keyOf(secret: Uint8Array): number | undefined {
  const text = new TextDecoder().decode(secret);
  const key = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  return key <= 0xffff_ffff ? key : undefined;
}

/** Why a secret of IEC 60870-5-102 is none, in words; undefined of what is one, and of what is not its. What was given is not said. */
export function wrongKey(name: string, secret: Uint8Array): string | undefined {
  if (!name.startsWith("iec102")) return undefined;
  if (name !== PASSWORD) return `name: expected ${PASSWORD}, found ${name}`;
  if (keyOf(secret) !== undefined) return undefined;
  return `${name}: no number from 0 to 4294967295 in decimal digits, which a key of IEC 60870-5-102 is`;
}

const MINUTES_OF_A_DAY = 1440;
const usual = [
  [11, 60],
  [12, 15],
] as const;

/**
 * Records where none are named: 11 has hours and 12 quarters of an hour, of the profile with these intervals or one whose intervals make
 * them up; 13 the intervals of the first profile that are neither; 21 days. Intervals that an input ends have no place among them.
 */
export function recordsOf({
  iec102,
  profiles,
}: Pick<ShownConfiguration, "iec102" | "profiles">): readonly RecordSettings[] {
  if (iec102.records !== undefined) return iec102.records;
  const byClock = profiles.map(({ minutes, externalSync }) => (externalSync ? undefined : minutes));
  const made = (address: TotalRecord, minutes: number | "day", exact = false): readonly RecordSettings[] => {
    const same = byClock.indexOf(minutes);
    const place = same >= 0 || exact ? same : byClock.findIndex((one) => makesUp(one, minutes));
    return place < 0 ? [] : [{ address, minutes, profile: place + 1 }];
  };
  const other = byClock.find((one): one is number => typeof one === "number" && one !== 60 && one !== 15);
  return [
    ...usual.flatMap(([address, minutes]) => made(address, minutes)),
    ...(other === undefined ? [] : made(13, other, true)),
    ...made(21, "day"),
  ];
}

/** Whether intervals make up periods of this length. */
export function makesUp(
  interval: number | "day" | "week" | "month" | "cycles" | undefined,
  minutes: number | "day",
): boolean {
  if (interval === minutes) return true;
  if (typeof interval !== "number") return false;
  return (minutes === "day" ? MINUTES_OF_A_DAY : minutes) % interval === 0;
}
