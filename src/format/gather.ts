/** A recording as a whole, for those that need all of it at once. */
import { bytesInMemory, type ByteSource } from "./bytes.ts";
import { RecordingReader, type RowSource } from "./reader.ts";
import { FormatError, type Recording, type Segment } from "./recording.ts";

/** Numbers that a recording held as a whole may have: 2 GB of them. */
const MOST = 1 << 28;

/** All that a format finds in bytes that are in memory, status channels, too. */
export function whole(rows: RowSource): Recording {
  return gather(new RecordingReader(rows, true));
}

/** What is in memory as a source; a text is one of UTF-8. */
export function inMemory(bytes: Uint8Array | string): ByteSource {
  return bytesInMemory(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
}

/** Reads to the end, and gathers. */
export function gather(reader: RecordingReader): Recording {
  const { head } = reader;
  const columns = head.channels.map(() => new Column<Float64Array>((size) => new Float64Array(size)));
  const bits = head.statuses.map(() => new Column<Uint8Array>((size) => new Uint8Array(size)));
  const segments: { rate: number; count: number; at: number }[] = [];
  let total = 0;
  for (let run = reader.next(); run !== undefined; run = reader.next()) {
    const { rows, from, count, rate, at, follows } = run;
    total += count;
    if (total * (head.channels.length + 1) > MOST) {
      throw new FormatError(reader.file, "the whole file", "it is too long to be held at once; it can be replayed");
    }
    rows.channels.forEach((samples, c) => columns[c]?.append(samples.subarray(from, from + count)));
    rows.statuses.forEach((samples, c) => bits[c]?.append(samples.subarray(from, from + count)));
    const last: (Segment & { count: number }) | undefined = segments.at(-1);
    if (last !== undefined && follows && last.rate === rate) last.count += count;
    else segments.push({ rate, count, at });
  }
  const { lineHz, start, trigger } = head;
  return {
    channels: head.channels.map((channel, c) => ({ ...channel, samples: columns[c]?.done() ?? new Float64Array(0) })),
    statuses: head.statuses.map((name, c) => ({ name, samples: bits[c]?.done() ?? new Uint8Array(0) })),
    segments,
    gaps: reader.gaps,
    warnings: reader.warnings,
    lineHz,
    start,
    trigger,
  };
}

/** Numbers that come in pieces. */
class Column<T extends Float64Array | Uint8Array> {
  readonly #make: (size: number) => T;
  #all: T;
  #count = 0;

  constructor(make: (size: number) => T) {
    this.#make = make;
    this.#all = make(1024);
  }

  append(part: T): void {
    const end = this.#count + part.length;
    if (end > this.#all.length) {
      const grown = this.#make(Math.max(end, 2 * this.#all.length));
      grown.set(this.#all);
      this.#all = grown;
    }
    this.#all.set(part, this.#count);
    this.#count = end;
  }

  done(): T {
    const exact = this.#make(this.#count);
    exact.set(this.#all.subarray(0, this.#count));
    return exact;
  }
}
