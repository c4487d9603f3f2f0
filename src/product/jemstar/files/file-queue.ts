/**
 * What is to be written, one after another beside the event loop: compressing takes longer than a cycle. What waits is bounded: beyond it the
 * oldest is written at once, and nothing is lost. So is all that waits when the meter stops.
 */
import { writePqdif, writePqdifNow, type PqdifContent } from "#format/pqdif/pqdif.ts";
import { atOnce, inTurns, type Steps } from "#io/turn.ts";
import { deflateNow } from "#io/zlib-now.ts";

/** A file that is about to be written. */
export interface ToWrite {
  readonly content: PqdifContent;
  /** Takes its bytes. */
  readonly keep: (bytes: Uint8Array) => void;
}

export interface FileJob {
  /** Bytes of memory that it holds, about. */
  readonly weight: number;
  /** In steps, of which none takes long; undefined of what leaves no file. */
  readonly begin: () => Steps<ToWrite | undefined>;
}

/** Bytes of what may wait: some twenty recordings of all kinds. */
const MOST_WAITING = 1 << 25;

export interface FileQueueOptions {
  /** Something could not be written. */
  readonly failed: (why: string) => void;
  /** Writes what is to be written when nothing waits; false where there is nothing. */
  readonly rest: () => Promise<boolean>;
}

export class FileQueue {
  readonly #options: FileQueueOptions;
  #jobs: FileJob[] = [];
  #weight = 0;
  /** The one that is being written, of the first job. */
  #current: ToWrite | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: FileQueueOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Until everything is written that there is. */
  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  add(job: FileJob): void {
    this.#jobs.push(job);
    this.#weight += job.weight;
    while (this.#weight > MOST_WAITING && this.#jobs.length > 1) this.#writeFirst();
    this.start();
  }

  /** Writes what there is; the caller goes on before anything of it is done. */
  start(): void {
    if (this.#isStopped) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    // Whoever hands something out is not held up by it.
    await Promise.resolve();
    while (!this.#isStopped) {
      if (this.#jobs.length > 0) await this.#next();
      else if (!(await this.#rest())) return;
    }
  }

  async #rest(): Promise<boolean> {
    try {
      return await this.#options.rest();
    } catch (error) {
      this.#options.failed(wordsOf(error));
      return false;
    }
  }

  async #next(): Promise<void> {
    const [job] = this.#jobs;
    try {
      const current = job === undefined ? undefined : await inTurns(job.begin());
      // It may have been written at once meanwhile.
      if (this.#jobs[0] !== job) return;
      this.#current = current;
      if (current === undefined) return this.#done(job);
      const bytes = await writePqdif(current.content, { compress: true });
      if (this.#current !== current) return;
      this.#current = undefined;
      current.keep(bytes);
      this.#done(job);
    } catch (error) {
      this.#fail(job, error);
    }
  }

  #done(job: FileJob | undefined): void {
    if (job === undefined || this.#jobs[0] !== job) return;
    this.#jobs.shift();
    this.#weight -= job.weight;
  }

  #fail(job: FileJob | undefined, error: unknown): void {
    this.#current = undefined;
    this.#done(job);
    this.#options.failed(wordsOf(error));
  }

  #writeFirst(): void {
    const [job] = this.#jobs;
    try {
      const current = this.#current ?? (job === undefined ? undefined : atOnce(job.begin()));
      this.#current = undefined;
      if (current !== undefined) current.keep(writePqdifNow(current.content, deflateNow));
      this.#done(job);
    } catch (error) {
      this.#fail(job, error);
    }
  }

  /** Writes all that waits at once; nothing is written after that, unless it is to go on. */
  stop(): void {
    this.#isStopped = true;
    while (this.#jobs.length > 0) this.#writeFirst();
  }

  /** It goes on after all. */
  resume(): void {
    this.#isStopped = false;
  }

  /** Nobody wants what waits. */
  forget(): void {
    this.#jobs = [];
    this.#weight = 0;
    this.#current = undefined;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
