/** What somebody wants of a meter over DNP3, in words: counters, analogs 3, frozen 0-9, class 1, events, g30v2 0-9, or a name of a configuration. */
import type { PointFacts } from "#protocol/dnp3/point-facts.ts";
import { groupOf, type PointKind } from "#protocol/dnp3/master/points.ts";
import { classes, integrity, type DataClass, type ReadHeader, type Which } from "#protocol/dnp3/master/requests.ts";
import { UnknownName, WrongWords } from "./chosen.ts";

/** Words of the kinds; one is said as a point is called, too. */
const kinds: Readonly<Record<string, PointKind>> = {
  counters: "counter",
  counter: "counter",
  frozen: "frozen counter",
  analogs: "analog",
  analog: "analog",
  binaries: "binary",
  binary: "binary",
  doubles: "double",
  outputs: "output",
  output: "output",
  "frozen-analogs": "frozen analog",
  deadbands: "deadband",
  "analog-outputs": "analog output",
  texts: "text",
};

/** Those that are told of where a word is none. */
const told = ["counters", "frozen", "analogs", "binaries", "outputs", "class 1", "events", "integrity", "time"];

const [EVENTS, TIME] = [classes(1, 2, 3), { group: 50, variation: 1, which: { most: 1 } }] as const;

export interface PointRange {
  readonly kind: PointKind;
  readonly from: number;
  readonly to: number;
  /** As which it is asked for. */
  readonly header: ReadHeader;
}

export interface Selection {
  readonly headers: readonly ReadHeader[];
  /** Points by their numbers: that one of them is not there is an error. */
  readonly points: readonly { readonly kind: PointKind; readonly index: number }[];
  /** Points from one number to another: what is there of them is had; that nothing is, is an error. */
  readonly ranges: readonly PointRange[];
  /** Points by the names of a configuration, in their order; nothing else is printed where there are only these. */
  readonly named: readonly PointFacts[];
  /** Not only names of a configuration. */
  readonly isByKind: boolean;
}

const HIGHEST_INDEX = 65_535;

/** "3", "0-9", "3,5,8"; undefined of what is none. */
function whichIn(text: string): Which | undefined {
  const numbers = text.split(/[,-]/).map(Number);
  if (!/^\d+([,-]\d+)*$/.test(text) || numbers.some((one) => one > HIGHEST_INDEX)) return undefined;
  const [from = 0, to = from] = numbers;
  if (/^\d+(-\d+)?$/.test(text)) return from <= to ? { from, to } : undefined;
  return text.includes("-") ? undefined : { indices: numbers };
}

/** The numbers behind a word, or undefined where there are none; throws WrongWords of what was meant for some. */
function numbersBehind(word: string, next: string | undefined): Which | undefined {
  if (next === undefined) return undefined;
  const which = whichIn(next);
  const isAnother = Object.hasOwn(kinds, next) || OBJECT.test(next);
  if (which !== undefined || isAnother || !/^\d|[-,]/.test(next)) return which;
  throw new WrongWords(
    `${word}: expected numbers of points, up to ${HIGHEST_INDEX}, like 3, 0-9 or 0,3,8; found "${next}"`,
  );
}

const OBJECT = /^g(\d{1,3})v(\d{1,3})$/i;

/** Points of whose numbers each has to be there: a range asks for what is there of it. */
function pointsOf(kind: PointKind, which: Which): Selection["points"] {
  if (which === "all" || "most" in which) return [];
  if ("indices" in which) return which.indices.map((index) => ({ kind, index }));
  return which.from === which.to ? [{ kind, index: which.from }] : [];
}

/** Throws UnknownName and WrongWords, before anything is asked. `of` is the meter in words. */
export function selectionOf(words: readonly string[], facts: readonly PointFacts[], of: string): Selection {
  const parts = words.flatMap((word) => (facts.some((one) => isCalled(one, word)) ? [word] : word.split(/\s+/)));
  const headers: ReadHeader[] = [];
  const points: { readonly kind: PointKind; readonly index: number }[] = [];
  const ranges: PointRange[] = [];
  const named: PointFacts[] = [];
  let isByKind = false;
  for (let k = 0; k < parts.length; k++) {
    const word = parts[k] ?? "";
    const fact = facts.find((one) => isCalled(one, word));
    if (fact !== undefined) {
      named.push(fact);
      continue;
    }
    isByKind = true;
    const next = parts[k + 1];
    const kind = kinds[word];
    const [, group, variation] = OBJECT.exec(word) ?? [];
    const isCounted = kind !== undefined || group !== undefined;
    const which = isCounted && !facts.some((one) => isCalled(one, next ?? "")) ? numbersBehind(word, next) : undefined;
    if (kind !== undefined) {
      const header: ReadHeader = { group: groupOf[kind], variation: 0, which: which ?? "all" };
      headers.push(header);
      points.push(...pointsOf(kind, header.which));
      if (typeof which === "object" && "from" in which && which.from < which.to)
        ranges.push({ kind, ...which, header });
    } else if (group !== undefined) {
      headers.push({ group: octet(group, word), variation: octet(variation ?? "", word), which: which ?? "all" });
    } else if (word === "class" && next !== undefined && /^[0-3]$/.test(next)) {
      headers.push(...classes(Number(next) as DataClass));
    } else if (word === "events") {
      headers.push(...EVENTS);
      continue;
    } else if (word === "integrity") {
      headers.push(...integrity);
      continue;
    } else if (word === "time") {
      headers.push(TIME);
      continue;
    } else throw unknown(word, facts, of);
    if (which !== undefined || word === "class") k++;
  }
  headers.push(...headersOf(named));
  return { headers, points, ranges, named, isByKind };

  function octet(text: string, word: string): number {
    const value = Number(text);
    if (value > 0xff) throw unknown(word, facts, of);
    return value;
  }
}

function isCalled({ name, label }: PointFacts, word: string): boolean {
  return name === word || (label !== "" && label === word);
}

function unknown(word: string, facts: readonly PointFacts[], of: string): UnknownName {
  const others =
    facts.length === 0 ? ["and, with --configuration FILE, the names of a configuration or device profile"] : [];
  return new UnknownName(word, of, [...facts.map(({ name }) => name), ...told, ...others]);
}

/** Every point that a configuration names, as it means their numbers. */
export function allOf(facts: readonly PointFacts[]): readonly ReadHeader[] {
  return headersOf(facts);
}

/** Points that stand together are asked for together. */
function headersOf(named: readonly PointFacts[]): readonly ReadHeader[] {
  const headers: ReadHeader[] = [];
  for (const [of, own] of Map.groupBy(named, ({ kind, variation }) => `${groupOf[kind]} ${variation}`)) {
    const [group = 0, variation = 0] = of.split(" ").map(Number);
    const indices = [...new Set(own.map(({ index }) => index))].sort((a, b) => a - b);
    let from = indices[0] ?? 0;
    indices.forEach((index, k) => {
      const next = indices[k + 1];
      if (next === index + 1) return;
      headers.push({ group, variation, which: { from, to: index } });
      from = next ?? 0;
    });
  }
  return headers;
}
