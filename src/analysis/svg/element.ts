/** Text of SVG elements. Whatever comes from outside is escaped; what no XML may hold is left out. */

export type Attributes = Readonly<Record<string, string | number>>;

/** Controls but tab and line ends, lone halves of surrogate pairs, and two characters that are none: XML 1.0 allows none of them. */
const barred = /[^\P{Cc}\t\n\r]|\p{Cs}|[\uFFFE\uFFFF]/gu;
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escaped(text: string): string {
  return text.replaceAll(barred, "").replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** A coordinate: a tenth of a pixel is enough. */
export function coordinate(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`a coordinate of ${value}`);
  return String(Math.round(value * 10) / 10);
}

/** Children are elements already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const text = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? coordinate(value) : escaped(value)}"`)
    .join("");
  return children.length === 0 ? `<${name}${text}/>` : `<${name}${text}>${children.join("")}</${name}>`;
}

export function textAt(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escaped(words));
}
