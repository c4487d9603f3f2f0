/** Menus, questions, and screens that are only looked at. */
import type { Part } from "#panel/picture.ts";
import type { Target, View } from "./view.ts";

/** A menu of rows. `above` is what stands over it, `beside` what stands there besides. */
export function menuView(
  title: string,
  rows: readonly (readonly Target[])[],
  {
    isLockable = false,
    above = [],
    beside = () => [],
  }: { readonly isLockable?: boolean; readonly above?: readonly Part[]; readonly beside?: () => readonly Part[] } = {},
): View {
  const columns = Math.max(...rows.map((row) => row.length));
  return {
    title,
    isLockable,
    rows: () => rows,
    parts: (choice) => [...above, { part: "menu", columns, items: rows.flat().map(choice) }, ...beside()],
  };
}

/** Yes or No; what is said before stands above. */
export function questionView(title: string, lines: readonly string[], yes: () => void, no: () => void): View {
  return menuView(
    title,
    [
      [
        { text: "No", set: no },
        { text: "Yes", set: yes },
      ],
    ],
    { above: [{ part: "lines", lines: lines.map((text) => ({ text, tone: "warning" })) }] },
  );
}

export function lookView(title: string | (() => string), parts: () => readonly Part[]): View {
  return {
    get title() {
      return typeof title === "string" ? title : title();
    },
    isLockable: false,
    rows: () => [],
    parts,
  };
}
