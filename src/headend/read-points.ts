/** Reads a meter whose registers are lists that its owner made, by what is known of each point. */
import type { Requester } from "#protocol/modbus/client.ts";
import type { PointFacts, PointLists } from "#protocol/modbus/point-facts.ts";
import { planReads, type Span } from "#protocol/modbus/read-plan.ts";
import { openLine, type ModbusUrl } from "./modbus-url.ts";
import type { LineSettings, PointReading } from "./reader.ts";
import { refusal } from "./registers.ts";

/** Holding registers are numbered from 40001, input registers from 30001. */
const tables = [
  { fn: 3, base: 40_001, what: "counters" },
  { fn: 4, base: 30_001, what: "analogs" },
] as const;
type Table = (typeof tables)[number];

/** Registers that a table's numbers reach over. */
const TABLE = 9999;

function spanOf({ register, bits }: PointFacts): Span {
  return { first: register, count: bits / 16 };
}

/** The values of all points, in their order. */
export async function readPoints(url: ModbusUrl, lists: PointLists, settings: LineSettings): Promise<PointReading[]> {
  const line = await openLine(url, settings);
  try {
    const words = new Map<number, number>();
    for (const table of tables) {
      const own = lists.points.map(spanOf).filter(({ first }) => first >= table.base && first < table.base + TABLE);
      for (const span of planReads(own)) await readSpan(line, url.unit, { table, span }, words);
    }
    return decodePoints(lists, (register) => words.get(register));
  } finally {
    line.close();
  }
}

async function readSpan(
  line: Requester,
  unit: number,
  { table, span }: { readonly table: Table; readonly span: Span },
  words: Map<number, number>,
): Promise<void> {
  const { fn, base, what } = table;
  const response = await line.request(unit, { kind: "read", fn, first: span.first - base, count: span.count });
  if (response.kind !== "registers") {
    const exception = response.kind === "exception" ? response.exception : NaN;
    throw refusal(unit, `${what} from register ${span.first}`, exception);
  }
  [...response.values].forEach((word, k) => words.set(span.first + k, word));
}

/** What the words at printed register numbers mean; a point of which a word is missing is left out. */
export function decodePoints(
  { points, order }: PointLists,
  word: (register: number) => number | undefined,
): PointReading[] {
  return points.flatMap((point) => {
    const { register, name, unit, bits, scaling, factor } = point;
    const words = Array.from({ length: bits / 16 }, (_, k) => word(register + k)).filter((one) => one !== undefined);
    if (words.length < bits / 16) return [];
    const count = (order === "low first" ? words.toReversed() : words).reduce((sum, one) => sum * 65_536 + one, 0);
    const signed = point.signed && count >= 2 ** (bits - 1) ? count - 2 ** bits : count;
    return [{ register, name, value: (signed / scaling) * factor, unit }];
  });
}
