/** What somebody made of a meter's configuration: who, when, by which port, and what it changed key by key. */
import type { Origin } from "./log.ts";
import type { Stamp } from "./stamp.ts";

/** A key whose value is another: what is absent was not there, or is there no more. */
export interface KeyChange {
  /** "primary.pt", "triggers[id 3].alarm", "users[name boss].password". */
  readonly key: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** It has become another, and neither is told. */
  readonly secret?: true | undefined;
}

/** Changes, and how many more there are: an entry, or an answer, has room for so many. */
export interface ChangesTold {
  readonly changes: readonly KeyChange[];
  readonly more?: number | undefined;
}

export interface ConfigurationEntry extends ChangesTold, Origin {
  /** Its own number; that of the next entry is one more. */
  readonly number: number;
  readonly at: Stamp;
  /** What began anew with it, in words. */
  readonly consequences: readonly string[];
  /** It took back what was made since before the entry of this number. */
  readonly undoes?: number | undefined;
}

/** A value that a configuration could have at a key, and why. */
export interface SuggestedValue {
  readonly key: string;
  readonly value: number;
  /** What it says at the moment. */
  readonly now: number;
  /** Of what is measured at full scale, primary: watts of Wh, and what else there is in its own unit. */
  readonly fullScale: number;
  /** Of the value: "Wh". */
  readonly unit: string;
  readonly words: string;
}

/** How long a profile or a log lasts until its oldest record goes. */
export interface SuggestedRoom {
  readonly key: string;
  readonly records: number;
  readonly days: number;
  readonly words: string;
}

export interface Suggestions {
  readonly values: readonly SuggestedValue[];
  readonly room: readonly SuggestedRoom[];
}
