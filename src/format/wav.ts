/**
 * WAV recordings: RIFF, RF64 and BW64 (EBU Tech 3306, ITU-R BS.2088), Sony Wave64; PCM of up to 32 bits, floats of 32 or 64. Samples are
 * fractions of full scale, -1 to 1: what full scale means in volts or amps is said with the file.
 */
import { ByteWindow, readFully, type ByteSource } from "./bytes.ts";
import { inMemory, whole } from "./gather.ts";
import type { Rows, RowSource } from "./reader.ts";
import { FormatError, type Recording, type RecordingHead } from "./recording.ts";
import { Remarks } from "./remarks.ts";

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** The size of a chunk that is said elsewhere, in RF64 by ds64. */
const ELSEWHERE = 0xffffffff;

/** Chunks before the data that a file may have. */
const MOST_CHUNKS = 1000;

interface Frames {
  readonly code: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
  /** Bytes of one sample of one channel. */
  readonly width: number;
}

/** A WAV recording as a whole; throws FormatError with the byte. */
export function readWav(file: string, bytes: Uint8Array): Recording {
  return whole(wavRows(file, inMemory(bytes)));
}

/** A WAV recording, its channels named 1, 2, …; throws FormatError with the byte. */
export function wavRows(file: string, source: ByteSource): RowSource {
  const id = textAt(source, 0, 4);
  const wide = id === "riff";
  if (!["RIFF", "RF64", "BW64", "riff"].includes(id))
    throw new FormatError(file, "byte 0", "expected RIFF, RF64, BW64 or Wave64");
  const form = wide ? textAt(source, 24, 4).toUpperCase() : textAt(source, 8, 4);
  if (form !== "WAVE") throw new FormatError(file, wide ? "byte 24" : "byte 8", "expected WAVE");
  const remarks = new Remarks();
  let frames: Frames | undefined;
  let dataSize = NaN;
  let at = wide ? 40 : 12;
  for (let k = 0; k < MOST_CHUNKS && at + 8 <= source.size; k++) {
    const chunk = textAt(source, at, 4).toLowerCase();
    // The chunks of Wave64 have names of 16 bytes and sizes of 8 that count their own head.
    const body = at + (wide ? 24 : 8);
    let size = wide
      ? viewAt(source, at, 24).getUint32(16, true) + 2 ** 32 * viewAt(source, at, 24).getUint32(20, true) - 24
      : viewAt(source, at, 8).getUint32(4, true);
    if (chunk === "ds64") {
      const view = viewAt(source, body, 16);
      dataSize = view.getUint32(8, true) + 2 ** 32 * view.getUint32(12, true);
    } else if (chunk === "fmt ") frames = framesOf(file, at, viewAt(source, body, Math.min(40, source.size - body)));
    else if (chunk === "data") {
      if (frames === undefined) throw new FormatError(file, `byte ${at}`, 'expected "fmt " before "data"');
      if (size === ELSEWHERE && !Number.isNaN(dataSize)) size = dataSize;
      const left = source.size - body;
      // Recorders that were cut off leave a size of zero or of more than there is.
      const cut = size === 0 || size > left;
      if (cut && left > 0) remarks.add("size", `byte ${at}`, `${size} bytes of data are stated, and ${left} are there`);
      return new WavFrames(file, source, { frames, from: body, to: body + (cut ? left : size), remarks });
    }
    if (size < 0) break;
    at = body + (wide ? Math.ceil(size / 8) * 8 : size + (size & 1));
  }
  throw new FormatError(file, `byte ${Math.min(at, source.size)}`, 'the file ends where "data" was expected');
}

function viewAt(source: ByteSource, at: number, length: number): DataView {
  // What is not there reads as zeros, which no chunk of use is made of.
  const bytes = new Uint8Array(Math.max(24, length));
  readFully(source, at, bytes.subarray(0, Math.max(0, length)));
  return new DataView(bytes.buffer);
}

function textAt(source: ByteSource, at: number, length: number): string {
  const bytes = new Uint8Array(length);
  readFully(source, at, bytes);
  return String.fromCharCode(...bytes);
}

function framesOf(file: string, at: number, view: DataView): Frames {
  let code = view.getUint16(0, true);
  const channels = view.getUint16(2, true);
  const rate = view.getUint32(4, true);
  const align = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  if (code === EXTENSIBLE && view.byteLength >= 26) code = view.getUint16(24, true);
  if (channels === 0 || rate === 0) {
    throw new FormatError(file, `byte ${at}`, `expected channels and a rate, found ${channels} at ${rate} Hz`);
  }
  // 20 bits stand in three bytes, left justified.
  const least = Math.ceil(bits / 8);
  const width = align >= least * channels && align % channels === 0 ? align / channels : least;
  const usable =
    code === FLOAT ? (bits === 32 || bits === 64) && width === least : code === PCM && bits > 0 && width <= 4;
  if (!usable) {
    const expected = "expected PCM of up to 32 bits, or floats of 32 or 64";
    throw new FormatError(file, `byte ${at}`, `${expected}; found format ${code} of ${bits} bits`);
  }
  return { code, channels, rate, bits, width };
}

class WavFrames implements RowSource {
  readonly file: string;
  readonly head: RecordingHead;
  readonly remarks: Remarks;
  readonly stated;
  readonly stamped = false;
  readonly quantum = 0;
  readonly most: number;
  readonly #frames: Frames;
  readonly #from: number;
  readonly #bytes: ByteWindow;

  constructor(
    file: string,
    source: ByteSource,
    { frames, from, to, remarks }: { frames: Frames; from: number; to: number; remarks: Remarks },
  ) {
    this.file = file;
    this.remarks = remarks;
    this.#frames = frames;
    this.most = (to - from) / (frames.width * frames.channels);
    this.#from = from;
    this.#bytes = new ByteWindow(source, from, to);
    this.stated = [{ rate: frames.rate, end: Infinity }];
    this.head = {
      channels: Array.from({ length: frames.channels }, (_, c) => ({
        name: String(c + 1),
        unit: "",
        scale: 1,
        skew: 0,
      })),
      statuses: [],
      lineHz: undefined,
      start: NaN,
      trigger: NaN,
    };
  }

  place(row: number): string {
    return `byte ${this.#from + row * this.#frames.width * this.#frames.channels}`;
  }

  rewind(): void {
    this.#bytes.rewind();
  }

  seek(row: number): void {
    this.#bytes.goTo(this.#from + row * this.#frames.width * this.#frames.channels);
  }

  fill(rows: Rows, from: number, to: number): number {
    const bytes = this.#bytes;
    const { width, channels } = this.#frames;
    const size = width * channels;
    let row = from;
    while (row < to) {
      const count = Math.min(to - row, Math.floor((bytes.end - bytes.at) / size));
      if (count === 0) {
        if (bytes.more()) continue;
        if (bytes.end > bytes.at) this.remarks.add("cut", `byte ${bytes.place}`, "the last frame is cut, and left out");
        bytes.at = bytes.end;
        break;
      }
      for (let c = 0; c < channels; c++) this.#samples(rows.channels[c]!, bytes.at + width * c, row, count);
      bytes.at += count * size;
      row += count;
    }
    return row - from;
  }

  #samples(out: Float64Array, first: number, row: number, count: number): void {
    const { code, width, channels } = this.#frames;
    const { view } = this.#bytes;
    const size = width * channels;
    const end = row + count;
    let p = first;
    if (code === FLOAT) {
      for (let k = row; k < end; k++, p += size) {
        const x = width === 4 ? view.getFloat32(p, true) : view.getFloat64(p, true);
        out[k] = Number.isFinite(x) ? x : NaN;
      }
    } else if (width === 1) {
      for (let k = row; k < end; k++, p += size) out[k] = (view.getUint8(p) - 128) / 128;
    } else if (width === 2) {
      for (let k = row; k < end; k++, p += size) out[k] = view.getInt16(p, true) / 32768;
    } else if (width === 3) {
      for (let k = row; k < end; k++, p += size)
        out[k] = ((view.getInt8(p + 2) << 16) | view.getUint16(p, true)) / 8388608;
    } else {
      for (let k = row; k < end; k++, p += size) out[k] = view.getInt32(p, true) / 2147483648;
    }
  }
}
