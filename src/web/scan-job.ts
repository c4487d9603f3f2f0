/** A scan that somebody has asked for: one at a time, for which nobody has to wait, which is followed as it goes and can be ended. */
import { Changes } from "#quantity/changes.ts";
import type { ScanAsked, ScanView } from "#quantity/site-edit-view.ts";
import { wayOf } from "./scan-ways.ts";

const none: ScanView = { url: "", from: 1, to: 1, state: "none", unit: 1, found: [], silent: 0, words: "" };

export class ScanDesk {
  readonly #changes = new Changes();
  #view = none;
  #ending = new AbortController();
  /** What has been asked last may still wait for its answer. */
  #isBusy = false;

  get view(): ScanView {
    return this.#view;
  }

  /** Whether another one has to wait. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Runs whenever there is something new; the result stops it. */
  on(run: () => void): () => void {
    return this.#changes.on("cycle", run);
  }

  /** Throws UrlError of what is no place that is scanned. */
  begin(asked: ScanAsked): void {
    const run = wayOf(asked);
    const { url, from, to } = asked;
    const { signal } = (this.#ending = new AbortController());
    this.#view = { ...none, url, from, to, state: "running", unit: from };
    this.#changes.tell("cycle");
    const tell = (part: Partial<ScanView>): void => {
      signal.throwIfAborted();
      this.#put(part);
    };
    this.#isBusy = true;
    void run(tell, signal)
      .then(
        (ended) => signal.aborted || this.#put({ state: "done", unit: to, ...ended }),
        (error: unknown) => {
          const words = error instanceof Error ? error.message : String(error);
          if (!signal.aborted) this.#put({ state: "failed", words });
        },
      )
      .finally(() => (this.#isBusy = false));
  }

  end(): void {
    if (this.#view.state !== "running") return;
    this.#put({ state: "stopped", words: "" });
    this.#ending.abort();
  }

  #put(part: Partial<ScanView>): void {
    this.#view = { ...this.#view, ...part };
    this.#changes.tell("cycle");
  }
}
