/**
 * What shows a value in the image: a measured value with its dead band, a count, a status. The time of each is when its value or its quality
 * became another (IEC 61850-7-3, t).
 */
import type { LeafIndex } from "#protocol/iec61850/model/references.ts";
import { quality, type IedTime, type LeafValue } from "#protocol/iec61850/model/value.ts";
import type { Draft } from "./draft.ts";

/** What is known of a value: good (1), or not measured whole. */
export interface Found {
  readonly value: number | undefined;
  readonly good: boolean;
}

/** What dead bands are parts of. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A magnitude below this part of its range is what is left of rounding: it points nowhere. */
const NOTHING = 1e-4;

/** Parts of a range that dead bands count in, and of a turn. */
const PARTS = 100_000;
const TURN = 360;

/** The quality of a value: what is not known is invalid, by a failure where diagnostics have found one; what is beyond its range is questionable. */
export function qualityOf({ value, good }: Found, isFailing: boolean, range?: Range): number {
  if (value === undefined) return isFailing ? quality.invalid | quality.failure : quality.invalid;
  const isBeyond = range !== undefined && (value < range.min || value > range.max);
  const beyond = isBeyond ? quality.questionable | quality.outOfRange : quality.good;
  return good ? beyond : beyond | quality.questionable;
}

/** A magnitude and an angle, by their places; undefined of what the object has not. */
interface Phasor<V extends number | undefined> {
  readonly value: V;
  readonly angle: number | undefined;
}

interface Places {
  readonly q: number;
  readonly t: number;
}

function placesOf(leaves: LeafIndex, device: string, path: string): Places | undefined {
  const q = leaves.find(device, `${path}.q`)?.leaf.index;
  const t = leaves.find(device, `${path}.t`)?.leaf.index;
  return q === undefined || t === undefined ? undefined : { q, t };
}

/** A measured value, or a phasor: what is read at once follows it, what is reported follows by its dead band. */
export class AnalogPoint {
  readonly #places: Places;
  readonly #instant: Phasor<number | undefined>;
  readonly #reported: Phasor<number>;
  readonly #range: Range;
  /** In 0.001 % of the range; 0 is every change. */
  readonly #db: () => number;

  private constructor(
    places: Places,
    instant: Phasor<number | undefined>,
    reported: Phasor<number>,
    { range, db }: { readonly range: Range; readonly db: () => number },
  ) {
    this.#places = places;
    this.#instant = instant;
    this.#reported = reported;
    this.#range = range;
    this.#db = db;
  }

  /** Undefined where the model has no such object. */
  static at(
    leaves: LeafIndex,
    device: string,
    path: string,
    how: { readonly range: Range; readonly db: () => number },
  ): AnalogPoint | undefined {
    const places = placesOf(leaves, device, path);
    const index = (tail: string): number | undefined => leaves.find(device, `${path}.${tail}`)?.leaf.index;
    const value = index("mag.f") ?? index("cVal.mag.f");
    if (places === undefined || value === undefined) return undefined;
    return new AnalogPoint(
      places,
      { value: index("instMag.f") ?? index("instCVal.mag.f"), angle: index("instCVal.ang.f") },
      { value, angle: index("cVal.ang.f") },
      how,
    );
  }

  show(draft: Draft, found: Found, angle: number | undefined, around: Around): void {
    const value = found.value === undefined ? undefined : Math.fround(found.value);
    const turned = this.#angle(value, angle);
    // A phasor of which the angle is not known is not known whole.
    const isWhole = this.#reported.angle === undefined || turned !== undefined;
    const q = qualityOf({ value, good: found.good && isWhole }, around.isFailing, this.#range);
    if (this.#instant.value !== undefined) draft.set(this.#instant.value, value);
    if (this.#instant.angle !== undefined) draft.set(this.#instant.angle, turned);
    const isOther = draft.set(this.#places.q, q);
    if (!isOther && !this.#moves(draft, value, turned)) return;
    draft.set(this.#reported.value, value);
    if (this.#reported.angle !== undefined) draft.set(this.#reported.angle, turned);
    draft.set(this.#places.t, around.at);
  }

  /** What is nothing points nowhere: at 0. */
  #angle(value: number | undefined, angle: number | undefined): number | undefined {
    if (this.#reported.angle === undefined || value === undefined) return undefined;
    if (value <= NOTHING * this.#range.max) return 0;
    return angle === undefined ? undefined : Math.fround(normal(angle));
  }

  /** Whether it has left the dead band around what was reported last. */
  #moves(draft: Draft, value: number | undefined, angle: number | undefined): boolean {
    const { min, max } = this.#range;
    const db = this.#db();
    if (differs(draft.get(this.#reported.value), value, ((max - min) * db) / PARTS)) return true;
    if (this.#reported.angle === undefined) return false;
    const before = draft.get(this.#reported.angle);
    if (typeof before !== "number" || angle === undefined) return before !== angle;
    return Math.abs(normal(angle - before)) > (TURN * db) / PARTS;
  }
}

function differs(before: LeafValue, value: number | undefined, band: number): boolean {
  if (typeof before !== "number" || value === undefined) return before !== value;
  return Math.abs(value - before) > band;
}

/** Degrees from -180 to 180. */
function normal(degrees: number): number {
  const turned = ((degrees % TURN) + TURN) % TURN;
  return turned > TURN / 2 ? turned - TURN : turned;
}

/** What all points of an image share. */
export interface Around {
  readonly at: IedTime;
  readonly isFailing: boolean;
}

/** A value without a dead band: a status, a count. */
export class PlainPoint {
  readonly #places: Places;
  readonly #value: number;

  private constructor(places: Places, value: number) {
    this.#places = places;
    this.#value = value;
  }

  static at(leaves: LeafIndex, device: string, path: string, name = "stVal"): PlainPoint | undefined {
    const places = placesOf(leaves, device, path);
    const value = leaves.find(device, `${path}.${name}`)?.leaf.index;
    return places === undefined || value === undefined ? undefined : new PlainPoint(places, value);
  }

  /** `at` is when it was, where that is another instant than the image's. */
  show(draft: Draft, value: LeafValue, { at, isFailing }: Around, isGood = true): void {
    const found = { value: value === undefined ? undefined : 0, good: isGood };
    const isOther = draft.set(this.#places.q, qualityOf(found, isFailing));
    const isNew = draft.set(this.#value, value);
    if (isOther || isNew) draft.set(this.#places.t, at);
  }
}
