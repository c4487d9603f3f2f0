/** A picture as lines of text, for terminals and for people who read with their ears: what flashes or is selected stands in brackets. */
import type { Choice, Field, Lcd, Part, Picture, Screen, Vector } from "./picture.ts";

/** Columns of a frame at least. */
const LEAST = 40;
/** Where nobody says how many there are. */
export const USUAL = 100;

/** At most so many characters, padded to them. */
function fit(text: string, width: number): string {
  const all = [...text];
  return all.length > width ? `${all.slice(0, width - 1).join("")}…` : text + " ".repeat(width - all.length);
}

/** Pieces in lines of so many columns, broken between them; one that is longer than a line is cut. */
export function wrapped(pieces: readonly string[], width: number, between = " "): readonly string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const longer = last === undefined ? piece : last + between + piece;
    if (last !== undefined && [...longer].length <= width) lines.splice(-1, 1, longer);
    else lines.push([...piece].length > width ? fit(piece, width) : piece);
  }
  return lines;
}

/** What is longer goes on in the next line. */
function framed(given: readonly string[], width: number): readonly string[] {
  // A label may have a line's end in it, which would break the frame.
  const lines = given.map((line) => line.replaceAll(/[\n\r\u2028\u2029]/g, " "));
  const rule = "─".repeat(width + 2);
  const all = lines.flatMap((line) => ([...line].length > width ? wrapped(line.split(/ +/), width) : [line]));
  return [`┌${rule}┐`, ...all.map((line) => `│ ${fit(line, width)} │`), `└${rule}┘`];
}

/** In so many rows, with one to spare: what is below stays, and of what is above as much as there is room for. */
export function withinRows(above: readonly string[], below: readonly string[], rows: number): readonly string[] {
  const room = rows - 1 - below.length;
  if (above.length <= room) return [...above, ...below];
  const seen = Math.max(room - 1, 1);
  return [...above.slice(0, seen), `… ${above.length - seen} more lines: a higher window has them`, ...below];
}

function chosen({ text, selected, grey }: Choice): string {
  if (selected) return `[${text}]`;
  return grey === true ? `(${text})` : ` ${text} `;
}

function flashing(text: string, at: number | undefined): string {
  if (at === undefined) return text;
  const all = [...text];
  return `${all.slice(0, at).join("")}[${all[at] ?? " "}]${all.slice(at + 1).join("")}`;
}

function field({ label, text, selected, edits, grey }: Field): string {
  return `${label}: ${edits === undefined ? chosen({ text, selected, grey }) : flashing(text, edits)}`;
}

function vector({ name, magnitude, angle }: Vector): string {
  return `${fit(name, 4)} ${magnitude ?? "----"}${angle === undefined ? "" : `  ${angle.toFixed(1)}°`}`;
}

/** Rows of cells, each column as wide as its widest. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows.reduce<readonly number[]>(
    (most, row) =>
      Array.from({ length: Math.max(most.length, row.length) }, (_, k) =>
        Math.max(most[k] ?? 0, [...(row[k] ?? "")].length),
      ),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, k) => fit(cell, widths[k] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** The same in so many columns at most: what has no room stands below, behind the first of its row again. */
function within(rows: readonly (readonly string[])[], most: number): readonly string[] {
  const count = Math.max(...rows.map(({ length }) => length));
  const pick = (from: number, to: number) => columns(rows.map((row) => [row[0] ?? "", ...row.slice(from, to)]));
  const blocks: (readonly string[])[] = [];
  for (let from = 1, to = count; from < count; from = to, to = count) {
    while (to > from + 1 && widest(pick(from, to)) > most) to--;
    blocks.push(pick(from, to));
  }
  return blocks.length === 0 ? columns(rows) : blocks.flatMap((block, k) => (k === 0 ? block : ["", ...block]));
}

/** A row whose cells have several lines, as rows of one line each. */
function unfolded(row: readonly string[]): readonly (readonly string[])[] {
  const cells = row.map((cell) => cell.split("\n"));
  const count = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: count }, (_, k) => cells.map((cell) => cell[k] ?? ""));
}

/** Items from left to right, so many in a row. */
function grid(items: readonly Choice[], count: number): readonly string[] {
  const rows: string[][] = [];
  items.forEach((item, k) => {
    if (k % count === 0) rows.push([]);
    rows.at(-1)?.push(chosen(item));
  });
  return columns(rows);
}

function part(one: Part, most: number): readonly string[] {
  switch (one.part) {
    case "registers":
      return one.registers.flatMap(({ number, label, text, unit }) => [
        label,
        `${number}  ${text} ${unit}`.trimEnd(),
        "",
      ]);
    case "phasor":
      return one.vectors.map(vector);
    case "matrix":
      return [
        ...within(
          [
            ["", ...one.columns.map(({ name, there }) => (there ? name : `(${name})`))],
            ...one.rows.map(({ name, cells }) => [name, ...cells.map(({ text }) => text)]),
          ],
          most,
        ),
        one.legend.map(({ text }) => text).join("  "),
      ];
    case "table":
      return within([one.columns, ...one.rows.flatMap(unfolded)], most);
    case "menu":
      return grid(one.items, one.columns);
    case "form":
      return one.fields.map(field);
    case "keys":
      return one.rows.map((row) => row.map(chosen).join(""));
    case "lines":
      return one.lines.map(({ text }) => text);
    case "indicators":
      return one.items.map(({ title, text }) => `${title}: ${text}`);
  }
}

function widest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => [...line].length));
}

function screen({ title, clock, rate, marks, parts, foot, intervals }: Screen, most: number): readonly string[] {
  const head = [title, rate ?? "", clock, ...marks.map(({ text }) => text)].filter((text) => text !== "").join("  ");
  const lines = [head, "", ...parts.flatMap((one) => part(one, most - 4))];
  if (intervals.length > 0)
    lines.push(intervals.map(({ label, done }) => `${label} ${Math.round(100 * done)} %`).join("  "));
  if (foot !== undefined) {
    const { back, user, lock } = foot;
    const shut = lock === undefined ? "" : chosen({ text: lock.open ? "unlocked" : "locked", selected: lock.selected });
    lines.push("", [chosen(back), user, shut].filter((text) => text !== "").join("  "));
  }
  return framed(lines, Math.min(Math.max(widest(lines), LEAST), most - 4));
}

function lcd({ rows, icons }: Lcd): readonly string[] {
  const lit = icons.filter(({ on }) => on).map(({ name }) => name);
  const lines = [...rows.map(({ text, flashes }) => flashing(text, flashes)), lit.join(" ")];
  return framed(lines, Math.max(widest(lines), 16));
}

/** Lines without their ends, of so many columns at most. */
export function drawn({ display, lights, open, held }: Picture, most: number = USUAL): readonly string[] {
  const seen = display.kind === "screen" ? screen(display, most) : display.kind === "lcd" ? lcd(display) : ["(dark)"];
  const said = [
    ...lights.map(({ name, pulses }) => `${name}: ${pulses} pulses`),
    ...open.map((name) => `${name} open`),
    ...held.map((name) => `${name} held`),
  ];
  return [...seen, ...wrapped(said, most, ", ")];
}
