/** What somebody wants of a meter, by name. */
import { didYouMean } from "#quantity/nearest.ts";

/** A name that a meter does not have; what it has stands in the message, unless one is near and there are more than `most`. */
export class UnknownName extends Error {
  constructor(name: string, of: string, known: readonly string[], most = Infinity) {
    const meant = didYouMean(name, known);
    const more = known.length - most;
    const shown = more > 0 ? `${known.slice(0, most).join(", ")}, and ${more} more` : known.join(", ");
    const has = meant !== "" && more > 0 ? "" : `\nit has ${shown}`;
    super(`${of} has no "${name}"${meant}${has}`);
    this.name = "UnknownName";
  }
}

/** Words of what is wanted that are none; what was expected stands in the message. */
export class WrongWords extends Error {}

/** The first of `all` that has each name, in the order of the names; throws UnknownName. `of` is the meter in words. */
export function chosen<T>(
  names: readonly string[],
  all: readonly T[],
  { of, namesOf }: { readonly of: string; readonly namesOf: (one: T) => readonly string[] },
): T[] {
  const byName = new Map<string, T>();
  for (const one of all) for (const name of namesOf(one)) if (!byName.has(name)) byName.set(name, one);
  return names.map((name) => {
    const one = byName.get(name);
    if (one !== undefined) return one;
    throw new UnknownName(name, of, [...byName.keys()]);
  });
}
