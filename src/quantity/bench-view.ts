/** What a site's HTTP API says of the bench of a meter: what is set of the network that its source makes, and what differs from the site file. */

export type ThreeValues = readonly [a: number, b: number, c: number];

export interface BenchHarmonic {
  readonly order: number;
  readonly percent: number;
  readonly degrees: number;
}

/** What is set now. */
export interface BenchState {
  readonly hz: number;
  /** Line to neutral, and amps, primary, by phase. */
  readonly volts: ThreeValues;
  readonly amps: ThreeValues;
  readonly pf: ThreeValues;
  /** Degrees of the voltages. */
  readonly angles: ThreeValues;
  readonly leading: boolean;
  readonly export: boolean;
  readonly harmonics: { readonly volts: readonly BenchHarmonic[]; readonly amps: readonly BenchHarmonic[] };
  /** Percent of the fundamental. */
  readonly noise: number;
  readonly flicker: { readonly hz: number; readonly percent: number; readonly shape: "sine" | "square" } | null;
  /** By time of day, what the amps are multiplied by. */
  readonly load: Readonly<Record<string, number>> | null;
  /** Mistakes, in the words of the site file. */
  readonly wiring: Readonly<Record<string, unknown>> | null;
  /** There is neither voltage nor current, until somebody ends it. */
  readonly outage: boolean;
}

export const benchKinds = ["sag", "swell", "interruption", "step", "swap", "transient"] as const;

/** Something that happens, or is to happen. */
export interface BenchEventView {
  readonly kind: (typeof benchKinds)[number];
  /** When it begins. */
  readonly utc: string;
  /** Seconds; left out, it lasts, or does not come again. */
  readonly for?: number | undefined;
  readonly every?: number | undefined;
  readonly phases?: readonly ("a" | "b" | "c")[] | undefined;
  readonly volts?: number | undefined;
  readonly amps?: number | undefined;
  readonly hz?: number | undefined;
  readonly ring?: number | undefined;
  /** The site file orders it, or the bench did. */
  readonly by: "file" | "bench";
}

export interface BenchView {
  readonly name: string;
  /** Milliseconds of the site's UTC. */
  readonly utc: number;
  /** The name of the site file, without its folder. */
  readonly siteFile: string;
  /** The source makes a waveform; without one, transients and flicker are not seen. */
  readonly waveform: boolean;
  /** From when on it is as it is now; null while it is as the file has it from the start. */
  readonly since: string | null;
  readonly now: BenchState;
  /** What lasts, comes again or is to come. */
  readonly events: readonly BenchEventView[];
  /** What is not as the site file has it: the key, and what the file says. */
  readonly differs: readonly { readonly key: keyof BenchState | "events"; readonly file: unknown }[];
}

/** The clock of a site. */
export interface ClockView {
  /** Milliseconds of its UTC. */
  readonly utc: number;
  /** How many times as fast as time it goes; "max" as fast as it can; null of one that is moved by hand. */
  readonly speed: number | "max" | null;
  /** Why its speed cannot be changed, in words; null where it can. */
  readonly fixed: string | null;
  readonly behind?: string | undefined;
}
