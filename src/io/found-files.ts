/** Files by what a person names: a file, a folder with all in it, a pattern. */
import { globSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

export interface FoundFile {
  readonly file: string;
  /** Named itself, rather than found in a folder or by a pattern. */
  readonly isNamed: boolean;
}

/**
 * In the order in which they are named, those of a folder by their names; none twice. Hidden ones are not looked for. Throws an Error where a
 * pattern or a folder has none.
 */
export function foundFiles(names: readonly string[]): readonly FoundFile[] {
  const found = new Map<string, FoundFile>();
  const add = (file: string, isNamed: boolean): void => {
    const at = path.resolve(file);
    if (!found.has(at)) found.set(at, { file, isNamed });
  };
  for (const name of names) {
    const files = filesOf(name);
    if (files === undefined) add(name, true);
    else {
      if (files.length === 0) throw new Error(`${name}: there are no files`);
      for (const file of files) add(file, false);
    }
  }
  return [...found.values()];
}

/** Undefined of what is a file, or nothing at all. */
function filesOf(name: string): readonly string[] | undefined {
  const there = statSync(name, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) return inFolder(name);
  if (there !== undefined || !/[*?[{]/.test(name)) return undefined;
  const matched = globSync(name).toSorted();
  return matched.flatMap((one) =>
    statSync(one, { throwIfNoEntry: false })?.isDirectory() === true ? inFolder(one) : [one],
  );
}

/** A link to a folder is not followed: it may lead back. */
function inFolder(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith(".")) return [];
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return inFolder(file);
    return entry.isFile() || isFileBehind(file) ? [file] : [];
  });
}

function isFileBehind(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
