/** Reads a meter whose registers are lists that its owner made, by what is known of each point. */
import { timeText } from "#clock/time-text.ts";
import type { Requester } from "#protocol/modbus/client.ts";
import type { PointFacts, PointLists } from "#protocol/modbus/point-facts.ts";
import { planReads, type Span } from "#protocol/modbus/read-plan.ts";
import type { ReadingPart } from "./meter-source.ts";
import type { PointReading } from "./reader.ts";
import { refusal } from "./registers.ts";

/** Holding registers are numbered from 40001, input registers from 30001. */
const tables = [
  { fn: 3, base: 40_001, title: "Counters" },
  { fn: 4, base: 30_001, title: "Analogs" },
] as const;
type Table = (typeof tables)[number];

/** Registers that a table's numbers reach over. */
const TABLE = 9999;

function isIn({ base }: Table, register: number): boolean {
  return register >= base && register < base + TABLE;
}

/** Points of each table under its title. */
export function byTable(points: readonly PointReading[]): readonly ReadingPart[] {
  return tables.flatMap((table) => {
    const own = points.filter(({ register }) => register !== undefined && isIn(table, register));
    return own.length === 0 ? [] : [{ title: table.title, points: own }];
  });
}

function spanOf({ register, bits }: PointFacts): Span {
  return { first: register, count: bits / 16 };
}

/** The values of all points of one unit, or of those that are wanted, in their order. */
export async function readPoints(
  line: Requester,
  unit: number,
  { points, order }: PointLists,
  wanted: readonly PointFacts[] = points,
): Promise<PointReading[]> {
  const words = new Map<number, number>();
  for (const table of tables) {
    const within = ({ first }: Span): boolean => isIn(table, first);
    const all = points.map(spanOf).filter(within);
    for (const span of planReads(wanted.map(spanOf).filter(within), {}, all))
      await readSpan(line, unit, { table, span, values: all }, words);
  }
  return decodePoints({ points: wanted, order }, (register) => words.get(register));
}

async function readSpan(
  line: Requester,
  unit: number,
  { table, span, values }: { readonly table: Table; readonly span: Span; readonly values: readonly Span[] },
  words: Map<number, number>,
): Promise<void> {
  const { fn, base, title } = table;
  const request = { kind: "read", fn, first: span.first - base, count: span.count } as const;
  const response = await line.request(unit, request, {
    values: values.map(({ first, count }) => ({ first: first - base, count })),
  });
  if (response.kind !== "registers") {
    const exception = response.kind === "exception" ? response.exception : NaN;
    throw refusal(unit, `${title.toLowerCase()} from register ${span.first}`, exception);
  }
  [...response.values].forEach((word, k) => words.set(span.first + k, word));
}

/** What the words at printed register numbers mean; a point of which a word is missing is left out. */
export function decodePoints(
  { points, order }: PointLists,
  word: (register: number) => number | undefined,
): PointReading[] {
  return points.flatMap((point) => {
    const { register, name, label, unit, scale, bits, scaling, factor } = point;
    const words = Array.from({ length: bits / 16 }, (_, k) => word(register + k)).filter((one) => one !== undefined);
    if (words.length < bits / 16) return [];
    const count = (order === "low first" ? words.toReversed() : words).reduce((sum, one) => sum * 65_536 + one, 0);
    const signed = point.signed && count >= 2 ** (bits - 1) ? count - 2 ** bits : count;
    const number = (signed / scaling) * factor;
    const shown = point.instant === true ? instantOf(number) : { value: number };
    return [{ register, name, ...(label === "" ? {} : { label }), ...shown, unit, ...(scale === 1 ? {} : { scale }) }];
  });
}

/** An instant of the wall clock; 0 is one that has not been. */
function instantOf(seconds: number): Pick<PointReading, "value" | "text"> {
  return seconds === 0 ? { value: undefined, text: "never" } : { value: timeText(seconds) };
}
