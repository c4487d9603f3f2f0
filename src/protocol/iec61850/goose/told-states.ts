/** What is told of a publisher that somebody follows: that it is gone, does not fit, needs commissioning, that it is there again. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { SubscriptionState } from "./subscription.ts";

/** Nobody can make a log grow faster than a line in so long; what is so in the end is told. */
const APART_MS = 10_000;

type Told = Pick<SubscriptionState, "status" | "why" | "needsCommissioning">;
type Status = Told["status"] | "uncommissioned";

export class ToldStates {
  readonly #clock: Clock;
  readonly #tell: (words: string) => void;
  #state: Told = { status: "waiting", needsCommissioning: false };
  /** That it is there at first goes without saying. */
  #told: Status = "waiting";
  #toldAt = -Infinity;
  #pending: Cancel | undefined;

  constructor(clock: Clock, tell: (words: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  become(state: Told): void {
    this.#state = state;
    if (this.#pending !== undefined) return;
    const waitMs = this.#toldAt + APART_MS - this.#clock.elapsed();
    if (waitMs <= 0) this.#say();
    else
      this.#pending = this.#clock.after(waitMs, () => {
        this.#pending = undefined;
        this.#say();
      });
  }

  end(): void {
    this.#pending?.();
  }

  #say(): void {
    const { why, needsCommissioning } = this.#state;
    const status = this.#state.status === "good" && needsCommissioning ? "uncommissioned" : this.#state.status;
    if (status === this.#told) return;
    const isFirst = this.#told === "waiting" && status === "good";
    this.#told = status;
    if (isFirst) return;
    this.#toldAt = this.#clock.elapsed();
    this.#tell(wordsOf(status, why));
  }
}

function wordsOf(status: Status, why: string | undefined): string {
  if (status === "good") return "is there again";
  if (status === "uncommissioned") return "needs commissioning: what it says does not count";
  return status === "mismatched" ? `does not fit: ${why}` : "is gone: nothing has come within the time that it allowed";
}
