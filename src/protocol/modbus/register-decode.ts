/**
 * The point map from the other side: registers that a client read become values by the names of the vocabulary. A map is
 * made ready once, as requests and as the places of its values in what they bring; after that a meter costs a loop.
 */
import { planReads, type Span } from "./read-plan.ts";
import { decodeNumber, decodeText, isText, QNAN16, type Decoding } from "./register-numbers.ts";
import type { ClockPart } from "./clock-words.ts";
import { rowName } from "./row-name.ts";
import { functionOf, rowsWithFill, units, wordsOf, type Block, type ModbusFace, type Row } from "./register-table.ts";

/** A request, and where its words go in the image. */
export interface ReadRequest extends Span {
  readonly at: number;
}

/** A row and where its words lie in the image. */
interface Place {
  readonly row: Row<string>;
  readonly at: number;
  readonly words: number;
  /** How its words become a value. */
  readonly as: Decoding | "text" | "clock";
  /** What one count is worth, but for its scale. */
  readonly worth: number;
  /** Which of the map's scales; -1 for none. */
  readonly scale: number;
}

/** What is read together: what the model always has, or a block that it may lack. */
export interface ReadPart {
  readonly optional: boolean;
  /** The function that reads it. */
  readonly fn: 0x03 | 0x04;
  readonly requests: readonly ReadRequest[];
  readonly blocks: readonly { readonly title: string; readonly order: number; readonly places: readonly Place[] }[];
}

export interface ReadingPlan {
  /** Words of the image. */
  readonly size: number;
  readonly parts: readonly ReadPart[];
  /** Where each scale's exponent is read, and in which part; or what it is always. */
  readonly scales: readonly { readonly part: number; readonly at: number; readonly fixed: number }[];
  /** Frequencies and voltages of two registers: what tells that words came the other way round. */
  readonly telling: readonly { readonly part: number; readonly place: Place }[];
}

export interface DecodedPoint {
  readonly row: Row<string>;
  /** What it holds, in words; undefined of reserved and constant registers. */
  readonly name: string | undefined;
  /** In the SI unit of the quantity, or what the register says; NaN for the invalid values. */
  readonly value: number | string;
}

export interface DecodedBlock {
  readonly title: string;
  readonly points: readonly DecodedPoint[];
}

const plans = new WeakMap<ModbusFace, ReadingPlan>();

/** How all of a model is read. */
export function readingPlan(face: ModbusFace): ReadingPlan {
  const known = plans.get(face);
  if (known !== undefined) return known;
  const plan = makePlan(face);
  plans.set(face, plan);
  return plan;
}

/** How some of a model's rows are read: with the exponents of their scales, and along whatever the model has between them. */
export function planOf(face: ModbusFace, wanted: ReadonlySet<Row<string>>): ReadingPlan {
  const scales = new Set([...wanted].map(([, , , , , scale]) => scale));
  return makePlan(face, (row) => {
    const is = row[6];
    return wanted.has(row) || (typeof is === "object" && "scale" in is && scales.has(is.scale));
  });
}

/** Windows belong to reading the log, or to commands. */
function isWindow([, , , , , , is]: Row<string>): boolean {
  return typeof is === "object" && "window" in is;
}

function spanOf([reg, , , format, , , is]: Row<string>, base: number): Span {
  return { first: reg - base, count: wordsOf(format, is) };
}

function makePlan({ map, reads }: ModbusFace, wanted: (row: Row<string>) => boolean = () => true): ReadingPlan {
  const may = (block: Block<string>): boolean => block.option !== undefined || block.since !== undefined;
  const always = Map.groupBy(
    map.blocks.filter((block) => !may(block)),
    functionOf,
  );
  const groups = [...always.values(), ...map.blocks.filter(may).map((block) => [block])];
  const names = Object.keys(map.scales);
  const lowWordFirst = map.lowWordFirst === true;
  let size = 0;
  const parts = groups.map((blocks): ReadPart => {
    const rows = blocks.map((block) => block.rows.filter((row) => !isWindow(row) && wanted(row)));
    // What is not wanted, and holes that are filled, are read along: one request instead of several.
    const there = blocks.flatMap((block) => [
      ...(block.fill === undefined ? [] : rowsWithFill(block, map.blocks)),
      ...block.rows,
    ]);
    const [spans, along] = [rows.flat(), there.filter((row) => !isWindow(row))].map((some) =>
      some.map((row) => spanOf(row, map.base)),
    );
    const requests = planReads(spans ?? [], reads, along).map((request): ReadRequest => {
      size += request.count;
      return { ...request, at: size - request.count };
    });
    const place = (row: Row<string>, { absent = "quiet" }: Block<string>): Place => {
      const [reg, , , format, unit, scale, is] = row;
      const words = wordsOf(format, is);
      const first = reg - map.base;
      const holder = requests.find((one) => first >= one.first && first + words <= one.first + one.count);
      if (holder === undefined) throw new RangeError(`no request reads register ${reg}`);
      const setting = typeof is === "object" && "setting" in is;
      const measured =
        typeof is === "string" || "rest" in is || "signed" in is || ("extreme" in is && is.says === "value");
      const said = !measured && !setting;
      return {
        row,
        at: holder.at + first - holder.first,
        words,
        as: partOf(is) !== undefined ? "clock" : isText(format) ? "text" : { format, absent, lowWordFirst },
        worth: said ? 1 : (setting ? 1 : units[unit]) * (typeof scale === "number" ? scale : 1),
        scale: said || typeof scale === "number" ? -1 : names.indexOf(scale),
      };
    };
    const blocksOf = blocks.map((block, k) => {
      const places = (rows[k] ?? []).map((row) => place(row, block));
      return { title: block.title, order: map.blocks.indexOf(block), places };
    });
    const fn = functionOf(blocks[0] ?? {});
    return { optional: blocks.some(may), fn, requests, blocks: blocksOf.filter(({ places }) => places.length > 0) };
  });
  const all = parts.flatMap(({ blocks }, part) =>
    blocks.flatMap(({ places }) => places.map((one) => ({ part, place: one }))),
  );
  const scales = names.map((name) => {
    const found = all.find(
      ({ place: { row } }) => typeof row[6] === "object" && "scale" in row[6] && row[6].scale === name,
    );
    // A face that publishes no exponent for a scale has a fixed one.
    return { part: found?.part ?? -1, at: found?.place.at ?? 0, fixed: map.scales[name]?.plus ?? NaN };
  });
  const telling = all.filter(
    ({ place: { row, words } }) => typeof row[6] === "string" && /^(Hz|V)\b/.test(row[6]) && words === 2,
  );
  return { size, parts, scales, telling };
}

/** Exponents are numbers with a sign, and 0x8000 of them would be one, too. */
const exponent: Decoding = { format: "SInt", absent: "zero" };

function exponentAt(image: Uint16Array, at: number): number {
  return decodeNumber(image, at, exponent);
}

/** Values from an image in which the parts that are `present` have been filled, block by block in the map's order. */
export function decodeImage(plan: ReadingPlan, image: Uint16Array, present: readonly boolean[]): DecodedBlock[] {
  const scales = plan.scales.map(
    ({ part, at, fixed }) => 10 ** (present[part] === true ? exponentAt(image, at) : fixed),
  );
  const there = plan.parts.filter((_, part) => present[part] === true).flatMap(({ blocks }) => blocks);
  const decoded = there
    .toSorted((a, b) => a.order - b.order)
    .map(({ title, places }) => {
      const points = places.map((place) => ({
        row: place.row,
        name: rowName(place.row),
        value: valueOf(place, image, scales),
      }));
      return { title, points };
    });
  return decoded;
}

/** Within what a frequency in Hz and a voltage in V lie on any network. */
function plausible(name: string, value: number | string): boolean {
  if (typeof value === "string") return false;
  return name === "Hz" ? value > 40 && value < 70 : value > 1 && value < 1e6;
}

/**
 * A value that makes sense only with its words the other way round, where none makes sense as it came: a setting of the
 * meter, or a gateway that turns them. Undefined when all is well.
 */
export function wordsTurned(
  plan: ReadingPlan,
  image: Uint16Array,
  present: readonly boolean[],
): DecodedPoint | undefined {
  const scales = plan.scales.map(
    ({ part, at, fixed }) => 10 ** (present[part] === true ? exponentAt(image, at) : fixed),
  );
  let found: DecodedPoint | undefined;
  for (const { part, place } of plan.telling) {
    if (present[part] !== true) continue;
    const name = String(place.row[6]);
    if (plausible(name, valueOf(place, image, scales))) return undefined;
    if (typeof place.as === "string") continue;
    const turned = { ...place.as, lowWordFirst: place.as.lowWordFirst !== true };
    const value = valueOf({ ...place, as: turned }, image, scales);
    if (plausible(name, value)) found ??= { row: place.row, name: rowName(place.row), value };
  }
  return found;
}

function valueOf(place: Place, image: Uint16Array, scales: readonly number[]): number | string {
  const { at, as } = place;
  if (as === "text") return decodeText(image, at, place.words);
  if (as === "clock") return clockText(place.row, image[at] ?? 0);
  const worth = place.scale < 0 ? place.worth : place.worth * (scales[place.scale] ?? NaN);
  return decodeNumber(image, at, as) * worth;
}

/** Which part of a time a row holds; undefined of other rows. */
function partOf(is: Row<string>[6]): ClockPart | undefined {
  if (typeof is === "string") return undefined;
  if ("clock" in is) return is.clock;
  if ("moment" in is) return is.part;
  return "extreme" in is && is.says !== "value" && is.says !== "which" ? is.says : undefined;
}

/** Parts that are 0 in no time that has been: there is no month 0, and no year 1900 of such meters. */
const counted: ReadonlySet<ClockPart> = new Set([
  "month, day",
  "year, hour",
  "month",
  "day",
  "year",
  "day of the week",
]);

/** "month 1, day 25"; years count from 1900. */
function clockText(row: Row<string>, word: number): string {
  const part = partOf(row[6]) ?? "month, day";
  if (word === QNAN16 || (word === 0 && counted.has(part))) return "never";
  const [upper = "", lower] = part.split(", ");
  if (lower === undefined) return `${part} ${word}`;
  return `${upper} ${(word >> 8) + (upper === "year" ? 1900 : 0)}, ${lower} ${word & 255}`;
}
