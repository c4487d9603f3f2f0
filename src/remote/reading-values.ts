/** A reading of a meter, as a surface shows it: measures with their values, and registers of what is none. */
import { inSi, type Reading } from "#headend/meter-source.ts";
import type { PointReading } from "#headend/reader.ts";
import { measureName, parseMeasure } from "#quantity/measure-name.ts";
import { accumulates, type Measure } from "#quantity/measure.ts";
import type { RegisterReading } from "#quantity/register.ts";
import type { Stamp } from "#quantity/stamp.ts";

const DIGITS = 15;

export interface ReadValues {
  /** The same list as long as the meter says the same names. */
  readonly measures: readonly Measure[];
  readonly values: Float64Array;
  readonly byName: ReadonlyMap<string, number>;
  /** What the meter itself says is not as it should be with a value, by its name. */
  readonly doubted: ReadonlyMap<string, readonly string[]>;
  readonly registers: readonly RegisterReading[];
  readonly at: Stamp;
}

/** What was read, by the values of before, where there are any. */
export function valuesOf(reading: Reading, at: Stamp, before?: ReadValues): ReadValues {
  const points = reading.parts.flatMap((part) => part.points);
  const found = new Map<string, { readonly measure: Measure; readonly value: number }>();
  const doubted = new Map<string, readonly string[]>();
  for (const point of points) {
    const measure = parseMeasure(point.name);
    if (measure === undefined || isOfInstant(point)) continue;
    const { value } = inSi(point);
    const name = measureName(measure);
    // What is shown twice is so in the first place.
    if (found.has(name)) continue;
    found.set(name, { measure, value: typeof value === "number" ? value : NaN });
    if (isDoubted(point)) doubted.set(name, point.flags ?? []);
  }
  net(found, doubted);
  const all = [...found.values()];
  const measures = all.map(({ measure }) => measure);
  const isSame =
    before?.measures.length === all.length &&
    before.measures.every((one, k) => measureName(one) === measureName(measures[k] ?? one));
  return {
    measures: isSame ? before.measures : measures,
    values: Float64Array.from(all, ({ value }) => value),
    byName: new Map([...found].map(([name, { value }]) => [name, value])),
    doubted,
    registers: points.flatMap((point, k) => registerOf(point, k, at) ?? []),
    at,
  };
}

/** Powers that a meter may tell by direction alone, as most do over DLMS/COSEM. */
const powers = ["W", "var"].flatMap((power) => ["", ".a", ".b", ".c"].map((place) => `${power}${place}`));

/** Import less export is what a power without a direction is (Blue Book 6.1: C = 16 of 1 and 2), and no more is made of what was read. */
function net(
  found: Map<string, { readonly measure: Measure; readonly value: number }>,
  doubted: Map<string, readonly string[]>,
): void {
  for (const name of powers) {
    const [into, out] = [found.get(`${name}.import`), found.get(`${name}.export`)];
    const measure = parseMeasure(name);
    if (found.has(name) || into === undefined || out === undefined || measure === undefined) continue;
    found.set(name, { measure, value: into.value - out.value });
    const flags = doubted.get(`${name}.import`) ?? doubted.get(`${name}.export`);
    if (flags !== undefined) doubted.set(name, flags);
  }
}

/** An event, or a value that was frozen: it is not of now. */
function isOfInstant({ utc }: PointReading): boolean {
  return utc !== undefined;
}

function isDoubted({ flags = [] }: PointReading): boolean {
  return flags.length > 0;
}

/** A single has seven digits, and nobody reads more of a sum. */
const SHOWN = 9;

function shown(value: PointReading["value"]): string {
  if (value === undefined) return "";
  return typeof value === "number" ? String(Number(value.toPrecision(SHOWN))) : String(value);
}

/** "Wh.import.rateB": a measure by a rate of a tariff. */
const RATED = /^(.+)\.rate([A-H])$/;

/** What counts, and what is no measure: everything else is among the readings. */
function registerOf(point: PointReading, k: number, at: Stamp): RegisterReading | undefined {
  const { register = k + 1, name, label, value, text, unit, scale = 1 } = point;
  const [, plain = name, rate] = RATED.exec(name) ?? [];
  const measure = parseMeasure(plain);
  const counts = measure !== undefined && accumulates(measure.quantity);
  if (measure !== undefined && !counts && rate === undefined) return undefined;
  const isNumber = typeof value === "number" && Number.isFinite(value);
  return {
    id: register,
    label: label ?? name,
    name,
    value: isNumber ? value : undefined,
    valid: value === undefined ? "invalid" : isDoubted(point) ? "questionable" : "good",
    at,
    text: text ?? shown(value),
    ...(measure === undefined ? {} : { measure }),
    kind: counts ? "consumption" : "instantaneous",
    tariff: rate ?? "total",
    storage: "working",
    digits: DIGITS,
    decimals: 0,
    unit,
    scale,
  };
}
