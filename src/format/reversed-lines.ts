/** A text from its last row to its first: files that have the newest row on top are read in the order of time. */
import { readFully, type ByteSource } from "./bytes.ts";
import { beginsField, closeIn, isPaired, LONGEST_FIELD, mayClose, MOST_LINES, rowEndOf } from "./quoted-rows.ts";

const QUOTE = 0x22;

/** Bytes that are turned round at once; a longer row makes it more. */
const BLOCK = 1 << 16;

export interface TextManner {
  /** The byte that ends a line, in UTF-8. */
  readonly mark: number;
  /** Of a text whose letters have two bytes each, which comes first. */
  readonly wide: "utf-16le" | "utf-16be" | undefined;
  /** What stands between fields that may go over several lines. */
  readonly separators: readonly number[];
}

/** The rows at [from, size) of a source, the last one first, each with an end, and in UTF-8 if it is wide; to be read from the beginning on. */
export function reversedLines(source: ByteSource, from: number, manner: TextManner): ByteSource {
  const { wide } = manner;
  /** Where what has been turned round begins; and what of it has not been given, and how much has. */
  let [begun, ready, given] = [source.size, new Uint8Array(0), 0];

  function turn(): void {
    for (let size = BLOCK; ; size *= 2) {
      // A letter of two bytes is not cut.
      const start = Math.max(from, wide === undefined ? begun - size : begun - size - ((begun - size - from) % 2));
      const raw = new Uint8Array(begun - start);
      readFully(source, start, raw);
      // What stands in front of the first end belongs to a line that began before.
      const first = start === from ? 0 : lineAfter(raw, 0, manner);
      if (start !== from && (first === undefined || first === raw.length)) continue;
      const whole = raw.subarray(first);
      const bytes =
        wide === undefined ? whole : new TextEncoder().encode(new TextDecoder(wide, { ignoreBOM: true }).decode(whole));
      const made = turned(bytes, start === from, manner);
      if (made.from === bytes.length && start !== from) continue;
      ready = made.ready;
      begun = start + (first ?? 0) + rawLength(bytes.subarray(0, made.from), wide);
      return;
    }
  }

  return {
    size: (wide === undefined ? 1 : 2) * (source.size - from) + 1,
    read(at, into) {
      if (at < given) [begun, ready, given] = [source.size, new Uint8Array(0), 0];
      for (;;) {
        if (ready.length === 0 && begun <= from) return 0;
        if (ready.length === 0) turn();
        const passed = Math.min(ready.length, at - given);
        ready = ready.subarray(passed);
        given += passed;
        if (ready.length > 0 && given === at) break;
      }
      const part = ready.subarray(0, into.length);
      into.set(part);
      ready = ready.subarray(part.length);
      given += part.length;
      return part.length;
    },
  };
}

/** How many bytes of the source a text of UTF-8 was made from. */
function rawLength(bytes: Uint8Array, wide: TextManner["wide"]): number {
  return wide === undefined ? bytes.length : 2 * new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).length;
}

/** Where the line after the first end of one begins, from `at` on; undefined where none ends. */
export function lineAfter(
  bytes: Uint8Array,
  at: number,
  { mark, wide }: Pick<TextManner, "mark" | "wide">,
): number | undefined {
  for (;;) {
    const found = bytes.indexOf(mark, at);
    if (found < 0) return undefined;
    if (wide === undefined) return found + 1;
    // The mark is a letter, and no half of one.
    const low = wide === "utf-16le" ? 0 : 1;
    if (found % 2 === low && bytes[low === 0 ? found + 1 : found - 1] === 0) return found + 2 - low;
    at = found + 1;
  }
}

/**
 * The rows of a block, the last one first, and where the first of them begins: lines at the beginning of the block are left for the next
 * one where they may end a row that begins before it.
 */
function turned(
  bytes: Uint8Array,
  isFirst: boolean,
  manner: TextManner,
): { readonly ready: Uint8Array<ArrayBuffer>; readonly from: number } {
  const { mark, separators } = manner;
  const ready = new Uint8Array(bytes.length + 1);
  const hasQuotes = bytes.includes(QUOTE);
  let [end, filled, from] = [bytes.length, 0, bytes.length];
  if (bytes[end - 1] === mark) end--;
  while (end >= 0) {
    let at = lineOf(bytes, end, mark);
    if (hasQuotes && mayClose(bytes, [at, end], separators) && !isPaired(bytes, [at, end], separators)) {
      const begin = rowOf(bytes, [at, end], isFirst, manner);
      if (begin === undefined && !isFirst) break;
      at = begin ?? at;
    }
    ready.set(bytes.subarray(at, end), filled);
    filled += end - at;
    ready[filled++] = mark;
    from = at;
    end = at - 1;
  }
  return { ready: ready.subarray(0, filled), from };
}

/** Where the row begins that ends with the line [last, to); undefined where that may be before the block. */
function rowOf(
  bytes: Uint8Array,
  [last, to]: readonly [number, number],
  isFirst: boolean,
  { mark, separators }: TextManner,
): number | undefined {
  let [at, row] = [last, last];
  for (let lines = 1; lines < MOST_LINES && to - at < LONGEST_FIELD; lines++) {
    if (at === 0) return isFirst ? row : undefined;
    const line: readonly [number, number] = [lineOf(bytes, at - 1, mark), at - 1];
    const isJoined = rowEndOf(bytes, [...line, to], mark, separators).to === to;
    if (isJoined) [row] = line;
    // Between the lines of a field none has a quote but doubled ones; one that ends a field and opens another one may be amid the row.
    const mayGoOn = isJoined ? mayClose(bytes, line, separators) : mayBeAmid(bytes, line, separators);
    if (!mayGoOn) return row;
    [at] = line;
  }
  return row;
}

/** Whether a line that leaves nothing open, read as a row, may lie in a field, or close one by the quote that it begins with. */
function mayBeAmid(bytes: Uint8Array, [from, to]: readonly [number, number], separators: readonly number[]): boolean {
  const close = closeIn(bytes, from, to);
  return (
    close === undefined || (beginsField(bytes, from, close, separators) && mayClose(bytes, [from, to], separators))
  );
}

/** Where the line begins that ends at `end`. */
function lineOf(bytes: Uint8Array, end: number, mark: number): number {
  return end === 0 ? 0 : bytes.lastIndexOf(mark, end - 1) + 1;
}
