/**
 * Fields between quotes (RFC 4180, 2.5 to 2.7): a quote that is doubled is one of the text, and lines may end in a field. Recorders leave
 * quotes open, too, or write one for "as above": what does not close plainly, and soon, goes no further than its line.
 */

const CR = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;

/** A field that is longer, or goes over more lines, is none. */
export const LONGEST_FIELD = 1 << 16;
export const MOST_LINES = 64;

/** What stands between columns, where it is not known yet. Between spaces no field goes on in another line. */
export const anySeparator: readonly number[] = [..."\t;|,"].map((one) => one.charCodeAt(0));

export function separatorsOf(separator: string): readonly number[] {
  return separator === " " ? [] : [separator.charCodeAt(0)];
}

/** Where the quote closes that opens at `at`, or where the line ends before it does; `buffer` has the end of that line. */
export function closeOf(buffer: Uint8Array, at: number, mark: number): number {
  for (let k = at + 1; ; k += 2) {
    while (buffer[k] !== QUOTE && buffer[k] !== mark) k++;
    if (buffer[k] !== QUOTE || buffer[k + 1] !== QUOTE) return k;
  }
}

/** The quote that opens in the line [from, to) and does not close in it; undefined where there is none. */
function openIn(
  buffer: Uint8Array,
  [from, to]: readonly [number, number],
  separators: readonly number[],
): number | undefined {
  if (separators.length === 0) return undefined;
  let isBegin = true;
  for (let k = from; k < to; k++) {
    const byte = buffer[k]!;
    if (byte === QUOTE && isBegin) {
      const close = closeIn(buffer, k + 1, to);
      if (close === undefined) return k;
      k = close;
      isBegin = false;
    } else if (separators.includes(byte)) isBegin = true;
    else if (byte !== SPACE) isBegin = false;
  }
  return undefined;
}

/** The first quote of [from, to) that is not doubled. */
export function closeIn(buffer: Uint8Array, from: number, to: number): number | undefined {
  for (let k = from; k < to; k++) {
    if (buffer[k] !== QUOTE) continue;
    if (k + 1 >= to || buffer[k + 1] !== QUOTE) return k;
    k++;
  }
  return undefined;
}

function isEnd(byte: number, separators: readonly number[]): boolean {
  return byte === CR || separators.includes(byte);
}

/** Whether nothing but spaces stands from `at` to the next separator or to the end of the line at `to`. */
function endsField(buffer: Uint8Array, at: number, to: number, separators: readonly number[]): boolean {
  while (at < to && buffer[at] === SPACE) at++;
  return at >= to || isEnd(buffer[at]!, separators);
}

/** Whether nothing but spaces stands from the separator before `at`, or from the beginning of the line at `from`, to it. */
export function beginsField(buffer: Uint8Array, from: number, at: number, separators: readonly number[]): boolean {
  let k = at - 1;
  while (k >= from && buffer[k] === SPACE) k--;
  return k < from || separators.includes(buffer[k]!);
}

/** Whether a quote is open where the line [from, to) ends. */
export function leavesOpen(
  buffer: Uint8Array,
  line: readonly [number, number],
  separators: readonly number[],
): boolean {
  return openIn(buffer, line, separators) !== undefined;
}

/** Whether the line [from, to) has a quote that can close what another line has opened. */
export function mayClose(
  buffer: Uint8Array,
  [from, to]: readonly [number, number],
  separators: readonly number[],
): boolean {
  const close = closeIn(buffer, from, to);
  return close !== undefined && endsField(buffer, close + 1, to, separators);
}

/** Whether all quotes of the line [from, to) are around fields of its own, or doubled in them. */
export function isPaired(
  buffer: Uint8Array,
  [from, to]: readonly [number, number],
  separators: readonly number[],
): boolean {
  for (let k = from; k < to; k++) {
    if (buffer[k] !== QUOTE) continue;
    const close = closeIn(buffer, k + 1, to);
    if (close === undefined || !beginsField(buffer, from, k, separators)) return false;
    if (!endsField(buffer, close + 1, to, separators)) return false;
    k = close;
  }
  return true;
}

/**
 * Where the row ends whose first line is [from, to): at a mark of [to, limit), or at `limit` where the text ends; and how many lines it has.
 * It is the first line alone where nothing is open at its end, or what is open closes nowhere near.
 */
export function rowEndOf(
  buffer: Uint8Array,
  [from, to, limit]: readonly [number, number, number],
  mark: number,
  separators: readonly number[],
): { readonly to: number; readonly lines: number } {
  let open = openIn(buffer, [from, to], separators);
  let [end, openEnd, lines] = [to, to, 1];
  while (open !== undefined && end < limit && lines < MOST_LINES && end - from < LONGEST_FIELD) {
    const begin = end + 1;
    const next = buffer.subarray(0, limit).indexOf(mark, begin);
    // What is looked at may end before the text does.
    if (next < 0 && limit - from >= LONGEST_FIELD) break;
    end = next < 0 ? limit : next;
    lines++;
    const close = closeIn(buffer, begin, end);
    if (close === undefined) continue;
    // A quote alone in its field, and another one in another line, are no field that begins with an end of line or a separator.
    const areAlone = endsField(buffer, open + 1, openEnd, separators) && beginsField(buffer, begin, close, separators);
    if (areAlone || !endsField(buffer, close + 1, end, separators)) break;
    openEnd = end;
    open = openIn(buffer, [close + 1, end], separators);
    if (open === undefined) return { to: end, lines };
  }
  return { to, lines: 1 };
}
