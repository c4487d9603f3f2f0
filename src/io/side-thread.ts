/**
 * Work that would hold everybody up, done in a thread beside: jobs one after the other, each handed over in pieces, its result bytes. The thread
 * starts with the first job, is kept for the next ones, and ends when none has come for a while; a job that is broken off takes it with it.
 */
import { parentPort, Worker } from "node:worker_threads";

export interface SideThreadOptions {
  /** Megabytes of its heap: a job that takes more ends the thread, and nothing else. Buffers and what the thread is besides come on top. */
  readonly heapMb: number;
  /** Jobs that may wait for the one that runs. */
  readonly waiting: number;
  /** Milliseconds after the last job until the thread is ended, at the next `sweep`. */
  readonly idleMs: number;
  /** Milliseconds that never step. */
  readonly elapsed: () => number;
}

/** As many jobs wait as may. */
export class NoPlaceError extends Error {
  constructor() {
    super("as many wait as may");
  }
}

/** The thread has ended in the middle of a job, or the job has failed in it; the message says why. */
export class ThreadError extends Error {}

type Asked = { readonly piece: unknown } | "whole";
/** "taken" of a piece, the bytes of what is whole, and why it came to nothing. */
type Answer = "taken" | Uint8Array<ArrayBuffer> | { readonly failed: string };

/** Whoever waits for an answer: there is one at a time. */
interface Asking {
  readonly answered: (answer: Answer) => void;
  readonly broken: (error: Error) => void;
}

export class SideThread<Piece> {
  readonly #entry: URL;
  readonly #options: SideThreadOptions;
  readonly #queue: (() => void)[] = [];
  #isBusy = false;
  #lastAt = 0;
  #worker: Worker | undefined;
  #asking: Asking | undefined;

  /** `entry` is a file that calls `serveJobs`. */
  constructor(entry: URL, options: SideThreadOptions) {
    this.#entry = entry;
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * The result of a job. Pieces are read when its turn comes, the next one while the thread works on the one before. Rejects with `NoPlaceError`, with
   * `ThreadError`, with what reading a piece has thrown, and, as soon as `signal` is aborted, with its reason.
   */
  async work(pieces: AsyncIterable<Piece>, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    await this.#enter(signal);
    const breakOff = (): void => this.#end(new Error("broken off", { cause: signal.reason }));
    signal.addEventListener("abort", breakOff);
    try {
      return await this.#handOver(pieces, signal);
    } catch (error) {
      // What it has of this job is no part of the next.
      this.#end(new Error("given up"));
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", breakOff);
      this.#leave();
    }
  }

  /** Ends a thread that has had nothing to do for long. */
  sweep(): void {
    const { elapsed, idleMs } = this.#options;
    if (!this.#isBusy && elapsed() - this.#lastAt >= idleMs) this.#end(new Error("idle"));
  }

  /** Ends the thread, whatever it does. */
  stop(): void {
    this.#end(new ThreadError("it was stopped"));
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isBusy) {
      this.#isBusy = true;
      return;
    }
    if (this.#queue.length >= this.#options.waiting) throw new NoPlaceError();
    await new Promise<void>((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(begin), 1);
        reject(signal.reason as Error);
      };
      this.#queue.push(begin);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #leave(): void {
    this.#lastAt = this.#options.elapsed();
    // Who has nothing to do keeps no process alive.
    this.#worker?.unref();
    const next = this.#queue.shift();
    if (next === undefined) this.#isBusy = false;
    else next();
  }

  async #handOver(pieces: AsyncIterable<Piece>, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    let answered: Promise<Answer> = Promise.resolve("taken");
    for await (const piece of pieces) {
      await answered;
      signal.throwIfAborted();
      answered = this.#ask({ piece });
      // It is looked at when the next piece is there.
      answered.catch(() => {});
    }
    await answered;
    signal.throwIfAborted();
    const whole = await this.#ask("whole");
    if (!(whole instanceof Uint8Array)) throw new ThreadError("it has made nothing");
    return whole;
  }

  async #ask(asked: Asked): Promise<Answer> {
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    const answer = await new Promise<Answer>((answered, broken) => {
      this.#asking = { answered, broken };
      worker.postMessage(asked, []);
    });
    if (answer !== "taken" && "failed" in answer) throw new ThreadError(answer.failed);
    return answer;
  }

  #start(): Worker {
    const worker = new Worker(this.#entry, {
      // What this process was started with (a test's, an inspector's) is not for it.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMb },
    });
    const isMine = (): boolean => this.#worker === worker;
    const ended = (why: string): void => {
      if (isMine()) this.#end(new ThreadError(why));
    };
    worker.on("message", (answer: Answer) => {
      if (isMine()) this.#asking?.answered(answer);
    });
    worker.on("error", (error: NodeJS.ErrnoException) =>
      ended(
        error.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? `it took more than ${this.#options.heapMb} MB of memory`
          : error.message,
      ),
    );
    worker.on("exit", () => ended("its thread has ended"));
    return worker;
  }

  #end(why: Error): void {
    const [worker, asking] = [this.#worker, this.#asking];
    this.#worker = undefined;
    this.#asking = undefined;
    asking?.broken(why);
    void worker?.terminate();
  }
}

/** A job in the thread: it takes pieces, and is whole at the end. */
export interface Job<Piece> {
  add(piece: Piece): void;
  whole(): Promise<Uint8Array<ArrayBuffer>>;
}

/** What a thread does that was started by a `SideThread`: `begin` makes each job. */
export function serveJobs<Piece>(begin: () => Job<Piece>): void {
  let job: Job<Piece> | undefined;
  const answer = async (asked: Asked): Promise<Answer> => {
    job ??= begin();
    if (asked !== "whole") {
      job.add(asked.piece as Piece);
      return "taken";
    }
    const whole = await job.whole();
    job = undefined;
    return whole;
  };
  const send = (said: Answer): void => parentPort?.postMessage(said, said instanceof Uint8Array ? [said.buffer] : []);
  parentPort?.on("message", (asked: Asked) => {
    answer(asked).then(send, (error: unknown) =>
      send({ failed: error instanceof Error ? error.message : String(error) }),
    );
  });
}
