/** What the meter says to a draft, and what has become of it. */
import { wordsOf, type Answered } from "./configuration-answers.ts";
import { problemOf, type Problem } from "./configuration-problems.ts";
import type { Json } from "./configuration-value.ts";

/** Why the whole of it is not there. */
export type State = "loading" | "ready" | "none" | "barred" | "lost";

/** What the meter says to the draft. */
export interface Checked {
  readonly state: "unchanged" | "asking" | "right" | "wrong" | "barred" | "lost";
  readonly consequences: readonly string[];
  readonly problems: readonly Problem[];
  /** Why it did not look at it. */
  readonly words: readonly string[];
}

/** What has become of applying, or of taking back. */
export interface Outcome {
  readonly kind: "applied" | "refused" | "lost";
  readonly words: readonly string[];
}

export const unchanged: Checked = { state: "unchanged", consequences: [], problems: [], words: [] };

/** What is wrong with a draft, each at its value. */
export function wrongOf(answer: Answered, mine: Json): Checked {
  return { ...unchanged, state: "wrong", problems: wordsOf(answer).map((line) => problemOf(line, mine)) };
}
