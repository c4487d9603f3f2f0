/** Shades of the plots on a dark screen: each that a plot has, and what stands for it there. */
const dark: Readonly<Record<string, string>> = {
  "#111111": "#e8eaec",
  "#1a1a1a": "#f2b8ae",
  "#333333": "#9aa1a8",
  "#444444": "#9aa1a8",
  "#999999": "#7a8188",
  "#dddddd": "#30363c",
  "#eeeeee": "#262c32",
  "#f4f4f4": "#20252a",
  "#ffffff": "#14171a",
  "#b9c4cf": "#4d5b69",
  "#1d5fa0": "#7fb4ec",
  "#a3341d": "#ff9a7d",
  "#4d6b1f": "#a9cf6a",
};

/** What is written in an element gives way to a rule of the page. */
export const darkRules = Object.entries(dark)
  .flatMap(([light, shade]) => [
    `  svg [fill="${light}"] { fill: ${shade}; } svg [stroke="${light}"] { stroke: ${shade}; }`,
  ])
  .concat("  svg text:not([fill]) { fill: #e8eaec; }")
  .join("\n");
