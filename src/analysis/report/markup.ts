/** HTML: words are escaped wherever they come in, so that only what is made here is markup. */
import { element, escaped, type Attributes } from "#analysis/svg/element.ts";

/** Text of elements that are made here, or of a plot. */
export interface Markup {
  readonly markup: string;
}

/** A string is words. */
export type Content = string | Markup | readonly Content[];

export function textOf(content: Content): string {
  if (typeof content === "string") return escaped(content);
  return "markup" in content ? content.markup : content.map(textOf).join("");
}

/** An element that is closed, empty or not. */
export function tag(name: string, attributes: Attributes, ...content: readonly Content[]): Markup {
  return { markup: element(name, attributes, content.map(textOf).join("")) };
}

export const paragraph = (...content: readonly Content[]): Markup => tag("p", {}, ...content);

export function list(items: readonly Content[]): Content {
  return items.length === 0
    ? []
    : tag(
        "ul",
        {},
        items.map((item) => tag("li", {}, item)),
      );
}

/** The first of them, and how many there are more. */
export function firstOf(items: readonly Content[], most: number, what: string): Content {
  const more = items.length - most;
  return list(more <= 0 ? items : [...items.slice(0, most), `${more} more ${what} are not listed here.`]);
}

/** With a heading of level 2, 3 or 4 that names it. */
export function section(id: string, level: 2 | 3 | 4, title: Content, ...content: readonly Content[]): Markup {
  const heading = tag(`h${level}`, { id: `${id}-heading` }, title);
  return tag("section", { id, "aria-labelledby": `${id}-heading` }, heading, ...content);
}

/** A plot of a title, with what it shows below it. */
export function figure(title: string, plot: string, caption: Content): Markup {
  return tag("figure", {}, scrolled(title, { markup: plot }), tag("figcaption", {}, caption));
}

/** What may be wider than a telephone: it moves under the finger and with the arrow keys. */
export function scrolled(label: string, content: Content): Markup {
  return tag("div", { class: "wide", tabindex: "0", role: "group", "aria-label": label }, content);
}
