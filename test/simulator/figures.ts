/** What has happened in runs, by kind: a fault that never strikes proves nothing. */
export class Figures {
  readonly counts = new Map<string, number>();

  add(what: string, count = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** Adds what another run has counted. */
  take(other: Figures): void {
    for (const [what, count] of other.counts) this.add(what, count);
  }

  get lines(): readonly string[] {
    return [...this.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => `${what}: ${count}`);
  }
}
