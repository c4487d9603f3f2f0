/** The page's elements by id, tables from cells, and the headline. */
export function at<E extends Element>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as Element as E;
}

export function cell(kind: "th" | "td", text: string, style = ""): HTMLElement {
  const made = document.createElement(kind);
  made.textContent = text;
  made.className = style;
  return made;
}

export function fill(table: HTMLElement, rows: readonly (readonly HTMLElement[])[]): void {
  table.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells);
      return row;
    }),
  );
}

/** Fills the table of a panel, which is there when there are rows. */
export function panel(table: string, rows: readonly (readonly HTMLElement[])[]): void {
  fill(at(table), rows);
  at(`${table}-panel`).toggleAttribute("hidden", rows.length === 0);
}

/** The large values at the top, each with its name below it. */
export function headline(values: readonly (readonly [value: string, name: string])[]): void {
  at("headline").replaceChildren(
    ...values.map(([value, name]) => {
      const box = document.createElement("div");
      const small = document.createElement("small");
      small.textContent = name;
      box.append(value, small);
      return box;
    }),
  );
}
