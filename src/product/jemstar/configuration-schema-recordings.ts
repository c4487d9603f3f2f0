/** The shape of what triggers record: the section on power quality of a revenue meter's configuration, and what a trigger says of it. */
import { factoryCaptures } from "#quality/capture-settings.ts";
import type { CaptureKind } from "#quantity/captured.ts";
import { waveforms } from "#revenue/settings/recordings.ts";
import { z } from "zod";

/** Cycles; the ranges of each kind are checked with the frequency that was ordered. */
const recording = (kind: CaptureKind, ranges: string) => {
  const factory = factoryCaptures[kind];
  const cycles = z.number().int();
  return z
    .strictObject({
      pre: cycles.min(0).default(factory.pre).describe("cycles before the trigger"),
      post: cycles.min(0).default(factory.post).describe("cycles after it has returned to normal"),
      limit: cycles.min(2).default(factory.limit).describe("cycles of the whole, at most"),
    })
    .prefault({})
    .describe(ranges);
};

export const powerQuality = z
  .strictObject({
    highSpeedRms: recording("rms", "two values a cycle (PQ1, PQ3): up to half a second before, one after, 60 in all"),
    waveforms: z
      .strictObject({
        low: recording("low", "16 samples a cycle (PQ2, PQ3): 0-30 cycles before and after, 2-960 in all"),
        medium: recording("medium", "128 samples a cycle: 0-10 cycles before and after, 2-240 in all"),
        high: recording("high", "512 samples a cycle: 0-5 cycles before and after, 2-30 in all"),
      })
      .prefault({}),
  })
  .prefault({});

/** What a trigger records, and that it is one on transients. */
export const recordedByTrigger = {
  highSpeedRms: z.boolean().optional().describe("records RMS of two values a cycle (PQ1, PQ3)"),
  waveform: z.enum(waveforms).optional().describe("records waveforms (PQ2, PQ3): 16, 128 or 512 samples a cycle"),
  transient: z
    .strictObject({
      samples: z.number().int().min(1).max(256).default(1).describe("in a row that are beyond the level"),
      reset: z.number().int().min(1).max(432_000).default(100).describe("half cycles without another"),
    })
    .optional()
    .describe("a trigger on transients: alarm is by how many secondary volts samples are above those a cycle before"),
};
