/** Follows one control block of somebody else: inputs of the meter are what its messages say, and what is odd about them is said. */
import type { Clock } from "#clock/clock.ts";
import { memberState, type MemberPlace } from "./member-state.ts";
import { Subscription, type SubscriptionSettings, type SubscriptionState } from "./subscription.ts";
import { ToldStates } from "./told-states.ts";

/** An input of the meter that follows a value of somebody else. */
export interface Driven extends MemberPlace {
  readonly input: number;
}

export interface Followed extends SubscriptionSettings {
  readonly inputs: readonly Driven[];
  /** What they are when nothing comes in time, or what comes does not count. */
  readonly whenGone: "keep" | "open" | "closed";
}

/** What it needs of the meter. */
export interface FollowingParts {
  readonly clock: Clock;
  readonly tell: (words: string) => void;
  /** Tells, once, what whoever sends could have said again and again. */
  readonly complain: (what: string) => void;
  readonly acceptsSimulation: () => boolean;
  /** Closes or opens an input; why that cannot be, in words. */
  readonly drive: (input: number, closed: boolean) => string | undefined;
}

/** How long a publisher may be silent at first before that is said: more than the longest pause of most (MaxTime up to 60 s). */
const UNHEARD_MS = 65_000;

export class Following {
  readonly subscription: Subscription;
  readonly #settings: Followed;
  readonly #parts: FollowingParts;
  readonly #told: ToldStates;
  readonly #patience: () => void;
  #isForeignSaid = false;

  constructor(settings: Followed, parts: FollowingParts) {
    const { clock, acceptsSimulation } = parts;
    this.#settings = settings;
    this.#parts = parts;
    this.#told = new ToldStates(clock, (words) => this.#tell(words));
    this.#patience = clock.after(UNHEARD_MS, () => this.#sayUnheard());
    this.subscription = new Subscription(settings, {
      clock,
      acceptsSimulation,
      foreign: (source, followed) => this.#sayForeign(source, followed),
      changed: (state) => {
        this.#told.become(state);
        this.#drive(state);
      },
    });
  }

  end(): void {
    this.#patience();
    this.#told.end();
  }

  #tell(words: string): void {
    this.#parts.tell(`GOOSE ${this.#settings.controlBlock} ${words}`);
  }

  #sayForeign(source: string, followed: string): void {
    if (this.#isForeignSaid) return;
    this.#isForeignSaid = true;
    this.#tell(`comes from ${source}, too, which does not count while ${followed} is there`);
  }

  #sayUnheard(): void {
    const { state, counts } = this.subscription;
    if (state.status !== "waiting") return;
    const since = `since the start, ${UNHEARD_MS / 1000} s ago`;
    if (counts.simulations > 0) this.#tell(`has sent nothing but simulations ${since}, which do not count`);
    else if (counts.malformed > 0) this.#tell(`has sent nothing but values that are none ${since}`);
    else this.#tell(`has not been heard ${since}`);
  }

  /** Inputs follow what is good; else they are what they are to be then. */
  #drive({ status, isGone, needsCommissioning, values = [] }: SubscriptionState): void {
    const { inputs, whenGone, controlBlock } = this.#settings;
    const { complain, drive } = this.#parts;
    // What does not fit changes nothing; what fitted counts for as long as it said.
    if (status === "mismatched" && !isGone) return;
    for (const one of inputs) {
      const { on, trouble } = status === "good" ? memberState(values, one) : {};
      if (trouble !== undefined) complain(`input ${one.input}: messages of ${controlBlock} ${trouble}`);
      const followed = needsCommissioning ? undefined : on;
      const closed = followed ?? (whenGone === "keep" ? undefined : whenGone === "closed");
      if (closed === undefined) continue;
      const why = drive(one.input, closed);
      if (why !== undefined) complain(`input ${one.input}: ${why}`);
    }
  }
}
