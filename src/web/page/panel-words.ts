/** What a panel shows, in words, for who listens: one saying for each thing that is seen, and a way of saying for each kind of part. */
import type { Choice, Field, Lcd, LcdRow, Part, Picture, Screen, Vector } from "#panel/picture.ts";
import { signWords } from "./sign-words.ts";

/** One thing that is seen. */
export interface Saying {
  /** Where it is on its screen: the same place has the same. */
  readonly at: string;
  readonly words: string;
  readonly selected?: boolean;
  /** It changes by itself, digits or not. */
  readonly counts?: boolean;
}

/** What is seen. */
export interface Said {
  /** While this is the same, it is the same screen, whatever stands on it. */
  readonly screen: string;
  readonly sayings: readonly Saying[];
  /** Whether it is so short that it is said whole when any of it is said. */
  readonly isShort: boolean;
}

type Of<Name extends Part["part"]> = Extract<Part, { readonly part: Name }>;
type Ways = { readonly [Name in Part["part"]]: (part: Of<Name>) => readonly Saying[] };

const isThere = (text: string): boolean => text.trim() !== "";
/** "ID: 7", or one of the two where there is one only. */
const labelled = (label: string, text: string): string => [label, text].filter(isThere).join(": ");
const oneLine = (text: string): string => text.split("\n").filter(isThere).join(", ");

function choice(at: string, words: string, { selected, grey }: Choice): Saying {
  return { at, words: grey === true ? `${words}, not available` : words, selected };
}

function field(one: Field, k: number): Saying {
  const { label, text, edits } = one;
  const value = /^\*+$/.test(text) ? `${text.length} characters` : text;
  const words = [label, value].filter(isThere).join(" ");
  return choice(`field ${k}`, edits === undefined ? words : `${words}, being edited`, one);
}

function vector({ name, magnitude, angle }: Vector): Saying {
  const turned = angle === undefined ? "" : `, ${angle.toFixed(1)} degrees`;
  return { at: `vector ${name}`, words: `${name} ${magnitude ?? "not measured"}${turned}` };
}

/** A row of a table: each cell after the head of its column. */
function row(cells: readonly string[], heads: readonly string[], k: number): Saying {
  const hasHeads = heads.some(isThere);
  const words = hasHeads
    ? cells.map((cell, column) => `${heads[column] ?? ""} ${oneLine(cell)}`.trim()).join(", ")
    : labelled(cells[0] ?? "", cells.slice(1).map(oneLine).join(", "));
  // Another row in the same place is another thing, though it differs in digits only.
  return { at: `row ${k} ${cells[0] ?? ""}`, words };
}

/** Port by port what stands in its column. */
function matrix({ columns, rows, legend }: Of<"matrix">): readonly Saying[] {
  const word = (tone: string): string => legend.find((one) => one.tone === tone)?.text ?? "";
  return columns.map(({ name, there }, k) => {
    const cells = rows.flatMap(({ name: head, cells: all }) => {
      const cell = all[k];
      const text = cell === undefined ? "" : isThere(cell.text) ? cell.text : word(cell.tone);
      return isThere(text) ? [`${head}, ${text}`] : [];
    });
    const nothing = there ? "nothing" : "not there";
    // A port that is spoken to is active now, and ready a moment later.
    return { at: `port ${k}`, words: `${name}: ${cells.length === 0 ? nothing : cells.join("; ")}`, counts: true };
  });
}

/** More keys than a pad of digits has. */
const MANY_KEYS = 20;

/** Of keys only the selected one: whoever moves hears each. */
function keys({ rows }: Of<"keys">): readonly Saying[] {
  const all = rows.flat();
  const selected = all.findIndex((one) => one.selected);
  const key = all[selected];
  const name: Saying = { at: "keys", words: all.length > MANY_KEYS ? "keyboard" : "keypad" };
  return key === undefined ? [name] : [name, choice(`key ${selected}`, signWords(key.text), key)];
}

const ways: Ways = {
  registers: ({ registers }) =>
    registers.map(({ number, label, text, unit }) => ({
      at: `register ${number}`,
      words: labelled(`${number} ${label}`.trim(), `${text} ${unit}`.trim()),
    })),
  phasor: ({ vectors }) => vectors.map(vector),
  matrix,
  table: ({ columns, rows }) =>
    rows.length === 0
      ? [{ at: "row", words: labelled(columns.filter(isThere).join(", "), "none") }]
      : rows.map((cells, k) => row(cells, columns, k)),
  menu: ({ items }) => items.map((item, k) => choice(`item ${k}`, item.text, item)),
  form: ({ fields }) => fields.map(field),
  keys,
  lines: ({ lines }) => lines.map(({ text }, k) => ({ at: `line ${k}`, words: text })),
  indicators: ({ items }) => items.map(({ title, text }) => ({ at: `lamp ${title}`, words: labelled(title, text) })),
};

/** What a part says, each saying in a place of its own on the screen. */
function sayingsOf<Name extends Part["part"]>(part: Of<Name>, k: number): readonly Saying[] {
  const say: (one: Of<Name>) => readonly Saying[] = ways[part.part as Name];
  return say(part).map((one) => ({ ...one, at: `${k} ${one.at}` }));
}

function foot({ foot: shown }: Screen): readonly Saying[] {
  if (shown === undefined) return [];
  const { back, user, lock } = shown;
  return [
    choice("back", back.text, back),
    ...(user === "" ? [] : [{ at: "user", words: `user ${user}` }]),
    ...(lock === undefined
      ? []
      : [{ at: "lock", words: `lock, ${lock.open ? "unlocked" : "locked"}`, selected: lock.selected }]),
  ];
}

function screenSaid(screen: Screen): Said {
  const { title, clock, rate, marks, parts, intervals } = screen;
  // Screens of registers have no title: the registers are what they are known by.
  const shown = title === "" ? parts.flatMap((one) => (one.part === "registers" ? one.registers : [])) : [];
  return {
    // A message below is no other screen.
    screen: [
      title,
      ...parts.map(({ part }) => part).filter((part) => part !== "lines"),
      ...shown.map(({ number }) => number),
    ].join("|"),
    isShort: false,
    sayings: [
      { at: "title", words: title.replaceAll(" -> ", ", ") },
      ...parts.flatMap((part, k) => sayingsOf(part, k)),
      ...foot(screen),
      { at: "rate", words: rate ?? "" },
      ...marks.map(({ text }) => ({ at: `mark ${text}`, words: text })),
      ...intervals.map(({ label, done }) => ({ at: label, words: `${label} ${Math.round(100 * done)} %` })),
      { at: "clock", words: clock },
    ],
  };
}

const ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"] as const;

/** "second digit, 5" of what flashes; digits are counted within their word, and points are none. */
function flashing({ text, flashes }: LcdRow): string {
  if (flashes === undefined) return "";
  const all = [...text];
  const word = all.slice(all.lastIndexOf(" ", flashes - 1) + 1, flashes);
  const k = word.filter((one) => one !== ".").length;
  return `${ordinals[k] ?? `${k + 1}th`} digit, ${all[flashes] ?? "empty"}`;
}

/** The heart beats: heard each second it would say nothing. */
const unsaid: ReadonlySet<string> = new Set(["heart"]);

/** Words without what counts in them, decimal or hexadecimal. */
export const uncounted = (words: string): string => words.replaceAll(/-?[\dA-F]*\d[\dA-F.,:/]*/g, "#");

function lcdSaid({ rows, icons }: Lcd): Said {
  const names = rows.flatMap(({ text, segments }) => (segments === 14 ? [text] : []));
  return {
    // Where numbers have seven segments, what is in fourteen names the screen; elsewhere there are numbers in it.
    screen: (names.length < rows.length ? names : names.map(uncounted)).join("|"),
    isShort: true,
    sayings: [
      ...rows.map(({ text }, k) => ({ at: `row ${k}`, words: text })),
      ...icons.filter(({ name, on }) => on && !unsaid.has(name)).map(({ name }) => ({ at: name, words: name })),
      ...rows.map((one, k) => ({ at: `flashes ${k}`, words: flashing(one) })),
    ],
  };
}

export function saidOf({ display }: Picture): Said {
  if (display.kind === "lcd") return lcdSaid(display);
  if (display.kind === "screen") return screenSaid(display);
  return { screen: "dark", sayings: [{ at: "dark", words: "dark" }], isShort: true };
}

export function inWords(sayings: readonly Saying[]): string {
  return sayings
    .filter(({ words }) => isThere(words))
    .map(({ words, selected }) => (selected === true ? `${words} selected` : words))
    .join(", ");
}

/** All that is seen. */
export function panelWords(picture: Picture): string {
  return inWords(saidOf(picture).sayings);
}
