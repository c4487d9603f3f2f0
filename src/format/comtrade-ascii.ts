/** The rows of ASCII COMTRADE data: number, stamp, analog values, status bits, between commas. */
import { ByteWindow, readFully } from "./bytes.ts";
import { StampCounter, type ComtradeData } from "./comtrade-data.ts";
import { numberOf } from "./number-text.ts";
import { SKIPPED, STAMPED } from "./plain-rows.ts";
import type { Rows, RowSource } from "./reader.ts";
import { TextSamples } from "./text-samples.ts";

/** Marks a missing value since 1999; in 1991 it may be one. */
const MISSING = 99_999;

/** Whether lines end with CR alone, as those of old Macintoshes do. */
function endsWithCr({ source, from, to }: ComtradeData): boolean {
  const bytes = new Uint8Array(Math.min(1 << 16, to - from));
  const text = bytes.subarray(0, readFully(source, from, bytes));
  return !text.includes(0x0a) && text.includes(0x0d);
}

/** The time in an ASCII file: an absent word is an absent stamp. */
const countOf = (fields: readonly string[]): number => numberOf(fields[1] ?? "", ".") ?? NaN;

export class AsciiRecords implements RowSource {
  readonly file;
  readonly head;
  readonly remarks;
  readonly stated;
  readonly stamped = true;
  readonly quantum: number;
  readonly most: number;
  readonly #linesBefore: number;
  readonly #counter: StampCounter;
  readonly #samples: TextSamples;

  constructor(data: ComtradeData) {
    const { config, file, head, remarks, source, from, to, gain, offset } = data;
    this.file = file;
    this.head = head;
    this.remarks = remarks;
    this.stated = config.rates;
    this.quantum = config.timeUnit * config.timeMultiplier;
    this.#linesBefore = data.linesBefore;
    this.most = (to - from) / 2;
    this.#counter = new StampCounter(this.quantum);
    const channels = config.analogs.length;
    const plain = { target: SKIPPED, gain: 1, base: 0, offset: 0 };
    this.#samples = new TextSamples({
      file,
      remarks,
      window: new ByteWindow(source, from, to),
      line: 1 + data.linesBefore,
      where: (line) => `line ${line}`,
      manner: {
        separator: ",",
        decimal: ".",
        endsWithCr: endsWithCr(data),
        exact: true,
        stampless: true,
        missing: config.revision > 1991 ? MISSING : NaN,
      },
      // The number of the sample says nothing that its place does not.
      columns: [
        plain,
        { ...plain, target: STAMPED },
        ...config.analogs.map((_, c) => ({ target: c, gain: gain[c] ?? 1, base: 0, offset: offset[c] ?? 0 })),
        ...config.statuses.map((_, c) => ({ ...plain, target: channels + c })),
      ],
      channels,
      time: 1,
      named: (column) => `field ${column + 1}`,
      secondsOf: countOf,
      repeated: undefined,
      stamped: (times, first, end) => this.#counter.count(times, first, end),
    });
  }

  place(row: number): string {
    return `line ${this.#linesBefore + row + 1}`;
  }

  rewind(): void {
    this.#samples.rewind();
    this.#counter.rewind();
  }

  fill(rows: Rows, from: number, to: number): number {
    return this.#samples.fill(rows, from, to);
  }
}
