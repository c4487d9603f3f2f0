/**
 * The meter's own registers as objects: energies and instantaneous values as IC 3, peaks with their times as IC 4, demands of the running and
 * the last interval as IC 5. Values are the counts of the display, exactly: the scaler is its decimals and its unit's prefix.
 */
import { doubleLong, long64, nullData, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { stampData } from "#protocol/dlms/cosem/octet-data.ts";
import { demandRegister } from "#protocol/dlms/cosem/demand-register.ts";
import { dataObject } from "#protocol/dlms/cosem/data.ts";
import { extendedRegister } from "#protocol/dlms/cosem/extended-register.ts";
import { registerObject } from "#protocol/dlms/cosem/register.ts";
import type { CosemObject, Denied } from "#protocol/dlms/cosem/object.ts";
import type { RegisterReading } from "#quantity/register.ts";
import { unitOf } from "#quantity/unit.ts";
import { numberedCode, registerCode, unitNumber } from "./beyond-codes.ts";
import { demandTimes } from "./beyond-demand-times.ts";
import type { BeyondParts } from "./beyond-settings.ts";

/** A register, and the object that shows it. */
export interface RegisterObject {
  readonly reading: RegisterReading;
  readonly object: CosemObject;
  /** Where its value is, and in which power of ten. */
  readonly attribute: number;
  readonly scaler: number;
}

/** What has no value, or one that does not fit its digits: the display shows dashes. */
const none: Denied = { denied: "temporary-failure" };
/** Digits of which every number fits into a double-long. */
const LONGEST = 9;

/** The power of ten of one count, in the unit without a prefix. */
function scalerOf({ scale, decimals }: RegisterReading): number {
  return Math.round(Math.log10(scale)) - decimals;
}

function unitIn({ measure, kind }: RegisterReading): number {
  const isFactor = kind.endsWith("PowerFactor");
  return unitNumber(measure === undefined || isFactor ? "" : unitOf(measure));
}

/** Counts of a register in counts of 10^scaler. */
function countsIn(reading: RegisterReading, scaler: number): Data | Denied {
  const { counts, digits } = reading;
  if (counts === undefined) return none;
  const more = scalerOf(reading) - scaler;
  const value = counts * 10n ** BigInt(more);
  return digits + more <= LONGEST ? doubleLong(Number(value)) : long64(value);
}

/** A register as it was read at another time, in the counts of its object; null-data of what had no value. */
export function valueIn({ scaler }: RegisterObject, reading: RegisterReading): Data {
  if (reading.kind === "timeOfPeak") return stampData(reading.time);
  const value = countsIn(reading, scaler);
  return "denied" in value ? nullData : value;
}

class Names {
  readonly #taken: Set<LogicalName>;

  constructor(taken: ReadonlySet<LogicalName>) {
    this.#taken = new Set(taken);
  }

  /** The standard's code for who comes first; others have that of their number. */
  of(reading: RegisterReading): LogicalName {
    const code = registerCode(reading);
    const name = code === undefined || this.#taken.has(code) ? numberedCode(reading.id) : code;
    this.#taken.add(name);
    return name;
  }
}

/** What two demands must have in common to stand in one object. */
function pairOf({ measure, tariff, side, storage }: RegisterReading): string {
  return JSON.stringify([measure, tariff, side, storage]);
}

/** A demand of now: what is kept of one is a value as any other. */
const isDemand = ({ kind, storage }: RegisterReading): boolean =>
  storage === "working" && (kind === "presentDemand" || kind === "pastDemand");
/** A peak, and not a sum of such. */
const isPeak = ({ kind, storage }: RegisterReading): boolean =>
  (kind === "peakDemand" || kind === "peakThermalDemand") && !storage.toLowerCase().endsWith("cumulative");

interface Demands {
  readonly present: RegisterReading | undefined;
  readonly past: RegisterReading | undefined;
}

/** Both demands in counts of the finer one. */
function demandsOf(
  parts: BeyondParts,
  logicalName: LogicalName,
  { present, past }: Demands,
): readonly RegisterObject[] {
  const { surface, configuration } = parts;
  const { demand, timekeeping } = configuration;
  const there = [present, past].filter((one) => one !== undefined);
  const scaler = Math.min(...there.map(scalerOf));
  const average = (of: RegisterReading | undefined) => (of === undefined ? () => nullData : valueOf(parts, of, scaler));
  const times = demandTimes(surface, demand, timekeeping.utcOffsetMinutes);
  const [first] = there;
  const object = demandRegister({
    logicalName,
    scaler,
    unit: first === undefined ? unitNumber("") : unitIn(first),
    current: average(present),
    last: average(past),
    captureTime: () => times().ended,
    startTime: () => times().started,
    periodSeconds: 60 * demand.subIntervalMinutes,
    periods: demand.subIntervals,
  });
  return there.map((reading) => ({ reading, object, attribute: reading === present ? 2 : 3, scaler }));
}

/** The value of a register now, in counts of 10^scaler. */
function valueOf({ surface }: BeyondParts, { id }: RegisterReading, scaler: number): () => Data | Denied {
  return () => {
    const found = surface.register(id);
    return found === undefined ? none : countsIn(found, scaler);
  };
}

/** A peak with its time: its own, or of one that is kept that of the register of times that belongs to it. */
function peakOf(
  parts: BeyondParts,
  logicalName: LogicalName,
  [reading, time]: readonly [reading: RegisterReading, time: RegisterReading | undefined],
): CosemObject {
  const { surface } = parts;
  const scaler = scalerOf(reading);
  return extendedRegister({
    logicalName,
    scaler,
    unit: unitIn(reading),
    value: valueOf(parts, reading, scaler),
    captureTime: () =>
      surface.register(reading.id)?.peakAt ?? (time === undefined ? undefined : surface.register(time.id)?.time),
  });
}

function plainOf(parts: BeyondParts, logicalName: LogicalName, reading: RegisterReading): CosemObject {
  if (reading.kind === "timeOfPeak")
    return dataObject(logicalName, { value: () => stampData(parts.surface.register(reading.id)?.time) });
  const scaler = scalerOf(reading);
  return registerObject(logicalName, { value: valueOf(parts, reading, scaler), scaler, unit: unitIn(reading) });
}

/** The registers of the normal and the alternate list; `taken` are names that others have. */
export function registerObjects(parts: BeyondParts, taken: ReadonlySet<LogicalName>): readonly RegisterObject[] {
  const { surface, configuration } = parts;
  const names = new Names(taken);
  const all = [...surface.registers("normal"), ...surface.registers("alternate")];
  const belongs = new Map(
    Object.values(configuration.registers)
      .flat()
      .map(({ id, of }) => [id, of]),
  );
  const paired = new Set<RegisterReading>();
  return all.flatMap((reading): readonly RegisterObject[] => {
    if (reading.measure === undefined || paired.has(reading)) return [];
    const logicalName = names.of(reading);
    if (isDemand(reading)) {
      const other = all.find(
        (one) => isDemand(one) && one.kind !== reading.kind && pairOf(one) === pairOf(reading) && !paired.has(one),
      );
      if (other !== undefined) paired.add(other);
      const [present, past] = reading.kind === "presentDemand" ? [reading, other] : [other, reading];
      return demandsOf(parts, logicalName, { present, past });
    }
    const time = all.find(
      ({ kind, id, storage }) => kind === "timeOfPeak" && storage === reading.storage && belongs.get(id) === reading.id,
    );
    const object = isPeak(reading) ? peakOf(parts, logicalName, [reading, time]) : plainOf(parts, logicalName, reading);
    return [{ reading, object, attribute: 2, scaler: scalerOf(reading) }];
  });
}
