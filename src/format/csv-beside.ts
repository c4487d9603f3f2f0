/**
 * Preambles that stand beside the samples, in columns of their own: Tektronix TDS1000 to TDS3000 write a word and its value at the beginning
 * of the first rows, and of two channels one such block after the other in each row.
 */

/** Words of which two in a column, beside numbers, tell such a block. */
const known =
  /^(record length|sample interval|trigger point|source|vertical units|vertical scale|vertical offset|horizontal units|horizontal scale|pt fmt|yzero|probe atten|model number|serial number|firmware version)$/i;

export interface Beside {
  /** Columns of words and of their values. */
  readonly columns: readonly number[];
  /** Names and units of the columns between one block and the next; the first of several is the time. */
  readonly names: readonly string[];
  readonly units: readonly string[];
}

/** What stands beside the samples; undefined of a text that has it above them, or nowhere. */
export function besideOf(rows: readonly (readonly string[])[]): Beside | undefined {
  const width = Math.max(0, ...rows.map((row) => row.length));
  const words = Array.from({ length: width }, (_, c) => c).filter((c) => {
    // Beside samples: when the words have ended the numbers go on.
    const last = rows.findLast((row) => row.some((field) => field !== ""));
    if (last === undefined || !(last[c] === "" || known.test(last[c] ?? "")) || !last.slice(c + 2).some(isNumeral))
      return false;
    const here = rows.filter((row) => known.test(row[c] ?? "") && row.slice(c + 2).some(isNumeral));
    return new Set(here.map((row) => row[c]?.toLowerCase())).size > 1;
  });
  if (words.length === 0) return undefined;
  const names: string[] = Array.from({ length: width }, () => "");
  const units = [...names];
  words.forEach((c, k) => {
    const fact = (word: string): string => rows.find((row) => row[c]?.toLowerCase() === word)?.[c + 1] ?? "";
    const own = Array.from({ length: (words[k + 1] ?? width) - c - 2 }, (_, j) => c + 2 + j).filter((column) =>
      rows.some((row) => isNumeral(row[column] ?? "")),
    );
    own.forEach((column, j) => {
      const isTime = j === 0 && own.length > 1;
      names[column] = isTime ? "time" : fact("source");
      units[column] = fact(isTime ? "horizontal units" : "vertical units");
    });
  });
  return { columns: words.flatMap((c) => [c, c + 1]), names, units };
}

function isNumeral(field: string): boolean {
  return /^[-+]?[\d.,]+(e[-+]?\d+)?$/i.test(field);
}
