/** The samples of a PQDIF file as rows, for whoever reads a recording of any format. */
import type { Rows, RowSource } from "#format/reader.ts";
import { FormatError, type RecordingHead } from "#format/recording.ts";
import { Remarks } from "#format/remarks.ts";
import { unitScale } from "#format/unit.ts";
import type { Pqdif } from "./model.ts";
import { knownUtcOf } from "./time.ts";
import { recordingPhases } from "./recording-phases.ts";
import { waveformsOf, type Strip, type WaveChannel } from "./waveforms.ts";

/** Seconds that a time may be off: a double of the seconds of a year holds them to less. */
const QUANTUM = 1e-8;

/** Samples of the waveforms of a file; throws FormatError where it has none, with what it has instead. */
export function pqdifRows(file: string, content: Pqdif): RowSource {
  const remarks = new Remarks();
  for (const { where, what } of content.warnings) remarks.add(what, where, what);
  const { channels, strips, start } = waveformsOf(content, remarks);
  if (strips.length === 0) {
    const what = `there are no samples; expected waveforms of volts or amps, found ${channelsFound(content)}`;
    throw new FormatError(file, "its observations", what);
  }
  const [first] = strips;
  const observation = content.observations[first?.observation ?? 0];
  const triggered = observation?.triggered;
  const begins = knownUtcOf(start) ?? NaN;
  if (Number.isNaN(begins)) {
    remarks.add(
      "start",
      `observation ${first?.observation ?? 0}`,
      "it begins at no time of a calendar: the time is not known",
    );
  }
  const head: RecordingHead = {
    channels: channels.map(headOf),
    statuses: [],
    lineHz: observation?.settings?.nominalHz,
    start: begins,
    trigger: knownUtcOf(triggered) ?? NaN,
  };
  return new StripRows(file, head, strips, remarks);
}

/** Whether there are waveforms in it, of volts and amps or of other things. */
export function hasSamples(content: Pqdif): boolean {
  return waveformsOf(content, new Remarks()).strips.length > 0;
}

function headOf({ name, unit, phase, nominal }: WaveChannel): RecordingHead["channels"][number] {
  const known = phase === undefined ? undefined : recordingPhases[phase];
  return {
    name,
    unit,
    scale: unitScale(unit),
    skew: 0,
    ...(known === undefined ? {} : { phase: known }),
    ...(nominal === undefined ? {} : { nominal }),
  };
}

/** What a file has channels of, in words: "channels: 6 of phasor". */
export function channelsFound({ observations }: Pqdif): string {
  const kinds = new Map<string, number>();
  for (const { source, channels } of observations) {
    for (const { definition } of channels) {
      const kind = String(source.channels[definition ?? -1]?.quantityType ?? "unknown");
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  return kinds.size === 0 ? "no channels" : `channels: ${[...kinds].map(([kind, n]) => `${n} of ${kind}`).join(", ")}`;
}

class StripRows implements RowSource {
  readonly file: string;
  readonly head: RecordingHead;
  readonly remarks: Remarks;
  readonly stated: { rate: number; end: number }[];
  readonly stamped = true;
  readonly quantum = QUANTUM;
  readonly isExact = true;
  readonly most: number;
  readonly #strips: readonly Strip[];
  #strip = 0;
  #sample = 0;

  constructor(file: string, head: RecordingHead, strips: readonly Strip[], remarks: Remarks) {
    this.file = file;
    this.head = head;
    this.remarks = remarks;
    this.#strips = strips;
    let end = 0;
    this.stated = strips.map(({ rate, count }) => ({ rate, end: (end += count) }));
    this.most = end;
  }

  place(row: number): string {
    let before = 0;
    for (const { observation, count } of this.#strips) {
      if (row < before + count) return `observation ${observation}`;
      before += count;
    }
    return "the end";
  }

  rewind(): void {
    this.#strip = 0;
    this.#sample = 0;
  }

  fill({ times, channels }: Rows, from: number, to: number): number {
    let row = from;
    for (let strip = this.#strips[this.#strip]; row < to && strip !== undefined; strip = this.#strips[this.#strip]) {
      const count = Math.min(to - row, strip.count - this.#sample);
      const first = strip.from + this.#sample;
      for (let k = 0; k < count; k++) times[row + k] = strip.at + (this.#sample + k) / strip.rate;
      for (let c = 0; c < channels.length; c++) {
        const values = strip.series.get(c);
        if (values === undefined) channels[c]!.fill(NaN, row, row + count);
        else channels[c]!.set(values.subarray(first, first + count), row);
      }
      row += count;
      this.#sample += count;
      if (this.#sample < strip.count) continue;
      this.#strip++;
      this.#sample = 0;
    }
    return row - from;
  }
}
