/** What was not as it should be in a file. Each kind is said a few times and counted after that: a file may have it in every row. */
import type { Remark } from "./recording.ts";

/** Of each kind so many are said in full. */
const SAID = 3;

/** Kinds are words of this program, but for those that name a channel: there may be as many as the file likes. */
const MOST_KINDS = 200;

export class Remarks {
  readonly #kinds = new Map<string, { readonly said: Remark[]; count: number }>();

  #closed = false;

  /** `kind` tells remarks of one sort from those of another. */
  add(kind: string, where: string, what: string): void {
    if (this.#closed) return;
    let known = this.#kinds.get(kind);
    if (known === undefined) {
      if (this.#kinds.size >= MOST_KINDS) return;
      known = { said: [], count: 0 };
      this.#kinds.set(kind, known);
    }
    known.count++;
    if (known.said.length < SAID) known.said.push({ where, what });
  }

  count(kind: string): number {
    return this.#kinds.get(kind)?.count ?? 0;
  }

  /** Nothing is added any more: the file is read again. */
  close(): void {
    this.#closed = true;
  }

  get list(): readonly Remark[] {
    return [...this.#kinds.values()].flatMap(({ said, count }) => {
      const last = said.at(-1);
      if (last === undefined || count === said.length) return said;
      return [...said, { where: last.where, what: `and ${count - said.length} more of that kind after it` }];
    });
  }
}
