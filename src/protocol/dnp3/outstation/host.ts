/**
 * What an outstation knows of the meter behind it: settings (Appendix A of the JEMStar II's manual, Protocol Setup), what its points
 * show, freezes, its clock. A product makes it of a meter's surface; nothing here knows of energy.
 */
import type { Series } from "#quantity/series.ts";

/** Flags of a point (IEEE 1815 clause 11.6). */
export const pointFlags = {
  online: 0x01,
  restart: 0x02,
  communicationLost: 0x04,
  remoteForced: 0x08,
  localForced: 0x10,
  /** Of an analog; of a binary input it is chatter. */
  overRange: 0x20,
  /** Of a counter. */
  discontinuity: 0x40,
  /** Of a binary: it is on. */
  state: 0x80,
} as const;

/** Counters with their flags, whole numbers from 0. */
export interface CounterImage {
  /** As 32-bit variations have them, cut to the digits that are configured: 0 to 2^32 - 1. */
  readonly values32: Float64Array;
  /** As 16-bit variations have them: 0 to 65,535. */
  readonly values16: Float64Array;
  readonly flags: Uint8Array;
}

/**
 * What the points show, by index. It is never changed: while nothing has, it is the same object, so that what was made of it (the answer to a
 * class 0 poll) can be kept.
 */
export interface PointImage {
  readonly binaries: Uint8Array;
  readonly outputs: Uint8Array;
  readonly counters: CounterImage;
  readonly frozen: CounterImage;
  readonly analogs: {
    /** Times the scaling for 32 bits, whole, not limited; NaN of what is not known. */
    readonly values32: Float64Array;
    /** Times the scaling for 16 bits likewise. */
    readonly values16: Float64Array;
    /** In the units of the meter's terminals, for floating point. */
    readonly values: Float64Array;
    readonly flags: Uint8Array;
  };
}

/** The counters of a freeze. */
export interface FrozenCounters {
  /** When it was, UTC in milliseconds. */
  readonly utc: number;
  /** The clock was kept by its source then. */
  readonly synchronised: boolean;
  readonly counters: CounterImage;
}

export type AnalogVariation = 1 | 2 | 3 | 4 | 5;
export type CounterVariation = 1 | 2 | 5 | 6;
export type FrozenVariation = 1 | 2 | 9 | 10;
export type EventClass = 1 | 2 | 3;

/** Events of one kind, where they are on. */
export interface EventSettings<Variation extends number> {
  readonly class: EventClass;
  readonly variation: Variation;
}

export interface OutstationSettings {
  /** Link address, 0 to 65,519. */
  readonly address: number;
  /** The only master that is answered; any where it is left out. */
  readonly master?: number | undefined;
  /** Answers at 0xFFFC, too. */
  readonly selfAddress: boolean;
  readonly link: {
    readonly confirm: "never" | "multi-frame" | "always";
    readonly timeoutMs: number;
    /** 0 to 255. */
    readonly retries: number;
    /** Between two octets of a frame, on lines without packets. */
    readonly interCharacterMs: number;
  };
  /** A master from which nothing comes for so long is gone. */
  readonly inactivityMs: number;
  readonly application: {
    readonly confirmTimeoutMs: number;
    /** Octets of the longest fragment, both ways: 2048. */
    readonly maxFragment: number;
  };
  /** How long after the clock was written NEED_TIME is asserted again; undefined where no master is asked for the time, also not at a start. */
  readonly needTimeMs?: number | undefined;
  /** Takes the time from a broadcast. */
  readonly globalTimeSet: boolean;
  readonly class0: "running" | "frozen" | "both";
  /** Where no variation is asked for. */
  readonly variations: {
    readonly binary: 1 | 2;
    readonly output: 1 | 2;
    readonly counter: CounterVariation;
    readonly frozen: FrozenVariation;
    readonly analog: AnalogVariation;
  };
  readonly events: {
    readonly frozen?: EventSettings<1 | 2 | 5 | 6> | undefined;
    readonly binary?: EventSettings<1 | 2 | 3> | undefined;
    readonly counter?: EventSettings<1 | 2 | 5 | 6> | undefined;
    /** `deadbands` by index, in units of the point's 32-bit value. */
    readonly analog?: (EventSettings<1 | 2 | 3 | 4 | 5 | 7> & { readonly deadbands: readonly number[] }) | undefined;
    /** How often it is looked for events: 5 s. */
    readonly scanMs: number;
    /** Freezes that are kept for a master (500), and other events. */
    readonly most: { readonly freezes: number; readonly others: number };
  };
  readonly unsolicited?:
    | { readonly confirmTimeoutMs: number; readonly retries: number; readonly master: number }
    | undefined;
}

/** What became of what a master told. */
export type Told = "done" | "refused" | "unsupported";

/** A session of a master with the meter. */
export interface DnpHost {
  /** Grows when the settings or the points are others, or the meter has started anew: the DNP process begins again with it. */
  readonly epoch: number;
  readonly settings: OutstationSettings;
  /** Whether it answers now: power, test mode, and the configuration may bar it. */
  answers(): boolean;
  image(): PointImage;
  /** Runs whenever points may show something else, a few times a scan at least; what it returns stops it. */
  changed(run: () => void): () => void;
  /** Freezes by number, those that are kept. */
  readonly freezes: Series<FrozenCounters>;
  /**
   * Where a master begins in them that the meter has not seen: with those since there has been an outstation; of a numbering that has begun
   * since, with its first.
   */
  readonly since: number;
  /** UTC by the meter's clock, milliseconds, and whether it is kept by its source. */
  now(): { readonly utc: number; readonly synchronised: boolean };
  /**
   * Milliseconds on which the meter's clock runs, which never step: those of a site that is run faster are more than those of its links. The
   * outstation's own unless said.
   */
  readonly elapsed?: (() => number) | undefined;
  /** The meter's register freeze; `clear` gives the running counters 0 besides. */
  freeze(clear: boolean): Told;
  setTime(utc: number): Told;
  /** Where a master has come to in the freezes, through restarts; `next` moves it. Undefined of one that nobody has seen. */
  mark(reader: string, next?: number): number | undefined;
}
