/** The page's elements by id, and tables from cells. */
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
