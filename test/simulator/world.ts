/** A run's time, its site of the moment, and those who wait for answers: nothing goes on in it but by its seed. */
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers";
import type { Chance } from "./chance.ts";
import type { Figures } from "./figures.ts";
import type { Process } from "./site.ts";
import { hold, Violation } from "./violation.ts";

/** Milliseconds of virtual time after which somebody who has no answer has been forgotten. */
const PATIENCE_MS = 6000;
const STEP_MS = 10;
/** So long after the disk is well again the site may not have noticed. */
const NOTICED_MS = 3000;

export class World {
  readonly chance: Chance;
  readonly figures: Figures;
  readonly #trace = createHash("sha256");
  readonly #heard: (line: string) => void;
  #utc: number;
  #process: Process | undefined;

  readonly #folder: string;

  /** `heard` is told all that was asked and answered. */
  constructor(
    { chance, figures, folder }: { readonly chance: Chance; readonly figures: Figures; readonly folder: string },
    utc: number,
    heard: (line: string) => void,
  ) {
    this.#folder = folder;
    this.chance = chance;
    this.figures = figures;
    this.#utc = utc;
    this.#heard = heard;
  }

  get utc(): number {
    const process = this.#process;
    return process === undefined ? this.#utc : (process.endedAt ?? process.clock.utc());
  }

  /** The process that runs. */
  get process(): Process {
    if (this.#process === undefined) throw new Error("nothing runs");
    return this.#process;
  }

  get ended(): boolean {
    return this.#process === undefined || this.#process.ended;
  }

  #failing = false;
  #failedUntil = -Infinity;

  /** The disk refuses something, or does not any more. */
  fails(is: boolean): void {
    if (this.#failing && !is) this.#failedUntil = this.utc + NOTICED_MS;
    this.#failing = is;
  }

  /** Answers until the process ends, right behind one of them. */
  lastAnswer = Infinity;

  /** Somebody has heard an answer. */
  answered(): void {
    this.lastAnswer--;
    if (this.lastAnswer !== 0) return;
    this.figures.add("crash: right behind an answer");
    this.process.end(this.chance.one(["kill", "power"] as const));
  }

  /** Whether the site may have cause to say that it can keep nothing. */
  get hasCause(): boolean {
    return this.#failing || this.utc <= this.#failedUntil;
  }

  /** Why the site can keep nothing, in its words. */
  get trouble(): string | undefined {
    return this.#process?.trouble;
  }

  run(process: Process | undefined): void {
    this.#utc = this.utc;
    this.#process = process;
  }

  /** Time goes by while nothing runs. */
  sleep(ms: number): void {
    this.#utc += ms;
  }

  /** What goes into the trace of the run: but for where its folder is, which is elsewhere each time. */
  note(...words: readonly (string | number | undefined)[]): void {
    const at = Temporal.Instant.fromEpochMilliseconds(Math.round(this.utc)).toString();
    const line = `${at} ${words.join(" ").replaceAll(this.#folder, "")}`;
    this.#trace.update(`${line}\n`);
    this.#heard(line);
  }

  get hash(): string {
    return this.#trace.copy().digest("hex");
  }

  /** Lets time go by for the site, as far as it lives. */
  pass(ms: number): void {
    if (this.ended) return;
    try {
      this.process.clock.advance(ms);
    } catch (error) {
      // Of a process that has ended in the middle nobody hears any more.
      if (!this.process.ended) throw error;
    }
  }

  /** Whether only one deed goes on: else what is so when somebody looks may have come after his answer. */
  isAlone = true;

  /** Lets all of these go on at once until they are through, or the process has ended. */
  async together(doing: readonly Promise<void>[]): Promise<void> {
    this.isAlone = doing.length === 1;
    let open = doing.length;
    let failed: unknown;
    for (const one of doing) {
      one.then(
        () => open--,
        (error: unknown) => {
          open--;
          failed ??= error;
        },
      );
    }
    for (let waited = 0; ; waited += STEP_MS) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (failed !== undefined) throw failed;
      if (this.ended || open === 0) return;
      hold(waited < PATIENCE_MS, () => `${open} of ${doing.length} have had no answer for ${waited / 1000} s`);
      this.pass(STEP_MS);
    }
  }

  /** Throws what is not a broken promise, either: a site never throws. */
  static broken(error: unknown): Violation {
    if (error instanceof Violation) return error;
    const { stack = String(error) } = error as { stack?: string };
    return new Violation(`the site has thrown: ${stack}`);
  }
}
