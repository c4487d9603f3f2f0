/** Points of DNP3 as readings: names, values, flags and times in words; with the names and units of a configuration where there is one. */
import type { PointFacts } from "#protocol/dnp3/point-facts.ts";
import { doubleStates, flagWords, ONLINE } from "#protocol/dnp3/application/flag-words.ts";
import { groupOf, type PointKind, type PointValue } from "#protocol/dnp3/master/points.ts";
import type { PointReading } from "./point-reading.ts";

/** Titles of the kinds, in the order in which they are printed. */
export const titles: readonly (readonly [kind: PointKind, title: string])[] = [
  ["counter", "Counters"],
  ["frozen counter", "Frozen counters"],
  ["analog", "Analogs"],
  ["frozen analog", "Frozen analogs"],
  ["deadband", "Deadbands"],
  ["analog output", "Analog outputs"],
  ["binary", "Binaries"],
  ["double", "Double-bit binaries"],
  ["output", "Outputs"],
  ["text", "Texts"],
];

/** What is not as it should be with it. */
function flagsOf({ kind, flags = ONLINE }: PointValue): readonly string[] {
  return flagWords(groupOf[kind], flags);
}

/** The value of a point that is not online is the last one that was known: it is told, and is none. */
function isValid({ flags = ONLINE }: PointValue): boolean {
  return (flags & ONLINE) !== 0;
}

export function pointName({ kind, index }: Pick<PointValue, "kind" | "index">): string {
  return `${kind} ${index}`;
}

function shown({ kind, value }: PointValue): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (kind === "double") return doubleStates[Number(value)] ?? "";
  return value === undefined ? "no number" : String(value);
}

/** What the number on the wire means. */
function meant(value: PointValue["value"], facts: PointFacts | undefined): PointValue["value"] {
  if (typeof value !== "number" || facts === undefined) return value;
  const { scaling, factor, offset = 0, wrapsAt = Infinity, instant } = facts;
  if (instant === true) return instantText(1000 * value);
  return ((value < wrapsAt / 2 ? value : value - wrapsAt) / scaling) * factor + offset;
}

export function readingOf(point: PointValue, facts: PointFacts | undefined): PointReading {
  const { kind, utc, notSynchronised = false } = point;
  const flags = flagsOf(point);
  const value = meant(point.value, facts);
  const word = shown({ ...point, value });
  const told = typeof value === "boolean" || kind === "double" ? word : value;
  const at =
    utc === undefined ? [] : [`at ${instantText(utc)}${notSynchronised ? ", by a clock that is not set" : ""}`];
  const beside = [...at, ...flags];
  const label = [pointName(point), facts?.label ?? ""].filter((one) => one !== "").join(" ");
  return {
    ...(facts === undefined ? { name: pointName(point) } : { name: facts.name, label }),
    value: isValid(point) ? told : undefined,
    ...(beside.length === 0 ? {} : { text: `${word} (${beside.join(", ")})` }),
    unit: facts?.unit ?? "",
    ...(facts === undefined || facts.scale === 1 ? {} : { scale: facts.scale }),
    ...(flags.length === 0 ? {} : { flags }),
    ...(utc === undefined ? {} : { utc }),
  };
}

/** An instant; of what no calendar has the number. */
export function instantText(utc: number): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(utc).toString({ fractionalSecondDigits: 3 });
  } catch {
    return `${utc} ms since 1970`;
  }
}
