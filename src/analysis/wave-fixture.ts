/** A recording of computed samples, for tests: of any length, and read as one in a file is. */
import { RecordingReader, type Rows, type RowSource } from "#format/reader.ts";
import { Remarks } from "#format/remarks.ts";
import { type Input, inputs, type InputMap } from "#waveform/channel-map.ts";

export interface ComputedWave {
  readonly rate: number;
  readonly seconds: number;
  /** The value of an input at a sample; NaN of one that is missing. */
  readonly value: (input: Input, sample: number) => number;
  readonly inputs?: readonly Input[];
  readonly start?: number;
  readonly lineHz?: number;
}

export function mapOf(names: readonly Input[] = inputs): InputMap {
  return Object.fromEntries(names.map((name) => [name, { channel: name }]));
}

export function computedReader({ rate, seconds, value, start = NaN, lineHz, ...given }: ComputedWave): RecordingReader {
  const names = given.inputs ?? inputs;
  const count = Math.round(rate * seconds);
  let next = 0;
  const source: RowSource = {
    file: "computed",
    head: {
      channels: names.map((name) => ({ name, unit: name.startsWith("v") ? "V" : "A", scale: 1, skew: 0 })),
      statuses: [],
      lineHz,
      start,
      trigger: NaN,
    },
    remarks: new Remarks(),
    stated: [{ rate, end: Infinity }],
    stamped: false,
    quantum: 0,
    most: count,
    fill(rows: Rows, from: number, to: number): number {
      const end = Math.min(to, from + count - next);
      for (let k = from; k < end; k++) {
        rows.times[k] = NaN;
        for (let c = 0; c < names.length; c++) rows.channels[c]![k] = value(names[c]!, next);
        next++;
      }
      return end - from;
    },
    rewind: () => (next = 0),
    place: (row) => `row ${row + 1}`,
  };
  return new RecordingReader(source);
}
