/** What is read of an object of each class, and what of it is a value of the meter. */
import type { AttributeReference } from "#protocol/dlms/apdu/apdu.ts";
import { CLOCK, PROFILE } from "#protocol/dlms/client/profile.ts";
import { clockOf, dateTimeIn } from "#protocol/dlms/client/clock.ts";
import type { GetResult } from "#protocol/dlms/apdu/apdu.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { unitOf } from "#quantity/unit.ts";
import { dateTimeText, scalerUnitIn, textOf, valueOf } from "./dlms-values.ts";
import { obisName } from "./obis-names.ts";
import type { PointReading } from "./reader.ts";

/** Interface classes of which a value is read (Blue Book 4.3, 4.5). */
const DATA = 1;
const REGISTER = 3;
const EXTENDED_REGISTER = 4;
const DEMAND_REGISTER = 5;

export interface ObjectFacts {
  readonly classId: number;
  readonly logicalName: LogicalName;
}

interface Reads {
  /** The attribute that is its value. */
  readonly value: number;
  /** Where its scaler and unit stand. */
  readonly scaler?: number;
  /** When the value came about. */
  readonly time?: number;
  /** What is read beside, whose words are printed after it. */
  readonly beside?: readonly number[];
  readonly title: string;
}

const reads: Readonly<Record<number, Reads>> = {
  [CLOCK]: { value: 2, title: "Clock" },
  [DATA]: { value: 2, title: "Data" },
  [REGISTER]: { value: 2, scaler: 3, title: "Registers" },
  [EXTENDED_REGISTER]: { value: 2, scaler: 3, time: 5, title: "Extended registers" },
  // The last average, of the interval that is complete.
  [DEMAND_REGISTER]: { value: 3, scaler: 4, time: 6, title: "Demand registers" },
  [PROFILE]: { value: 7, beside: [8], title: "Profiles: entries in use" },
};

/** The titles of parts, in their order. */
export const titles: readonly string[] = [CLOCK, DATA, REGISTER, EXTENDED_REGISTER, DEMAND_REGISTER, PROFILE].flatMap(
  (classId) => reads[classId]?.title ?? [],
);

export function titleOf({ classId }: ObjectFacts): string | undefined {
  return reads[classId]?.title;
}

/** What has to be asked for to have the value of an object; nothing of a class of which none is printed. */
export function wantedOf({ classId, logicalName }: ObjectFacts): readonly AttributeReference[] {
  const of = reads[classId];
  if (of === undefined) return [];
  const attributes = [of.value, of.scaler, of.time, ...(of.beside ?? [])].filter((one) => one !== undefined);
  return attributes.map((attribute) => ({ classId, logicalName, attribute }));
}

/** What the clock of who reads says, by which a meter's own is judged. */
export interface Here {
  readonly utc: number;
  readonly offsetMinutes: number;
}

/** What this client may not read, or is not there, is no reading of the meter's. */
const unread: ReadonlySet<string> = new Set([
  "read-write-denied",
  "object-undefined",
  "object-class-inconsistent",
  "scope-of-access-violated",
]);

/** What the answers to `wantedOf` are: the value, and when it came about; without a value where the meter has none now. */
export function pointsOf(
  object: ObjectFacts,
  answer: (attribute: number) => GetResult | undefined,
  here: Here,
): readonly PointReading[] {
  const { classId, logicalName } = object;
  const of = reads[classId];
  const found = of && answer(of.value);
  if (of === undefined || found === undefined || ("denied" in found && unread.has(found.denied))) return [];
  if ("denied" in found) return [{ ...named(logicalName, ""), value: undefined, unit: "" }];
  if (classId === CLOCK) return [clockPoint(logicalName, found, here)];
  const { scaler, unit } = scaleIn(of.scaler === undefined ? undefined : answer(of.scaler));
  const point = { ...named(logicalName, unit), value: valueOf(found.data, scaler), unit };
  const beside = (of.beside ?? []).flatMap((id) => textIn(answer(id)));
  const times = of.time === undefined ? [] : textIn(answer(of.time));
  return [
    beside.length === 0 ? point : { ...point, text: `${textOf(found.data)} of ${beside.join(", ")}` },
    ...times.map((value) => ({ name: `${logicalName}/${of.time}`, value, unit: "" })),
  ];
}

function scaleIn(result: GetResult | undefined): { readonly scaler: number; readonly unit: string } {
  const scale = result === undefined || "denied" in result ? undefined : scalerUnitIn(result.data);
  return { scaler: scale?.scaler ?? 0, unit: scale?.unit ?? "" };
}

/** By the glossary where it has a name for the code, and the meter's unit is that of the name; the code stands beside it. */
function named(code: LogicalName, unit: string): Pick<PointReading, "name" | "label"> {
  const name = obisName(code);
  const measure = name === undefined ? undefined : parseMeasure(measureIn(name));
  if (name === undefined || measure === undefined || (unit !== "" && unit !== unitOf(measure))) return { name: code };
  return { name, label: code };
}

function measureIn(name: string): string {
  return name.replace(/\.rate[A-H]$/, "");
}

function textIn(result: GetResult | undefined): readonly string[] {
  if (result === undefined || "denied" in result) return [];
  const text = textOf(result.data);
  return text === "" ? [] : [text];
}

function clockPoint(
  logicalName: LogicalName,
  found: Exclude<GetResult, { denied: unknown }>,
  here: Here,
): PointReading {
  const time = dateTimeIn(found.data);
  const value =
    time === undefined
      ? valueOf(found.data)
      : dateTimeText(time, clockOf(time, here.utc, here.offsetMinutes).offsetMinutes);
  return { name: logicalName, value, unit: "" };
}

/** What is odd about a meter's clock, for whoever looks at its times. */
export function clockNotes(found: GetResult | undefined, here: Here): readonly string[] {
  const time = found === undefined || "denied" in found ? undefined : dateTimeIn(found.data);
  if (time === undefined) return [];
  const { sign, utc } = clockOf(time, here.utc, here.offsetMinutes);
  const notes: string[] = [];
  if (sign === "reversed")
    notes.push(
      "its clock counts its deviation the other way round than the standard does; its times are taken as it means them",
    );
  if (sign === "unspecified")
    notes.push("its clock does not say its deviation from UTC; its times are taken to be local time here");
  if (utc === undefined) notes.push("its clock names no instant");
  else if (Math.abs(utc - here.utc) > OFF_MS)
    notes.push(
      `its clock is ${Math.round(Math.abs(utc - here.utc) / 1000)} s ${utc < here.utc ? "behind" : "ahead of"} this computer's`,
    );
  return notes;
}

/** So much a clock may be off before it is said, milliseconds: a minute is what a demand interval can be. */
const OFF_MS = 60_000;
