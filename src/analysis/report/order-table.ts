/** Harmonics by order: a column of limits and one of each channel, for every statistic that is asked for. */
import type { AssessmentRow } from "#analysis/assessment.ts";
import { countText, NOTHING, type Figures } from "./figures.ts";
import { list, paragraph, type Content } from "./markup.ts";
import { figures as figureColumn, table, words, type Cell, type TableRow } from "./table.ts";
import { mark, measureOf } from "./verdict.ts";

/** Rows of one rule: "95 % of 10 min of a week". */
export interface Statistics {
  readonly name: string;
  readonly rows: readonly AssessmentRow[];
}

export interface OrderTable {
  readonly caption: string;
  readonly statistics: readonly Statistics[];
  /** The row of all orders together: "THD". */
  readonly total?: string;
}

export function orderTable({ caption, statistics, total }: OrderTable, figures: Figures): Content {
  const there = statistics.filter(({ rows }) => rows.length > 0);
  // Of a rule that nothing is known by there is no column, only the reason.
  const groups = there.filter(({ rows }) => rows.some(({ value }) => value !== undefined));
  const counts = list(there.map(countsOf));
  if (groups.length === 0) return there.length === 0 ? [] : [paragraph(`${caption}: nothing is known.`), counts];
  const channelsOf = (rows: readonly AssessmentRow[]): readonly string[] => [...new Set(rows.map(({ name }) => name))];
  const whats = [...new Set(groups.flatMap(({ rows }) => rows.map(({ what }) => what)))];
  const ordered = whats.toSorted((a, b) => placeOf(a) - placeOf(b));
  const columns = groups.flatMap(({ rows }) => [
    figureColumn("limit"),
    ...channelsOf(rows).map((name) => figureColumn(name)),
  ]);
  const rows = ordered.map((what): TableRow => {
    const isTotal = what === total;
    const cells = groups.flatMap((group) =>
      cellsOf(
        group.rows.filter((row) => row.what === what),
        channelsOf(group.rows),
        figures,
      ),
    );
    return { cells: [isTotal ? what : what.replace("harmonic ", ""), ...cells], ...(isTotal ? { kind: "total" } : {}) };
  });
  return [
    table({
      caption: `${caption}, in percent`,
      isNarrow: columns.length <= 4,
      columns: [words("order"), ...columns],
      groups: [
        { head: "", span: 1 },
        ...groups.map(({ name, rows }) => ({ head: name, span: 1 + channelsOf(rows).length })),
      ],
      rows,
    }),
    paragraph("Beyond its limit: ✕. Undecided, because too little is known: ?. Without a mark: kept."),
    counts,
  ];
}

/** What is of all orders goes first. */
function placeOf(what: string): number {
  return Number(/^harmonic (\d+)$/.exec(what)?.[1] ?? 0);
}

function cellsOf(rows: readonly AssessmentRow[], channels: readonly string[], figures: Figures): readonly Cell[] {
  const high = rows[0]?.high;
  return [
    { cell: high === undefined ? NOTHING : String(Number(high.toPrecision(6))), kind: "limit" },
    ...channels.map((name): Cell => {
      const row = rows.find((one) => one.name === name);
      if (row === undefined) return NOTHING;
      const text = figures.bare(measureOf(row), row.value, [row.high]);
      return { cell: [text, ...mark(row.verdict)], kind: row.verdict };
    }),
  ];
}

/** On how many intervals it stands, and why what is undecided is so. */
function countsOf({ name, rows }: Statistics): Content {
  const kinds = new Map<string, string[]>();
  for (const { name: channel, valid, expected, flaggedOut, reason } of rows) {
    const counts =
      `${countText(valid)} of ${countText(expected)} intervals` +
      (flaggedOut === 0 ? "" : `, ${countText(flaggedOut)} flagged ones left out`) +
      (reason === undefined ? "" : `; undecided where ${reason}`);
    const channels = kinds.get(counts) ?? [];
    if (!channels.includes(channel)) channels.push(channel);
    kinds.set(counts, channels);
  }
  return `${name}: ${[...kinds].map(([counts, channels]) => `${channels.join(", ")}: ${counts}`).join("; ")}.`;
}
