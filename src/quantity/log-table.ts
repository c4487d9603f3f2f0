/** Entries of logs as rows of texts, for tables, CSV and workbooks. */
import type { LogKind } from "./log.ts";
import type { LogEntryView } from "./meter-api.ts";
import type { TextTable } from "./profile-table.ts";

export type LoggedRow = LogEntryView & { readonly log: LogKind };

const heads = ["log", "number", "time", "what", "by", "from"];

/** What every entry has, as texts. */
function textsOf({ log, sequence, at, what, by, port, protocol, peer }: LoggedRow): string[] {
  const from = [port, protocol, peer].filter((word) => word !== undefined).join(" ");
  return [log, sequence === undefined ? "" : String(sequence), at, what, by, from];
}

/** Details as words. */
export function logTable(entries: readonly LoggedRow[]): TextTable {
  const wordsOf = ({ details }: LoggedRow): string =>
    Object.entries(details)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  const rows = [[...heads, "details"], ...entries.map((entry) => [...textsOf(entry), wordsOf(entry)])];
  return { rows, right: [1] };
}

/** "12.15 101.26 20.87", of an event: least, most and average of what was measured in it. */
const SPREAD = /^-?\d+\.\d+ -?\d+\.\d+ -?\d+\.\d+$/;
const spread = ["least", "most", "average"] as const;

/** The same with a column for each detail that any entry has, and three of one that is a spread. */
export function apartTable(entries: readonly LoggedRow[]): TextTable {
  const apart = entries.map(({ details }) =>
    Object.fromEntries(
      Object.entries(details).flatMap(([name, value]) => {
        const text = String(value);
        if (!SPREAD.test(text)) return [[name, text]];
        return text.split(" ").map((one, k) => [`${name} ${spread[k]}`, one]);
      }),
    ),
  );
  const names = [...new Set(apart.flatMap((one) => Object.keys(one)))];
  const isNumber = (name: string): boolean =>
    apart.every(({ [name]: text = "" }) => text === "" || Number.isFinite(Number(text)));
  return {
    rows: [
      [...heads, ...names],
      ...entries.map((entry, k) => [...textsOf(entry), ...names.map((name) => apart[k]?.[name] ?? "")]),
    ],
    right: [1, ...names.flatMap((name, k) => (isNumber(name) ? [heads.length + k] : []))],
  };
}
