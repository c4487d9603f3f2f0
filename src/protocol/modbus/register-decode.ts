/** The point map from the other side: registers that a client read become values by the names of the vocabulary. */
import { decodeMod10000, QNAN16 } from "./register-encode.ts";
import { units, wordsOf, type ClockPart, type PointMap, type Row } from "./register-table.ts";

export interface DecodedPoint {
  readonly row: Row<string>;
  /** In the SI unit of the quantity, or what the register says; undefined where it was not read. */
  readonly value: number | string | undefined;
}

/** Decodes rows from `word`, which gives the word at a printed register number; NaN for the invalid values. */
export function decodeRows(
  map: PointMap,
  rows: readonly Row<string>[],
  word: (register: number) => number | undefined,
): DecodedPoint[] {
  const exponents = new Map<string, number>();
  for (const [reg, , , , , , is] of map.blocks.flatMap((block) => block.rows)) {
    if (typeof is !== "object" || !("scale" in is)) continue;
    const raw = word(reg);
    if (raw !== undefined) exponents.set(is.scale, (raw << 16) >> 16);
  }
  return rows.map((row) => ({ row, value: decodeRow(row, word, exponents, map) }));
}

function decodeRow(
  row: Row<string>,
  word: (register: number) => number | undefined,
  exponents: ReadonlyMap<string, number>,
  map: PointMap,
): number | string | undefined {
  const [reg, , , format, unit, scale, is] = row;
  const words = Array.from({ length: wordsOf(format, is) }, (_, k) => word(reg + k));
  if (words.some((one) => one === undefined)) return undefined;
  const [first = 0, second = 0] = words as number[];
  const turned = map.lowWordFirst === true && words.length === 2;
  const [high, low] = turned ? [second, first] : [first, second];
  if (format.startsWith("String")) {
    const bytes = (words as number[]).flatMap((one) => [one >> 8, one & 255]);
    const end = bytes.indexOf(0);
    return String.fromCharCode(...bytes.slice(0, end < 0 ? bytes.length : end));
  }
  if (format === "Mod10000 (4)") return Number(decodeMod10000(words as number[]));
  if (typeof is === "object" && "clock" in is) return clockText(is.clock, first);
  const raw = rawValue(format, high, low);
  if (typeof is === "object" && !("setting" in is)) return raw;
  const plain = typeof is === "object";
  if (typeof scale === "number") return raw * scale * (plain ? 1 : units[unit]);
  // A face that publishes no exponent for a scale has a fixed one.
  const exponent = scale === "" ? 0 : (exponents.get(scale) ?? map.scales[scale]?.plus ?? NaN);
  return raw * 10 ** exponent * (plain ? 1 : units[unit]);
}

/** "month 1, day 25"; years count from 1900. */
function clockText(part: ClockPart, word: number): string {
  const [upper = "", lower = ""] = part.split(", ");
  return `${upper} ${(word >> 8) + (upper === "year" ? 1900 : 0)}, ${lower} ${word & 255}`;
}

function rawValue(format: string, high: number, low: number): number {
  const both = ((high << 16) | low) >>> 0;
  switch (format) {
    case "UInt":
      return high === 0x8000 ? NaN : high;
    case "SInt":
      return high === 0x8000 ? NaN : (high << 16) >> 16;
    case "ULong":
      return both === 0x80008000 ? NaN : both;
    case "PF":
      return high === QNAN16 ? NaN : ((high & 0x3ff) / 1000) * (high >= 0x8000 ? 1 : -1);
    case "SLong":
      return both === 0x80008000 ? NaN : both | 0;
    default: {
      const view = new DataView(new ArrayBuffer(4));
      view.setUint32(0, both);
      return view.getFloat32(0);
    }
  }
}
