/** A recording that is read by a worker: how far it is, what it has, and details of long ones. */
import { signal } from "@preact/signals";
import type { Detail, FromWorker, ToWorker, WaveContent } from "./viewer/content.ts";

export type ReadingState =
  | { readonly kind: "reading"; readonly done: number; readonly of: number }
  | { readonly kind: "read"; readonly content: WaveContent }
  | { readonly kind: "failed"; readonly words: string }
  | { readonly kind: "stopped" };

export class Reading {
  readonly state = signal<ReadingState>({ kind: "reading", done: 0, of: 0 });
  readonly detail = signal<Detail | undefined>(undefined);
  readonly #worker: Worker;
  /** What is asked for, and what is to be asked for when that is there. */
  #asked: { readonly from: number; readonly count: number } | undefined;
  #next: { readonly from: number; readonly count: number } | undefined;

  constructor(files: readonly File[]) {
    this.#worker = new Worker(new URL("./viewer/reading-worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#take(data));
    this.#worker.addEventListener("error", ({ message }) => this.#fail(message));
    this.#tell({ kind: "open", files });
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message, []);
  }

  #fail(words: string): void {
    this.state.value = { kind: "failed", words };
    this.#worker.terminate();
  }

  #take(message: FromWorker): void {
    if (message.kind === "progress") this.state.value = { ...message, kind: "reading" };
    else if (message.kind === "failed") this.#fail(message.words);
    else if (message.kind === "detail") {
      this.detail.value = message.detail;
      this.#asked = undefined;
      if (this.#next !== undefined) this.ask(this.#next.from, this.#next.count);
    } else {
      this.state.value = { kind: "read", content: message.content };
      // What is held here needs nobody any more.
      if (message.content.isLong !== "seeks") this.#worker.terminate();
    }
  }

  /** Asks for the samples of a part; of what is asked meanwhile the last counts. */
  ask(from: number, count: number): void {
    this.#next = undefined;
    if (this.#asked !== undefined) {
      this.#next = { from, count };
      return;
    }
    this.#asked = { from, count };
    this.#tell({ kind: "detail", from, count });
  }

  /** Ends the reading at once, and what it holds. */
  stop(): void {
    this.#worker.terminate();
    if (this.state.value.kind === "reading") this.state.value = { kind: "stopped" };
  }
}
