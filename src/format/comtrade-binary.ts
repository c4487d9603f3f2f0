/** The records of binary COMTRADE data: number, stamp, analog values, status bits in words of 16; little endian. */
import { ByteWindow } from "./bytes.ts";
import type { ComtradeData } from "./comtrade-data.ts";
import type { Rows, RowSource } from "./reader.ts";
import { FormatError } from "./recording.ts";

/** Counts after which the stamps of a binary file begin at 0 again. */
const WRAP = 2 ** 32;

/** A stamp that is not there (IEEE C37.111-2013, 8.6). */
const NO_STAMP = 0xffffffff;

/** The largest number of a 32-bit float stands for a missing value. */
const FLOAT_MAX = 3.4028234663852886e38;

/** Whether this machine has the order of bytes of the file: words are then read as they stand. */
const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

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
  /** The last stamp, and the counts of the rounds before. */
  #last = NaN;
  #rounds = 0;

  constructor(data: ComtradeData) {
    const { config, file, head, remarks, source, from, to } = data;
    this.file = file;
    this.head = head;
    this.remarks = remarks;
    this.stated = config.rates;
    this.quantum = config.timeUnit * config.timeMultiplier;
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
    this.#last = NaN;
    this.#rounds = 0;
  }

  fill(rows: Rows, from: number, to: number): number {
    const bytes = this.#bytes;
    let row = from;
    while (row < to) {
      const count = Math.min(to - row, Math.floor((bytes.end - bytes.at) / this.#size));
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
    const { quantum } = this;
    const size = this.#size;
    // A field that is written for each record would make garbage.
    let last = this.#last;
    let rounds = this.#rounds;
    for (let k = 0, p = at + 4; k < count; k++, p += size) {
      const stamp = view.getUint32(p, true);
      if (stamp === NO_STAMP) {
        times[row + k] = NaN;
        continue;
      }
      if (stamp < last - WRAP / 2) rounds += WRAP;
      last = stamp;
      times[row + k] = (stamp + rounds) * quantum;
    }
    this.#last = last;
    this.#rounds = rounds;
  }

  #analog(out: Float64Array, c: number, row: number, count: number): void {
    const { view, at } = this.#bytes;
    const { gain, offset, config } = this.#data;
    const [times, plus] = [gain[c]!, offset[c]!];
    const size = this.#size;
    let p = at + 8 + this.#width * c;
    const end = row + count;
    if (config.type === "BINARY" && LITTLE) {
      // Records have a whole number of words, and the window begins with one.
      const words = new Int16Array(view.buffer, 0, view.byteLength >> 1);
      const step = size >> 1;
      for (let k = row, w = p >> 1; k < end; k++, w += step) {
        const x = words[w]!;
        out[k] = x === -0x8000 ? NaN : times * x + plus;
      }
    } else if (config.type === "BINARY") {
      for (let k = row; k < end; k++, p += size) {
        const x = view.getInt16(p, true);
        out[k] = x === -0x8000 ? NaN : times * x + plus;
      }
    } else if (config.type === "BINARY32") {
      for (let k = row; k < end; k++, p += size) {
        const x = view.getInt32(p, true);
        out[k] = x === -0x80000000 ? NaN : times * x + plus;
      }
    } else {
      for (let k = row; k < end; k++, p += size) {
        const x = view.getFloat32(p, true);
        out[k] = x < FLOAT_MAX && x > -FLOAT_MAX ? times * x + plus : NaN;
      }
    }
  }

  #status(out: Uint8Array, c: number, row: number, count: number): void {
    const { view, at } = this.#bytes;
    let p = at + 8 + this.#width * this.head.channels.length + 2 * (c >> 4);
    for (let k = 0; k < count; k++, p += this.#size) out[row + k] = (view.getUint16(p, true) >> (c & 15)) & 1;
  }
}
