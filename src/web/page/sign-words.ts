/** What signs are called: alone, many are not read out, and capitals sound like the others. */
const names: Readonly<Record<string, string>> = {
  "`": "grave",
  "~": "tilde",
  "!": "exclamation mark",
  "@": "at",
  "#": "number sign",
  "%": "percent",
  "^": "caret",
  "&": "and",
  "*": "star",
  "(": "left parenthesis",
  ")": "right parenthesis",
  "-": "minus",
  _: "underscore",
  "=": "equals",
  "+": "plus",
  "[": "left bracket",
  "{": "left brace",
  "]": "right bracket",
  "}": "right brace",
  "\\": "backslash",
  "|": "bar",
  ";": "semicolon",
  ":": "colon",
  "'": "apostrophe",
  '"': "quotation mark",
  ",": "comma",
  "<": "less",
  ".": "point",
  ">": "greater",
  "/": "slash",
  "?": "question mark",
  $: "dollar",
};

/** What stands on a key, as it is read out. */
export function signWords(text: string): string {
  if ([...text].length !== 1) return text;
  const name = names[text];
  if (name !== undefined) return name;
  return text === text.toLowerCase() ? text : `capital ${text}`;
}
