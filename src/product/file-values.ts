/** The values of a file that people write, YAML or JSON: bounded before anything is made of them, and read in linear time. */
import { isAlias, isCollection, isNode, isPair, isScalar, LineCounter, parseDocument } from "yaml";
import type { Document, YAMLMap, YAMLSeq } from "yaml";
import { JsonProblem, parseJson, type JsonBounds } from "#quantity/json-text.ts";
import { limits } from "#quantity/limits.ts";
import { FileError, firstOf } from "./file-error.ts";
import { yamlProblems } from "./yaml-problems.ts";

export interface FileBounds extends JsonBounds {
  readonly characters: number;
  /** The same of what is no JSON. */
  readonly yaml: number;
  /** Somebody has the text before him as it is: what is wrong with it is said by its lines. */
  readonly isFile: boolean;
}

const { characters, depth, keys, values, siteCharacters, siteValues, yamlWhileRunning } = limits.configuration;

/** Of a configuration in a file, of one that a running meter is sent, of a site file. */
export const configurationBounds: FileBounds = { characters, yaml: characters, depth, keys, values, isFile: true };
export const sentBounds: FileBounds = {
  characters,
  yaml: yamlWhileRunning,
  depth,
  keys,
  values,
  isFile: false,
};
export const siteBounds: FileBounds = {
  characters: siteCharacters,
  yaml: siteCharacters,
  depth,
  keys,
  values: siteValues,
  isFile: true,
};

/** An empty text is undefined or null. Throws FileError with what is wrong, by line and column where there are any. */
export function valuesOf(file: string, text: string, bounds: FileBounds): unknown {
  if (text.length > bounds.characters)
    throw new FileError(file, [`expected at most ${bounds.characters} characters, found ${text.length}`]);
  try {
    // What is JSON is read many times faster as that.
    if (/^\s*[[{]/.test(text)) return parseJson(text, bounds);
  } catch (error) {
    if (error instanceof JsonProblem) throw new FileError(file, [error.message]);
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (text.length > bounds.yaml)
    throw new FileError(file, [`expected JSON, or at most ${bounds.yaml} characters of YAML, found ${text.length}`]);
  return yamlOf(file, text, bounds);
}

function yamlOf(file: string, text: string, bounds: FileBounds): unknown {
  const lines = new LineCounter();
  // Its own look for keys that stand there twice compares each with each.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: "error",
  });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  const { errors } = document;
  if (errors.length > 0) {
    // A bracket that is not closed is noticed twice at one place.
    const noticed = errors.filter(
      ({ pos, code }, k) => errors[k - 1]?.pos[0] !== pos[0] || errors[k - 1]?.code !== code,
    );
    const told = noticed
      .slice(0, limits.configuration.problems)
      .map(({ pos, code }) => `${at(pos[0])}: ${yamlProblems[code]}`);
    throw new FileError(file, firstOf(told, noticed.length - told.length));
  }
  const problem = new Look(bounds, at).at(document.contents, 0);
  if (problem !== undefined) throw new FileError(file, [problem]);
  return madeOf(file, document);
}

/** An alias that would make the file many times as large is found only now. */
function madeOf(file: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new FileError(file, ["its aliases (*name) stand for more than the file itself"]);
  }
}

/** Looks through a document for what it has too much of, and for keys that stand there twice. */
class Look {
  readonly #bounds: FileBounds;
  readonly #place: (offset: number) => string;
  #values = 0;
  #aliases = 0;
  /** Values in what has an anchor: an alias stands for as many. */
  readonly #anchored = new Map<string, number>();

  constructor(bounds: FileBounds, place: (offset: number) => string) {
    this.#bounds = bounds;
    this.#place = place;
  }

  /** What is wrong with a node and what is in it; undefined when nothing is. */
  at(node: unknown, depth: number): string | undefined {
    const { depth: deepest, values: most } = this.#bounds;
    const before = this.#values++;
    if (isAlias(node)) {
      if (!this.#anchored.has(node.source))
        return `${this.#place(node.range?.[0] ?? 0)}: there is no anchor &${node.source} before the alias *${node.source}`;
      this.#values += this.#anchored.get(node.source) ?? 0;
      if (++this.#aliases > limits.configuration.aliases)
        return `${this.#place(node.range?.[0] ?? 0)}: expected at most ${limits.configuration.aliases} aliases (*name)`;
    }
    if (this.#values > most) return `expected at most ${most} values`;
    if (isCollection(node)) {
      if (depth >= deepest) return `expected at most ${deepest} lists and objects within each other`;
      const problem = this.#inside(node, depth + 1);
      if (problem !== undefined) return problem;
    }
    if (isNode(node) && node.anchor !== undefined) this.#anchored.set(node.anchor, this.#values - before);
    return undefined;
  }

  #inside(node: YAMLMap | YAMLSeq, depth: number): string | undefined {
    const keys = new Set<unknown>();
    for (const item of node.items) {
      const [key, value] = isPair(item) ? [item.key, item.value] : [undefined, item];
      if (isScalar(key)) {
        if (key.anchor !== undefined) this.#anchored.set(key.anchor, 1);
        if (keys.has(key.value)) return `${this.#place(key.range?.[0] ?? 0)}: ${String(key.value)} stands there twice`;
        keys.add(key.value);
        if (keys.size > this.#bounds.keys) return `expected at most ${this.#bounds.keys} keys of one object`;
      }
      const problem = (isCollection(key) || isAlias(key) ? this.at(key, depth) : undefined) ?? this.at(value, depth);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }
}
