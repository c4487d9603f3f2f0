/** Tables: heads with their scopes, a caption that names them, rows that stay whole on paper. */
import { scrolled, tag, type Content, type Markup } from "./markup.ts";

export interface Column {
  readonly head: Content;
  /** Figures stand at the right, under one another. */
  readonly of: "words" | "figures";
}

/** A cell, or one with a class of its own, over more than one column. */
export type Cell = Content | { readonly cell: Content; readonly kind?: string; readonly span?: number };

export interface TableRow {
  /** The first names the row. */
  readonly cells: readonly Cell[];
  readonly kind?: string;
  /** Stands below it, over the whole width. */
  readonly below?: Content;
}

/** Heads over several columns each. */
export interface HeadGroup {
  readonly head: Content;
  readonly span: number;
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly groups?: readonly HeadGroup[];
  readonly rows: readonly TableRow[];
  /** Long and narrow: on paper it goes on beside itself. */
  readonly isNarrow?: boolean;
}

export const words = (head: Content): Column => ({ head, of: "words" });
export const figures = (head: Content): Column => ({ head, of: "figures" });

export function table({ caption, columns, groups, rows, isNarrow = false }: Table): Markup {
  const classOf = (n: number): Readonly<Record<string, string>> =>
    columns[n]?.of === "figures" ? { class: "figure" } : {};
  const heads = tag(
    "tr",
    {},
    columns.map(({ head }, n) => tag("th", { scope: "col", ...classOf(n) }, head)),
  );
  const over =
    groups === undefined
      ? []
      : tag(
          "tr",
          {},
          groups.map(({ head, span }) =>
            head === ""
              ? tag("td", { colspan: String(span) })
              : tag("th", { scope: "colgroup", colspan: String(span), class: "group" }, head),
          ),
        );
  const body = rows.map(({ cells, kind, below }) => {
    const row = tag(
      "tr",
      kind === undefined ? {} : { class: kind },
      cells.map((cell, n) => cellOf(cell, n, classOf(n))),
    );
    const more =
      below === undefined
        ? []
        : tag("tr", { class: "below" }, tag("td", {}), tag("td", { colspan: String(columns.length - 1) }, below));
    return tag("tbody", {}, row, more);
  });
  const whole = tag("table", {}, tag("caption", {}, tag("span", {}, caption)), tag("thead", {}, over, heads), body);
  return scrolled(caption, isNarrow ? tag("div", { class: "narrow" }, whole) : whole);
}

function cellOf(given: Cell, n: number, attributes: Readonly<Record<string, string>>): Markup {
  const { cell, kind, span } = isPlain(given) ? { cell: given } : { kind: undefined, span: undefined, ...given };
  const all = [attributes["class"], kind].filter((one) => one !== undefined).join(" ");
  return tag(
    n === 0 ? "th" : "td",
    {
      ...(n === 0 ? { scope: "row" } : {}),
      ...(all === "" ? {} : { class: all }),
      ...(span === undefined ? {} : { colspan: String(span) }),
    },
    cell,
  );
}

function isPlain(cell: Cell): cell is Content {
  return typeof cell === "string" || !("cell" in cell);
}
