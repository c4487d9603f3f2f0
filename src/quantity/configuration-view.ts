/** What a site's HTTP API says of configurations: of what was applied, of what a change does, and of who has an editor open. */
import type { ChangesTold, Suggestions } from "./configuration-history.ts";
import type { TimeView } from "./meter-api.ts";

/** An entry of the history. */
export interface ConfigurationEntryView extends TimeView, ChangesTold {
  readonly number: number;
  /** As the meter's wall clock showed it. */
  readonly at: string;
  readonly by: string;
  readonly port?: string | undefined;
  readonly protocol?: string | undefined;
  readonly peer?: string | undefined;
  readonly consequences: readonly string[];
  readonly undoes?: number | undefined;
}

export interface ConfigurationHistoryView {
  readonly name: string;
  /** Number of the oldest that is kept, and that the next will have. */
  readonly first: number;
  readonly next: number;
  /** Oldest first. */
  readonly entries: readonly ConfigurationEntryView[];
}

/** What a configuration that is checked or applied, or an undo, comes to. */
export interface ConfiguredView {
  readonly ok: true;
  readonly consequences?: readonly string[] | undefined;
  readonly changes?: ChangesTold["changes"] | undefined;
  readonly more?: number | undefined;
  readonly suggestions?: Suggestions | undefined;
}

export interface EditorView {
  /** Of the site; null of whoever is let in without. */
  readonly user: string | null;
  /** Whose session with the meter it is. */
  readonly meterUser?: string | undefined;
  /** On the site's own machine. */
  readonly near: boolean;
  /** An instant of UTC. */
  readonly since: string;
  /** The one that asks. */
  readonly you: boolean;
}

export interface EditorsView {
  readonly name: string;
  readonly editors: readonly EditorView[];
}
