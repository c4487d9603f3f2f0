/** What is told of a publisher that somebody follows: that it is gone, that it does not fit, that it is there again. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { SubscriptionState } from "./subscription.ts";

/** Nobody can make a log grow faster than a line in so long; what is so in the end is told. */
const APART_MS = 10_000;

type Status = SubscriptionState["status"];

export class ToldStates {
  readonly #clock: Clock;
  readonly #tell: (words: string) => void;
  #state: Pick<SubscriptionState, "status" | "why"> = { status: "waiting" };
  /** That it is there at first goes without saying. */
  #told: Status = "waiting";
  #toldAt = -Infinity;
  #pending: Cancel | undefined;

  constructor(clock: Clock, tell: (words: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  become(state: Pick<SubscriptionState, "status" | "why">): void {
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
    const { status, why } = this.#state;
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
  return status === "mismatched" ? `does not fit: ${why}` : "is gone: nothing has come within the time that it allowed";
}
