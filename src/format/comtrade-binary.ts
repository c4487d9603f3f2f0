/** The records of binary COMTRADE data: number, stamp, analog values, status bits in words of 16; little endian. */
import { ByteWindow } from "./bytes.ts";
import { StampCounter, type ComtradeData } from "./comtrade-data.ts";
import type { Rows, RowSource } from "./reader.ts";
import { FormatError } from "./recording.ts";

/** A stamp that is not there (IEEE C37.111-2013, 8.6). */
const NO_STAMP = 0xffffffff;

/** The largest number of a 32-bit float stands for a missing value. */
const FLOAT_MAX = 3.4028234663852886e38;

/** Between what numbers are values: the one that stands for none is no such one (IEEE C37.111-2013, 8.6). */
const within = {
  BINARY: [-0x8000, Infinity],
  BINARY32: [-0x80000000, Infinity],
  FLOAT32: [-FLOAT_MAX, FLOAT_MAX],
  ASCII: [-Infinity, Infinity],
} as const;

/** Whether this machine has the order of bytes of the file: words are then read as they stand. */
const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Records that are gone over channel by channel: they stay in the nearest cache. */
const AT_ONCE = 1024;

export class BinaryRecords implements RowSource {
  readonly file;
  readonly head;
  readonly remarks;
  readonly stated;
  readonly stamped = true;
  readonly quantum: number;
  readonly most: number;
  readonly #data: ComtradeData;
  readonly #bytes: ByteWindow;
  readonly #size: number;
  readonly #width: 2 | 4;
  readonly #counter: StampCounter;

  constructor(data: ComtradeData) {
    const { config, file, head, remarks, source, from, to } = data;
    this.file = file;
    this.head = head;
    this.remarks = remarks;
    this.stated = config.rates;
    this.quantum = config.timeUnit * config.timeMultiplier;
    this.#counter = new StampCounter(this.quantum);
    this.#data = data;
    this.#width = config.type === "BINARY" ? 2 : 4;
    this.#size = 8 + this.#width * config.analogs.length + 2 * Math.ceil(config.statuses.length / 16);
    this.most = (to - from) / this.#size;
    this.#bytes = new ByteWindow(source, from, to);
  }

  place(row: number): string {
    return `byte ${this.#data.from + row * this.#size}`;
  }

  rewind(): void {
    this.#bytes.rewind();
    this.#counter.rewind();
  }

  seek(row: number): void {
    this.#bytes.goTo(this.#data.from + row * this.#size);
  }

  fill(rows: Rows, from: number, to: number): number {
    const bytes = this.#bytes;
    let row = from;
    while (row < to) {
      const count = Math.min(AT_ONCE, to - row, Math.floor((bytes.end - bytes.at) / this.#size));
      if (count === 0) {
        if (bytes.more()) continue;
        this.#rest(bytes.end - bytes.at, row > 0);
        break;
      }
      this.#stamps(rows, row, count);
      for (let c = 0; c < rows.channels.length; c++) this.#analog(rows.channels[c]!, c, row, count);
      for (let c = 0; c < rows.statuses.length; c++) this.#status(rows.statuses[c]!, c, row, count);
      bytes.at += count * this.#size;
      row += count;
    }
    return row - from;
  }

  /** A stray end-of-file mark or line end may follow the last record. */
  #rest(left: number, some: boolean): void {
    if (left <= 2 && left < this.#size) return;
    const where = `byte ${this.#bytes.place}`;
    const what = `expected records of ${this.#size} bytes, found ${left} at the end`;
    if (!some) throw new FormatError(this.file, where, what);
    this.#bytes.at = this.#bytes.end;
    this.remarks.add("cut", where, `${what}: the last record is cut, and left out`);
  }

  #stamps({ times }: Rows, row: number, count: number): void {
    const { view, at } = this.#bytes;
    const size = this.#size;
    if (LITTLE && (size & 3) === 0 && (at & 3) === 0) {
      const words = new Uint32Array(view.buffer, 0, view.byteLength >> 2);
      const step = size >> 2;
      for (let k = row, w = (at >> 2) + 1, end = row + count; k < end; k++, w += step) {
        const stamp = words[w]!;
        times[k] = stamp === NO_STAMP ? NaN : stamp;
      }
    } else {
      for (let k = row, p = at + 4, end = row + count; k < end; k++, p += size) {
        const stamp = view.getUint32(p, true);
        times[k] = stamp === NO_STAMP ? NaN : stamp;
      }
    }
    this.#counter.count(times, row, row + count);
  }

  #analog(out: Float64Array, c: number, row: number, count: number): void {
    const { view, at } = this.#bytes;
    const { gain, offset, config } = this.#data;
    const [times, plus] = [gain[c]!, offset[c]!];
    const size = this.#size;
    const first = at + 8 + this.#width * c;
    const end = row + count;
    // A choice in the loop takes longer than the rest of it: what stands for none is looked for, and taken out where there is some.
    let some = false;
    if (config.type === "BINARY" && LITTLE) {
      // Records have a whole number of words, and the window begins with one.
      const words = new Int16Array(view.buffer, 0, view.byteLength >> 1);
      const step = size >> 1;
      for (let k = row, w = first >> 1; k < end; k++, w += step) {
        const x = words[w]!;
        out[k] = times * x + plus;
        if (x === -0x8000) some = true;
      }
      if (some) for (let k = row, w = first >> 1; k < end; k++, w += step) if (words[w] === -0x8000) out[k] = NaN;
      return;
    }
    const { type } = config;
    const [low, high] = within[type];
    for (let k = row, p = first; k < end; k++, p += size) {
      const x = type === "FLOAT32" ? view.getFloat32(p, true) : wholeAt(view, p, type);
      out[k] = times * x + plus;
      if (!(x > low && x < high)) some = true;
    }
    if (!some) return;
    for (let k = row, p = first; k < end; k++, p += size) {
      const x = type === "FLOAT32" ? view.getFloat32(p, true) : wholeAt(view, p, type);
      if (!(x > low && x < high)) out[k] = NaN;
    }
  }

  #status(out: Uint8Array, c: number, row: number, count: number): void {
    const { view, at } = this.#bytes;
    let p = at + 8 + this.#width * this.head.channels.length + 2 * (c >> 4);
    for (let k = 0; k < count; k++, p += this.#size) out[row + k] = (view.getUint16(p, true) >> (c & 15)) & 1;
  }
}

function wholeAt(view: DataView, at: number, type: ComtradeData["config"]["type"]): number {
  return type === "BINARY" ? view.getInt16(at, true) : view.getInt32(at, true);
}
