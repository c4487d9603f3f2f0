/** Entries of logs as rows of texts, for tables, CSV and workbooks. */
import type { LogKind } from "./log.ts";
import type { LogEntryView } from "./meter-api.ts";
import type { TableColumns, TextTable } from "./profile-table.ts";

export type LoggedRow = LogEntryView & { readonly log: LogKind };

const heads = ["log", "number", "time", "what", "by", "from"];

/** What every entry has, as texts. */
function textsOf({ log, sequence, at, what, by, port, protocol, peer }: LoggedRow): string[] {
  const from = [port, protocol, peer].filter((word) => word !== undefined).join(" ");
  return [log, sequence === undefined ? "" : String(sequence), at, what, by, from];
}

/** The columns of a table of entries, and the row of each. */
export interface LogColumns extends TableColumns {
  readonly rowOf: (entry: LoggedRow) => string[];
}

/** Details as words. */
const together: LogColumns = {
  heads: [...heads, "details"],
  right: [1],
  rowOf: (entry) => {
    const words = Object.entries(entry.details).map(([name, value]) => `${name} ${value}`);
    return [...textsOf(entry), words.join(", ")];
  },
};

/** "12.15 101.26 20.87", of an event: least, most and average of what was measured in it. */
const SPREAD = /^-?\d+\.\d+ -?\d+\.\d+ -?\d+\.\d+$/;
const spread = ["least", "most", "average"] as const;

/** Details of an entry, three of one that is a spread. */
function apartOf({ details }: LoggedRow): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(details).flatMap(([name, value]): (readonly [string, string])[] => {
      const text = String(value);
      if (!SPREAD.test(text)) return [[name, text]];
      return text.split(" ").map((one, k) => [`${name} ${spread[k]}`, one]);
    }),
  );
}

/** A column for each detail that any entry has. */
function apart(entries: readonly LoggedRow[]): LogColumns {
  /** Whether all that stands in it are numbers. */
  const columns = new Map<string, boolean>();
  for (const entry of entries)
    for (const [name, text] of apartOf(entry))
      columns.set(name, columns.get(name) !== false && (text === "" || Number.isFinite(Number(text))));
  const names = [...columns.keys()];
  return {
    heads: [...heads, ...names],
    right: [1, ...names.flatMap((name, k) => (columns.get(name) === true ? [heads.length + k] : []))],
    rowOf: (entry) => {
      const details = apartOf(entry);
      return [...textsOf(entry), ...names.map((name) => details.get(name) ?? "")];
    },
  };
}

/** Of one log alone with a column for each detail; of several with the details as words. */
export function logColumns(entries: readonly LoggedRow[], isOfOne: boolean): LogColumns {
  return isOfOne ? apart(entries) : together;
}

export function logTable(entries: readonly LoggedRow[], isOfOne: boolean): TextTable {
  const { heads, right, rowOf } = logColumns(entries, isOfOne);
  return { rows: [heads, ...entries.map(rowOf)], right };
}
