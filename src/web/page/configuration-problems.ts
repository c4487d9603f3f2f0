/** What a meter says is wrong with a configuration, each at the value that it is of. */
import { keyText, leadsTo, pathOf, valueAt, type Json, type Path } from "./configuration-value.ts";

export interface Problem {
  /** Undefined of what is of no value of the configuration. */
  readonly path: Path | undefined;
  readonly words: string;
}

/** "demand.subIntervals: expected at most 12; found 13": whatever stands before the colon is a key, where there is such a place. */
export function problemOf(line: string, value: Json | undefined): Problem {
  const at = line.indexOf(": ");
  const path = at < 0 ? undefined : pathOf(line.slice(0, at), value);
  if (path === undefined || path.length === 0) return { path: undefined, words: line };
  const [section] = path;
  // The words of a sentence are no key.
  if (section === undefined || valueAt(value, [section]) === undefined) return { path: undefined, words: line };
  return { path, words: line.slice(at + 2) };
}

/** Those that are of a value itself, or of one that is missing in it. */
export function problemsAt(problems: readonly Problem[], path: Path, keys: readonly string[] = []): readonly Problem[] {
  const key = keyText(path);
  return problems.filter(({ path: of }) => {
    if (of === undefined) return false;
    if (keyText(of) === key) return true;
    const last = of.at(-1);
    // A key that is shown says it itself.
    return of.length === path.length + 1 && leadsTo(path, of) && typeof last === "string" && !keys.includes(last);
  });
}

/** How many are of a value, or of what it is made of. */
export function countWithin(problems: readonly Problem[], path: Path): number {
  return problems.filter(({ path: of }) => of !== undefined && leadsTo(path, of)).length;
}
