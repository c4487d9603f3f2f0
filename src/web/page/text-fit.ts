/**
 * Texts on a screen that has little room: how wide they are, in which lines they are, and what is pressed together or cut. Which letters a browser
 * has is not known beforehand, so it is asked.
 */

/** The size of usual words, in the screen's own units, and the weight of the pictures' letters. */
export const SIZE = 12.5;
const FONT = '"Inter Variable", Inter, "Segoe UI", system-ui, sans-serif';

/** Letters are pressed together by so much at most; what is longer still is cut. */
const TIGHTEST = 0.72;
/** A line of several is pressed by less: there is another line for the rest. */
const TIGHT = 0.86;

let pen: CanvasRenderingContext2D | null | undefined;

/** How wide a text is; where there is no browser, as wide as letters usually are. */
export function widthOf(text: string, size: number = SIZE): number {
  if (pen === undefined) {
    pen = "document" in globalThis ? document.createElement("canvas").getContext("2d") : null;
    if (pen !== null) pen.font = `100px ${FONT}`;
  }
  return pen === null ? 0.62 * size * [...text].length : (pen.measureText(text).width * size) / 100;
}

export interface Fitted {
  readonly text: string;
  /** What it is pressed into; undefined where it has room. */
  readonly into?: number | undefined;
}

/** A text in so much room: as it is, pressed together, or cut, which "…" says. */
export function fitted(text: string, room: number, size: number = SIZE): Fitted {
  const width = widthOf(text, size);
  if (width <= room) return { text };
  if (width * TIGHTEST <= room) return { text, into: room };
  const all = [...text];
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (widthOf(`${all.slice(0, middle).join("")}…`, size) * TIGHTEST <= room) from = middle;
    else to = middle - 1;
  }
  return {
    text: `${all.slice(0, from).join("")}…`,
    into: Math.min(room, widthOf(`${all.slice(0, from).join("")}…`, size)),
  };
}

/** A text in lines of so much room: broken after spaces and commas, and where it says so itself. */
export function wrapped(text: string, room: number, size: number = SIZE): readonly string[] {
  return text.split("\n").flatMap((line) => {
    const lines: string[] = [];
    let now = "";
    for (const word of line.split(/(?<=[\s,])(?=[^\s,])/)) {
      if (now !== "" && widthOf((now + word).trimEnd(), size) * TIGHT > room) {
        lines.push(now.trimEnd());
        now = "";
      }
      now += word;
    }
    return [...lines, now.trimEnd()];
  });
}

/** How wide the widest part of a text is that cannot be broken. */
export function longestWord(text: string, size: number = SIZE): number {
  return Math.max(0, ...text.split(/(?<=[\s,])/).map((word) => widthOf(word.trimEnd(), size)));
}

/** Columns in so much room: each as wide as its widest text, and where there is too little, as wide as its longest word and a share of the rest. */
export function columnWidths(
  rows: readonly (readonly string[])[],
  room: number,
  size: number = SIZE,
): readonly number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const of = (measure: (text: string, size: number) => number): readonly number[] =>
    Array.from({ length: count }, (_, k) =>
      Math.max(0, ...rows.flatMap((row) => (row[k] ?? "").split("\n").map((line) => measure(line, size)))),
    );
  const whole = of(widthOf);
  const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);
  if (sum(whole) <= room) return whole;
  const least = of(longestWord);
  const [spare, wanted] = [room - sum(least), sum(whole) - sum(least)];
  if (spare <= 0 || wanted <= 0) return least.map((one) => (one * room) / Math.max(1, sum(least)));
  return least.map((one, k) => one + (((whole[k] ?? 0) - one) * spare) / wanted);
}
