/** Where in a file its keys stand, for whoever has it before him. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from "yaml";
import { limits } from "#quantity/limits.ts";

/**
 * Problems of keys ("meters[0].hz: expected a number"), each with the place of its key, where the text has it, else of what it is
 * missing in, and in the order of the text. Of a text that is too long for anybody to look through they stay as they are.
 */
export function withLines(text: string, problems: readonly string[]): readonly string[] {
  if (text.length > limits.configuration.characters) return problems;
  const lines = new LineCounter();
  const { contents } = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: "silent",
  });
  const placed = problems.map((problem) => ({ problem, offset: offsetOf(contents, problem) }));
  // What belongs to no key ("and 3 more") stays at the end.
  const inOrder = placed.toSorted((a, b) => (a.offset ?? Infinity) - (b.offset ?? Infinity) || 0);
  return inOrder.map(({ problem, offset }) => {
    if (offset === undefined) return problem;
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}: ${problem}`;
  });
}

interface Step {
  /** Where the key or member stands. */
  readonly offset: number | undefined;
  readonly value: unknown;
  /** What is left of the words. */
  readonly rest: string;
}

/** How far the key that words begin with leads, step by step. */
function offsetOf(root: unknown, words: string): number | undefined {
  let [here, rest]: [unknown, string] = [root, words];
  let offset: number | undefined;
  for (;;) {
    const step = isSeq(here) ? intoList(here.items, rest) : isMap(here) ? intoObject(here.items, rest) : undefined;
    if (step === undefined) return offset;
    offset = step.offset ?? offset;
    [here, rest] = [step.value, step.rest];
  }
}

function intoList(items: readonly unknown[], words: string): Step | undefined {
  const [whole = "", index] = /^\[(\d+)\]/.exec(words) ?? [];
  const value = index === undefined ? undefined : items[Number(index)];
  return value === undefined ? undefined : { offset: startOf(value), value, rest: words.slice(whole.length) };
}

/** Keys may have dots in them: the longest that fits is the one. */
function intoObject(items: readonly Pair[], words: string): Step | undefined {
  const path = words.replace(/^\./, "");
  let best: { readonly name: string; readonly pair: Pair } | undefined;
  for (const pair of items) {
    const name = isScalar(pair.key) ? String(pair.key.value) : undefined;
    if (name === undefined || name.length <= (best?.name.length ?? -1) || !path.startsWith(name)) continue;
    if (/^(\.|\[|: )/.test(path.slice(name.length))) best = { name, pair };
  }
  return best && { offset: startOf(best.pair.key), value: best.pair.value, rest: path.slice(best.name.length) };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
