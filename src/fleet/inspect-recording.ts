/** What is in a recording, without holding it: it is read to its end, batch by batch. */
import type { Gap, Remark, Segment } from "#format/recording.ts";
import { hasSamples } from "#format/pqdif/rows.ts";
import type { RecordingReader } from "#format/reader.ts";
import { unitOf } from "#format/unit.ts";
import type { Input } from "#waveform/channel-map.ts";
import { inspectPqdif, type PqdifInspection } from "./inspect-pqdif.ts";
import { isPqdif, pqdifFile, pqdifReader, recordingReader, tooSlow } from "./recording-file.ts";
import { suggestedMap } from "./suggested-map.ts";

export interface InspectedChannel {
  /** Its number in the file, from 1: a map may name it so. */
  readonly number: number;
  readonly name: string;
  /** As the file prints it. */
  readonly unit: string;
  /** The unit of `least` and `most`: SI where the file's is known. */
  readonly si: string;
  readonly least: number | null;
  readonly most: number | null;
  readonly missing: number;
  readonly skewSeconds: number;
}

export interface Inspection {
  readonly file: string;
  /** By the recorder's own clock; null where the file does not say. */
  readonly start: string | null;
  /** The same of the trigger. */
  readonly trigger: string | null;
  readonly lineHz: number | null;
  readonly samples: number;
  /** From the first sample to the end of the last one. */
  readonly seconds: number;
  readonly channels: readonly InspectedChannel[];
  readonly statuses: readonly string[];
  readonly segments: readonly Segment[];
  readonly gaps: readonly Gap[];
  readonly warnings: readonly Remark[];
  /** Which channels are plainly which inputs of a meter; null where none is. */
  readonly map: Readonly<Partial<Record<Input, string | number>>> | null;
  /** Of PQDIF: observations and quantities. Waveforms among them are what the rest is of. */
  readonly pqdif?: PqdifInspection;
}

/** Throws an Error that names the file and the place where it is wrong. */
export function inspectRecording(file: string, rate?: number): Inspection {
  if (!isPqdif(file)) return inspectedSamples(file, recordingReader(file, { rate }));
  const content = pqdifFile(file);
  const pqdif = inspectPqdif(content);
  // A log has no samples, and is one all the same.
  return {
    ...(hasSamples(content) ? inspectedSamples(file, pqdifReader(file, content)) : nothing(file, pqdif)),
    pqdif,
  };
}

function nothing(file: string, { warnings }: PqdifInspection): Inspection {
  return {
    file,
    start: null,
    trigger: null,
    lineHz: null,
    samples: 0,
    seconds: 0,
    channels: [],
    statuses: [],
    segments: [],
    gaps: [],
    warnings,
    map: null,
  };
}

function inspectedSamples(file: string, reader: RecordingReader): Inspection {
  const { head } = reader;
  const seen = head.channels.map(() => ({ least: Infinity, most: -Infinity, missing: 0 }));
  const segments: { rate: number; count: number; at: number }[] = [];
  let [samples, end, fastest] = [0, 0, 0];
  for (let run = reader.next(); run !== undefined; run = reader.next()) {
    const { rows, from, count, at, follows } = run;
    samples += count;
    end = at + count / run.rate;
    const last = segments.at(-1);
    if (count > 1 || last === undefined) fastest = Math.max(fastest, run.rate);
    if (last !== undefined && follows && last.rate === run.rate) last.count += count;
    else segments.push({ rate: run.rate, count, at });
    rows.channels.forEach((values, c) => {
      const one = seen[c];
      if (one === undefined) return;
      for (let k = from; k < from + count; k++) {
        const x = values[k] ?? NaN;
        if (Number.isNaN(x)) one.missing++;
        else {
          if (x < one.least) one.least = x;
          if (x > one.most) one.most = x;
        }
      }
    });
  }
  const { start, trigger, lineHz } = head;
  const slow = tooSlow(fastest);
  return {
    file,
    start: textOf(start),
    trigger: textOf(trigger),
    lineHz: lineHz ?? null,
    samples,
    seconds: end,
    channels: head.channels.map(({ name, unit, scale, skew }, c) => {
      const { least = NaN, most = NaN, missing = 0 } = seen[c] ?? {};
      const si = scale === undefined ? "" : (unitOf(unit)?.si ?? unit);
      const some = least <= most;
      return {
        number: c + 1,
        name,
        unit,
        si,
        least: some ? least : null,
        most: some ? most : null,
        missing,
        skewSeconds: skew,
      };
    }),
    statuses: head.statuses,
    segments,
    gaps: reader.gaps,
    warnings: slow === undefined ? reader.warnings : [...reader.warnings, { where: "rate", what: slow }],
    map: (slow === undefined && suggestedMap(head.channels)) || null,
  };
}

function textOf(utc: number): string | null {
  return Number.isNaN(utc) ? null : Temporal.Instant.fromEpochMilliseconds(Math.floor(utc)).toString();
}
