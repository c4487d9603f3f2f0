/** The lists of points of a device profile (section 4), by index. */
import type { Xml } from "./xml.ts";

/** A point, in words. */
export interface ProfilePoint {
  readonly name: string;
  readonly description?: string | undefined;
}

export interface ProfileCounter extends ProfilePoint {
  /** The last value before it begins at zero, in the variation that is told where none is asked for. */
  readonly last: number;
}

export interface ProfileAnalog extends ProfilePoint {
  /** What a value is multiplied by to be in `unit`, in the variation that is told where none is asked for. */
  readonly factor: number;
  readonly unit: string;
  /** Of events, in units of the same value; undefined where there are none. */
  readonly deadband?: number | undefined;
}

export interface ProfilePoints {
  readonly binaries: readonly ProfilePoint[];
  readonly outputs: readonly ProfilePoint[];
  readonly counters: readonly ProfileCounter[];
  readonly analogs: readonly ProfileAnalog[];
}

export interface PointClasses {
  /** Whether counters, and frozen ones, are of class 0. */
  readonly counter: boolean;
  readonly frozen: boolean;
  /** Words of the classes of events. */
  readonly events: Readonly<Record<"binary" | "counter" | "frozen" | "analog", string>>;
}

const numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"] as const;

/** The schema spells variations. */
export function variationOf(variation: number): string {
  return numbers[variation] ?? String(variation);
}

export function eventClassOf(events: { readonly class: number } | undefined): string {
  return events === undefined ? "none" : variationOf(events.class);
}

function list<T>(name: string, element: string, points: readonly T[], of: (point: T) => readonly (Xml | undefined)[]) {
  if (points.length === 0) return undefined;
  const section: Xml = [
    name,
    [
      ["configuration", [["pointListDefinition", [["configurable"]]]]],
      ["dataPoints", points.map((point, index): Xml => [element, [["index", index], ...of(point)]])],
    ],
  ];
  return section;
}

function named({ name, description }: ProfilePoint): readonly (Xml | undefined)[] {
  return [["name", name], description === undefined ? undefined : ["description", description]];
}

function mode(isIncluded: boolean): string {
  return isIncluded ? "always" : "never";
}

export function pointLists(
  { binaries, outputs, counters, analogs }: ProfilePoints,
  { counter, frozen, events }: PointClasses,
): readonly (Xml | undefined)[] {
  return [
    list("binaryInputPoints", "binaryInput", binaries, (point) => [
      ...named(point),
      ["changeEventClass", events.binary],
      ["includedInClass0Response", "always"],
      ["nameState0", "off"],
      ["nameState1", "on"],
    ]),
    list("binaryOutputPoints", "binaryOutput", outputs, (point) => [
      ...named(point),
      ["changeEventClass", "none"],
      ["commandEventClass", "none"],
      ["includedInClass0Response", "always"],
      ["supportedControlOperations"],
      ["nameState0", "open"],
      ["nameState1", "closed"],
    ]),
    list("counterPoints", "counter", counters, (point) => [
      ...named(point),
      ["countersIncludedInClass0", mode(counter)],
      ["counterEventClass", events.counter],
      ["frozenCounterExists", "true"],
      ["frozenCountersIncludedInClass0", mode(frozen)],
      ["frozenCounterEventClass", events.frozen],
      ["counterRollOver", point.last],
    ]),
    list("analogInputPoints", "analogInput", analogs, (point) => [
      ...named(point),
      ["changeEventClass", events.analog],
      ["includedInClass0Response", "always"],
      ["scaleFactor", point.factor],
      point.unit === "" ? undefined : ["units", point.unit],
      point.deadband === undefined ? undefined : ["dnpData", [["deadband", point.deadband]]],
    ]),
  ];
}
