/** What a file has to be looked at, as it comes from the worker that has read it. */
import type { Remark } from "#format/recording.ts";
import type { Times } from "./axis.ts";
import type { Pyramid } from "./pyramid.ts";

export interface WaveChannel {
  /** As the file calls it. */
  readonly name: string;
  /** SI, where the file's unit is known; as it is printed otherwise. */
  readonly unit: string;
  /** "a", "b", "c", "ab", …; undefined of what is of no phase that anybody could tell. */
  readonly phase: string | undefined;
  readonly pyramid: Pyramid;
}

/** Channels that have their times in common. */
export interface WaveGroup {
  /** Samples; RMS of each half cycle as the file has it, or made here; what a log has. */
  readonly kind: "samples" | "rms" | "madeRms" | "log";
  readonly times: Times;
  readonly channels: readonly WaveChannel[];
}

/** A channel that is on or off: the samples at which it changes, ascending; at first it is off. */
export interface StatusChannel {
  readonly name: string;
  readonly changes: Float64Array<ArrayBuffer>;
}

/** What happened, at a time. */
export interface Mark {
  /** Seconds from the first sample. */
  readonly at: number;
  /** The trigger of all of it; an observation, and what disturbance that is of. */
  readonly kind: "trigger" | "observation";
  readonly text: string;
}

export interface WaveContent {
  readonly file: string;
  /** Milliseconds since 1970 of the first sample, by the recorder's own clock. */
  readonly start: number | undefined;
  /** Seconds from the first sample to the end of the last. */
  readonly seconds: number;
  /** Of the line: as it was measured for the RMS, or else as the file says. */
  readonly hz: number | undefined;
  readonly groups: readonly WaveGroup[];
  /** Of the samples' group. */
  readonly statuses: readonly StatusChannel[];
  readonly marks: readonly Mark[];
  readonly remarks: readonly Remark[];
  /** Words that came with it, in a file of their own. */
  readonly notes: string | undefined;
  /** Samples are not held: details are asked for, or are not to be had. */
  readonly isLong: false | "seeks" | "buckets";
}

/** Samples of a part of a long recording. */
export interface Detail {
  readonly from: number;
  readonly count: number;
  /** By channel of the samples' group. */
  readonly channels: readonly Float32Array<ArrayBuffer>[];
}

export type ToWorker =
  | { readonly kind: "open"; readonly files: readonly File[] }
  | { readonly kind: "detail"; readonly from: number; readonly count: number };

export type FromWorker =
  | { readonly kind: "progress"; readonly done: number; readonly of: number }
  | { readonly kind: "content"; readonly content: WaveContent }
  | { readonly kind: "failed"; readonly words: string }
  | { readonly kind: "detail"; readonly detail: Detail };
