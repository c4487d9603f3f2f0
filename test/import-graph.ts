/** Who imports whom in src/, type imports counted: what the gates of the house look at. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/** An import as a file writes it. */
export interface Import {
  /** "./unit.ts", "#protocol/modbus/unit.ts", "zod". */
  readonly from: string;
  /** It is gone when types are. */
  readonly typeOnly: boolean;
}

/** Files by their path from the root, with their text. */
export type Files = ReadonlyMap<string, string>;

export function filesOf(root: string, pattern: string): Files {
  const names = globSync(pattern, { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  return new Map(names.map((file) => [file, readFileSync(path.join(root, file), "utf8")]));
}

export function importsOf(text: string): Import[] {
  const statements = [...text.matchAll(/^(?:import|export)\s(?:(type)\s)?[^;"]*?\bfrom\s*"([^"]+)"/gm)].map(
    ([, type, from]) => ({ from: from!, typeOnly: type !== undefined }),
  );
  const bare = [...text.matchAll(/^import\s*"([^"]+)"/gm)].map(([, from]) => ({ from: from!, typeOnly: false }));
  const called = [...text.matchAll(/\bimport\("([^"]+)"\)/g)].map(([, from]) => ({ from: from!, typeOnly: false }));
  return [...statements, ...bare, ...called];
}

/** The file that an import of src/ leads to; undefined of what is not ours. */
export function fileOf(importer: string, from: string): string | undefined {
  if (from.startsWith("#")) return `src/${from.slice(1)}`;
  return from.startsWith(".") ? path.posix.join(path.posix.dirname(importer), from) : undefined;
}

/** Circles of imports, each once, as "a.ts -> b.ts -> a.ts"; one for each import that leads back to where one came from. */
export function circlesIn(files: Files): string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const walk = (file: string): void => {
    const met = way.indexOf(file);
    if (met >= 0) circles.push([...way.slice(met), file].join(" -> "));
    if (met >= 0 || done.has(file)) return;
    way.push(file);
    for (const { from } of importsOf(files.get(file) ?? "")) {
      const next = fileOf(file, from);
      if (next !== undefined && files.has(next)) walk(next);
    }
    way.pop();
    done.add(file);
  };
  for (const file of files.keys()) walk(file);
  return circles;
}

/** What a product's binding to a protocol may see: the vocabulary, the protocol, tables of points; of time its type only. */
const seenByBindings = [/^#quantity\//, /^#protocol\//, /^#product\/[^/]+$/, /^#model\//];
const typesSeenByBindings = [/^#clock\/clock\.ts$/, /^\.\/configuration[a-z-]*\.ts$/];
/** Lists of the same product: they may see no more than a binding. */
const listsOfBindings = [/^\.\/measures\.ts$/, /^\.\/points\.ts$/];

/** The room of the same product that is named for the protocol: its own row in oxlint.config.ts keeps it from the meter. */
function roomOfBinding(file: string): string {
  const [, product = "", protocol = ""] = /^src\/product\/([^/]+)\/([a-z0-9-]+)-binding\.ts$/.exec(file) ?? [];
  return `#product/${product}/${protocol}/`;
}

/** The same in words. */
export const SEEN_BY_BINDINGS =
  "a binding, and the lists that it imports, may import #quantity, #protocol, #model and files of #product itself, ./measures.ts and ./points.ts " +
  "of its own product, its own room (#product/NAME/PROTOCOL), and types of ./configuration*.ts and #clock/clock.ts";

/** Imports by which a binding (src/product/NAME/PROTOCOL-binding.ts), or a list that it uses, is not a function of the surface alone. */
export function bindingsAstray(files: Files): string[] {
  const own = [...files.keys()].filter((file) => /^src\/product\/[^/]+\/[a-z0-9-]+-binding\.ts$/.test(file));
  const checked = new Set(own);
  const astray: string[] = [];
  for (const file of checked) {
    for (const { from, typeOnly } of importsOf(files.get(file) ?? "")) {
      const list = listsOfBindings.some((allowed) => allowed.test(from)) ? fileOf(file, from) : undefined;
      // What is put into a set while it is walked is walked, too.
      if (list !== undefined) checked.add(list);
      const seen = typeOnly ? [...seenByBindings, ...typesSeenByBindings] : seenByBindings;
      if (list !== undefined || from.startsWith(roomOfBinding(file))) continue;
      if (!seen.some((allowed) => allowed.test(from))) astray.push(`${file} imports ${from}`);
    }
  }
  return astray;
}
