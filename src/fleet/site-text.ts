/**
 * A site file changed as a person would: what is said of one meter is put in, taken out or put in its place, and every other character
 * stays as it is, comments, order, quotation marks and line ends. The document tells where things stand; what is made of the text says in
 * the end whether it means what it is to.
 */
import {
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { siteBounds, valuesOf } from "#product/file-values.ts";
import { same } from "#quantity/same.ts";
import { asBlock, asFlow, asJson } from "./entry-text.ts";

/** A meter, or what is said of one, as the file has it: plain values. */
export type Plain = Readonly<Record<string, unknown>>;

export type SiteEdit =
  | { readonly add: Plain }
  | { readonly remove: string }
  /** Keys of the meter, each in place of what is said there. */
  | { readonly change: string; readonly to: Plain };

/** Why a text cannot be changed so, in words. */
export class EditRefused extends Error {}

const BY_HAND = "it is written in a way that is not changed here; change it by hand";

/** A text that has been changed, and by which key the meter stands in it that this is about: "meters[3]". */
export interface Edited {
  readonly text: string;
  readonly key: string;
}

/** Throws EditRefused, and FileError of a text that is no site file's. */
export function edited(file: string, text: string, edit: SiteEdit): Edited {
  const before = valuesOf(file, text, siteBounds);
  const next = textOf(text, edit);
  // Whatever was overlooked shows here, and changes nothing.
  if (!same(meaningOf(file, next), wantedOf(before, edit))) throw new EditRefused(`${file}: ${BY_HAND}`);
  const meters = metersOf(before);
  const name = "remove" in edit ? edit.remove : "change" in edit ? edit.change : undefined;
  const index = name === undefined ? meters.length : meters.findIndex((one) => one["name"] === name);
  return { text: next, key: `meters[${index}]` };
}

/** An alias may have lost what it stands for. */
function meaningOf(file: string, text: string): unknown {
  try {
    return valuesOf(file, text, siteBounds);
  } catch (error) {
    throw new EditRefused(`${file}: ${BY_HAND}`, { cause: error });
  }
}

function metersOf(site: unknown): readonly Plain[] {
  return ((site as Plain | null | undefined)?.["meters"] ?? []) as readonly Plain[];
}

function wantedOf(before: unknown, edit: SiteEdit): unknown {
  const site = (before ?? {}) as Plain;
  const meters = metersOf(before);
  if ("add" in edit) return { ...site, meters: [...meters, edit.add] };
  if ("remove" in edit) return { ...site, meters: meters.filter(({ name }) => name !== edit.remove) };
  return { ...site, meters: meters.map((one) => (one["name"] === edit.change ? { ...one, ...edit.to } : one)) };
}

/** Lines end as most of them do. */
function endOf(text: string): string {
  const [all, both] = [text.split("\n").length - 1, text.split("\r\n").length - 1];
  return both > all / 2 ? "\r\n" : "\n";
}

function textOf(text: string, edit: SiteEdit): string {
  const { contents, errors } = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
  if (errors.length > 0 || (contents !== null && !isMap(contents))) throw new EditRefused(BY_HAND);
  const at = new Places(text);
  const root = contents as YAMLMap | null;
  const pair = root?.items.find(({ key }) => isScalar(key) && key.value === "meters");
  if ("add" in edit)
    return root === null || pair === undefined ? at.begin(root, edit.add) : at.add(listOf(pair), edit.add);
  const list = pair === undefined ? undefined : listOf(pair);
  const name = "remove" in edit ? edit.remove : edit.change;
  const index = list?.items.findIndex((item) => isMap(item) && item.get("name") === name) ?? -1;
  if (list === undefined || index < 0) throw new EditRefused(`the file has no meter ${name}`);
  if ("remove" in edit) return at.remove(list, index);
  return at.change(list.items[index] as YAMLMap, edit.to);
}

function listOf({ value }: Pair): YAMLSeq {
  if (isSeq(value)) return value;
  throw new EditRefused(BY_HAND);
}

/** Where things stand in a text. */
class Places {
  readonly #text: string;
  readonly #eol: string;
  /** JSON has its own way of writing, and so has whoever looks for it. */
  readonly #isJson: boolean;

  constructor(text: string) {
    this.#text = text;
    this.#eol = endOf(text);
    this.#isJson = isJson(text);
  }

  #put(from: number, to: number, words: string): string {
    return this.#text.slice(0, from) + words.replaceAll("\n", this.#eol) + this.#text.slice(to);
  }

  /** The end of the line on which a place is, its end of line not in it. */
  #lineEnd(offset: number): number {
    const end = this.#text.indexOf("\n", offset);
    if (end < 0) return this.#text.length;
    return this.#text[end - 1] === "\r" ? end - 1 : end;
  }

  #lineStart(offset: number): number {
    return this.#text.lastIndexOf("\n", offset - 1) + 1;
  }

  #column(offset: number): number {
    return offset - this.#lineStart(offset);
  }

  /** Puts lines behind that on which something ends. */
  #below(end: number, lines: string): string {
    const at = this.#lineEnd(end);
    return this.#put(at, at, `\n${lines}`);
  }

  /** Refuses to change anything beside a comment: whose it is cannot be told. */
  #without(from: number, to: number): void {
    if (this.#text.slice(from, to).includes("#")) throw new EditRefused(BY_HAND);
  }

  /** Behind comments on lines of their own that stand further in than a dash: they are of what stands before them. */
  #behindRemarks(end: number, dash: number): number {
    let at = end;
    for (;;) {
      const from = this.#lineEnd(at) + (this.#text[this.#lineEnd(at)] === "\r" ? 2 : 1);
      const to = this.#lineEnd(from);
      if (from > this.#text.length) return at;
      const indent = /^ *(?=#)/.exec(this.#text.slice(from, to));
      if (indent === null || indent[0].length <= dash) return at;
      at = to;
    }
  }

  /** The first meter of a file that has no list of them. */
  begin(root: YAMLMap | null, entry: Plain): string {
    if (root !== null && root.flow === true) {
      const lead = root.items.length === 0 ? "" : ",";
      const words = this.#isJson ? `"meters": [${asJson(entry)}]` : `meters: [${asFlow(entry)}]`;
      const last = root.items.at(-1)?.value;
      const end = isNode(last) ? lastOf(last) : startOf(root) + 1;
      return this.#put(end, end, `${lead} ${words}`);
    }
    const { length } = this.#text;
    const lead = length === 0 || this.#text.endsWith("\n") ? "" : "\n";
    return this.#put(length, length, `${lead}meters:\n${asBlock(entry, 2)}\n`);
  }

  add(list: YAMLSeq, entry: Plain): string {
    const last = list.items.at(-1);
    if (list.flow !== true && isNode(last)) {
      const dash = this.#dash(list, last);
      return this.#below(this.#behindRemarks(lastOf(last), dash), asBlock(entry, dash));
    }
    const words = this.#isJson ? asJson(entry) : asFlow(entry);
    if (!isNode(last)) return this.#put(startOf(list) + 1, startOf(list) + 1, words);
    const start = this.#lineStart(startOf(last));
    const indent = this.#text.slice(start, startOf(last));
    // Members that stand on lines of their own go on doing so.
    const isOwnLine = indent.trim() === "" && start > startOf(list);
    const end = lastOf(last);
    this.#without(end, lastOf(list));
    if (!isOwnLine) return this.#put(end, end, `, ${words}`);
    const own = this.#isJson && this.#text.slice(startOf(last), end).includes("\n") ? asJson(entry, 2) : words;
    return this.#put(end, end, `,\n${indent}${own.replaceAll("\n", `\n${indent}`)}`);
  }

  /** The column of the dashes of a list. */
  #dash(list: YAMLSeq, item: Node): number {
    const start = this.#lineStart(startOf(item));
    const dash = /^\s*(?=-\s)/.exec(this.#text.slice(start, startOf(item)));
    return dash === null ? this.#column(startOf(list)) : dash[0].length;
  }

  remove(list: YAMLSeq, index: number): string {
    const item = list.items[index];
    const [before, after] = [list.items[index - 1], list.items[index + 1]];
    if (!isNode(item)) throw new EditRefused(BY_HAND);
    if (list.flow === true) {
      // What stands around it is of it, or of those beside it: nobody can tell.
      this.#without(isNode(before) ? lastOf(before) : startOf(list), startOf(item));
      this.#without(lastOf(item), isNode(after) ? startOf(after) : lastOf(list));
      if (isNode(before)) return this.#put(lastOf(before), lastOf(item), "");
      return this.#put(startOf(item), isNode(after) ? startOf(after) : lastOf(item), "");
    }
    if (list.items.length === 1) return this.#put(startOf(list), lastOf(item), "[]");
    const start = this.#lineStart(startOf(item));
    const head = this.#text.slice(start, startOf(item));
    // A list can begin on the line of its key, and a dash on that of the one before.
    if (!/^\s*-\s+$/.test(head)) throw new EditRefused(BY_HAND);
    const end = this.#text.indexOf("\n", lastOf(item) - (this.#text[lastOf(item) - 1] === "\n" ? 1 : 0));
    return this.#put(start, end < 0 ? this.#text.length : end + 1, "");
  }

  change(item: YAMLMap, to: Plain): string {
    let text = this.#text;
    // From the last one on: what stands before keeps its place.
    const pairs = item.items.filter(({ key }) => isScalar(key) && Object.hasOwn(to, String(key.value)));
    for (const { key, value } of pairs.toReversed()) {
      const name = String((key as { readonly value: unknown }).value);
      if (!isNode(key) || !isNode(value)) throw new EditRefused(BY_HAND);
      const words = this.#pair(name, to[name]);
      text = text.slice(0, startOf(key)) + words + text.slice(lastOf(value));
    }
    const known = new Set(pairs.map(({ key }) => String((key as { readonly value: unknown }).value)));
    const more = Object.keys(to).filter((key) => !known.has(key));
    if (more.length === 0) return text;
    const rest = Object.fromEntries(more.map((key) => [key, to[key]]));
    return new Places(text).more(this.#itemIn(text, item), rest);
  }

  #itemIn(text: string, item: YAMLMap): YAMLMap {
    let found: YAMLMap | undefined;
    visit(parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: "silent" }), {
      Map(_, map) {
        if (startOf(map) !== startOf(item)) return undefined;
        found = map;
        return visit.BREAK;
      },
    });
    if (found === undefined) throw new EditRefused(BY_HAND);
    return found;
  }

  /** Keys that a meter had not. */
  more(item: YAMLMap, keys: Plain): string {
    const pairs = Object.entries(keys).map(([key, value]) => this.#pair(key, value));
    if (item.flow === true) {
      const end = lastOf(item) - 1;
      const last = item.items.at(-1);
      const at = isPair(last) && isNode(last.value) ? lastOf(last.value) : end;
      return this.#put(at, at, `, ${pairs.join(", ")}`);
    }
    const column = " ".repeat(this.#column(startOf(item)));
    return this.#below(lastOf(item), pairs.map((pair) => column + pair).join("\n"));
  }

  #pair(key: string, value: unknown): string {
    return this.#isJson ? `${JSON.stringify(key)}: ${asJson(value)}` : `${key}: ${asFlow(value)}`;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function startOf(node: Node): number {
  const at = node.range?.[0];
  if (at === undefined) throw new EditRefused(BY_HAND);
  return at;
}

/** Where a node ends: its last value, or the bracket behind that; spaces and comments behind it are not its own. */
function lastOf(node: Node): number {
  const end = node.range?.[1];
  if (end === undefined) throw new EditRefused(BY_HAND);
  if (isSeq(node) && node.flow !== true) return Math.max(startOf(node), ...node.items.filter(isNode).map(lastOf));
  if (isMap(node) && node.flow !== true) {
    const ends = node.items.flatMap(({ key, value }) => [key, value].filter(isNode).map(lastOf));
    return Math.max(startOf(node), ...ends);
  }
  return end;
}
