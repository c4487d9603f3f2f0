/** XML as nested lists: a name, and its text or its children. */
export type Xml = readonly [name: string, content?: string | number | readonly (Xml | undefined)[] | undefined];

/** What XML 1.0 has no characters for. */
// oxlint-disable-next-line no-control-regex
const unspeakable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

function escaped(text: string): string {
  return text
    .replaceAll(unspeakable, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** An element with its lines, indented by two spaces a level. */
export function xmlText([name, content]: Xml, attributes: Readonly<Record<string, string>> = {}, level = 0): string {
  const indent = "  ".repeat(level);
  const head = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(" ");
  if (content === undefined) return `${indent}<${head}/>\n`;
  if (typeof content !== "object") return `${indent}<${head}>${escaped(String(content))}</${name}>\n`;
  const children = content.filter((child) => child !== undefined);
  if (children.length === 0) return `${indent}<${head}/>\n`;
  return `${indent}<${head}>\n${children.map((child) => xmlText(child, {}, level + 1)).join("")}${indent}</${name}>\n`;
}
