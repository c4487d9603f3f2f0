/**
 * Digits of an LCD: which segments make a character. Seven are named a to f round the digit from the top, clockwise, and g across it; of
 * fourteen g is the left half across, n the right, h j k m the diagonals from the top left clockwise, i and l the upright ones above and below.
 */

const seven: Readonly<Record<string, string>> = {
  "0": "abcdef",
  "1": "bc",
  "2": "abdeg",
  "3": "abcdg",
  "4": "bcfg",
  "5": "acdfg",
  "6": "acdefg",
  "7": "abc",
  "8": "abcdefg",
  "9": "abcdfg",
  "-": "g",
  _: "d",
  "=": "dg",
  "°": "abfg",
  A: "abcefg",
  B: "cdefg",
  b: "cdefg",
  C: "adef",
  c: "deg",
  D: "bcdeg",
  d: "bcdeg",
  E: "adefg",
  e: "adefg",
  F: "aefg",
  f: "aefg",
  G: "acdef",
  g: "abcdfg",
  H: "bcefg",
  h: "cefg",
  I: "bc",
  i: "c",
  J: "bcde",
  j: "bcde",
  K: "bcefg",
  k: "bcefg",
  L: "def",
  l: "def",
  M: "abcef",
  m: "ceg",
  N: "abcef",
  n: "ceg",
  O: "abcdef",
  o: "cdeg",
  P: "abefg",
  p: "abefg",
  Q: "abcfg",
  q: "abcfg",
  R: "eg",
  r: "eg",
  S: "acdfg",
  s: "acdfg",
  T: "defg",
  t: "defg",
  U: "bcdef",
  u: "cde",
  V: "bcdef",
  v: "cde",
  W: "bcdef",
  w: "cde",
  X: "bcefg",
  x: "bcefg",
  Y: "bcdfg",
  y: "bcdfg",
  Z: "abdeg",
  z: "abdeg",
};

const fourteen: Readonly<Record<string, string>> = {
  "0": "abcdef",
  "1": "bc",
  "2": "abdegn",
  "3": "abcdn",
  "4": "bcfgn",
  "5": "acdfgn",
  "6": "acdefgn",
  "7": "abc",
  "8": "abcdefgn",
  "9": "abcdfgn",
  "-": "gn",
  "+": "gnil",
  "/": "jk",
  "*": "ghijklmn",
  _: "d",
  "=": "dgn",
  "%": "cfjkgn",
  A: "abcefgn",
  B: "abcdiln",
  C: "adef",
  D: "abcdil",
  E: "adefgn",
  F: "aefgn",
  G: "acdefn",
  H: "bcefgn",
  I: "adil",
  J: "bcde",
  K: "efgjm",
  L: "def",
  M: "bcefhj",
  N: "bcefhm",
  O: "abcdef",
  P: "abefgn",
  Q: "abcdefm",
  R: "abefgnm",
  S: "acdfgn",
  T: "ail",
  U: "bcdef",
  V: "efjk",
  W: "bcefkm",
  X: "hjkm",
  Y: "hjl",
  Z: "adjk",
  h: "cefgn",
};

export interface Cell {
  /** Segments that are on. */
  readonly on: string;
  /** The point behind it. */
  readonly point: boolean;
  /** Which character of the text it is. */
  readonly at: number;
}

export const everySegment = { 7: "abcdefg", 14: "abcdefghijklmn" } as const;

/** What a text lights, digit by digit: a point goes with the digit before it; what no segments make stays dark. */
export function cellsOf(text: string, segments: 7 | 14): readonly Cell[] {
  const cells: Cell[] = [];
  for (const [at, character] of [...text].entries()) {
    const before = cells.at(-1);
    if (character === "." && before?.point === false) cells[cells.length - 1] = { ...before, point: true };
    else cells.push({ on: segmentsOf(character, segments), point: character === ".", at });
  }
  return cells;
}

function segmentsOf(character: string, segments: 7 | 14): string {
  if (segments === 7) return seven[character] ?? "";
  return fourteen[character] ?? fourteen[character.toUpperCase()] ?? "";
}
