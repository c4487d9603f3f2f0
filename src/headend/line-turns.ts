/** Who shares a line asks on it one after the other; lines do not wait for each other. */
export class LineTurns {
  /** The end of what is under way or waits, by line. */
  readonly #ends = new Map<string, Promise<unknown>>();

  /** Runs when those that asked before on the line have done, whatever became of them. */
  async take<T>(line: string, run: () => Promise<T>): Promise<T> {
    const before = this.#ends.get(line);
    const own = before === undefined ? run() : before.then(run, run);
    this.#ends.set(line, own);
    try {
      return await own;
    } finally {
      if (this.#ends.get(line) === own) this.#ends.delete(line);
    }
  }
}
