/** A promise that the site has broken: the seed of the run is a test from then on. */
export class Violation extends Error {
  override readonly name = "Violation";
}

export function hold(holds: boolean, words: () => string): void {
  if (!holds) throw new Violation(words());
}
