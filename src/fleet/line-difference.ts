/** What is another in a text, line by line, with a few lines around it. */
import type { DifferenceLine } from "#quantity/site-edit-view.ts";

const AROUND = 3;

/** What stands behind the last end of a line is none. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

/** Of texts that differ in one place, as those do of which something was put in or taken out. */
export function differenceOf(before: string, after: string): readonly DifferenceLine[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, now.length) - head;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  if (head === old.length && head === now.length) return [];
  const lines = (all: readonly string[], from: number, to: number, sign: DifferenceLine["sign"]): DifferenceLine[] =>
    all.slice(Math.max(0, from), to).map((text, k) => ({ sign, line: Math.max(0, from) + k + 1, text }));
  const end = now.length - tail;
  return [
    ...lines(now, head - AROUND, head, " "),
    ...lines(old, head, old.length - tail, "-"),
    ...lines(now, head, end, "+"),
    ...lines(now, end, Math.min(end + AROUND, now.length), " "),
  ];
}
