/**
 * WAV recordings (RIFF, WAVE): PCM of 8, 16, 24 or 32 bits, floats of 32 or 64. Samples are fractions of full scale,
 * -1 to 1: what full scale means in volts or amps is said with the file.
 */
import { Reader, WireError } from "#wire/cursor.ts";
import { FormatError, type Recording } from "./recording.ts";

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** Reads a WAV recording, its channels named 1, 2, …; throws FormatError with the byte. */
export function readWav(file: string, bytes: Uint8Array): Recording {
  try {
    return decode(file, bytes);
  } catch (error) {
    if (error instanceof WireError) throw new FormatError(file, `byte ${error.at}`, error.message);
    throw error;
  }
}

function decode(file: string, bytes: Uint8Array): Recording {
  const input = new Reader(bytes);
  if (input.latin1(4) !== "RIFF") throw new FormatError(file, "byte 0", "expected RIFF");
  input.skip(4);
  if (input.latin1(4) !== "WAVE") throw new FormatError(file, "byte 8", "expected WAVE");
  let format: { code: number; channels: number; rate: number; bits: number } | undefined;
  while (input.left >= 8) {
    const at = input.at;
    const id = input.latin1(4);
    const size = input.u32(true);
    if (id === "data") {
      if (format === undefined) throw new FormatError(file, `byte ${at}`, 'expected "fmt " before "data"');
      // Recorders that were cut off leave a size of zero or of more than there is.
      const data = input.bytes(size === 0 || size > input.left ? input.left : size);
      return samples(file, at, format, data);
    }
    const chunk = new Reader(input.bytes(Math.min(size + (size & 1), input.left)));
    if (id !== "fmt ") continue;
    let code = chunk.u16(true);
    const channels = chunk.u16(true);
    const rate = chunk.u32(true);
    chunk.skip(6);
    const bits = chunk.u16(true);
    if (code === EXTENSIBLE) {
      chunk.skip(8);
      code = chunk.u16(true);
    }
    if (channels === 0 || rate === 0) {
      throw new FormatError(file, `byte ${at}`, `expected channels and a rate, found ${channels} at ${rate} Hz`);
    }
    format = { code, channels, rate, bits };
  }
  throw new FormatError(file, `byte ${input.at}`, 'the file ends where "data" was expected');
}

function samples(
  file: string,
  at: number,
  { code, channels, rate, bits }: { code: number; channels: number; rate: number; bits: number },
  data: Uint8Array,
): Recording {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read = sampleReader(view, code, bits);
  if (read === undefined) {
    const expected = "expected PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64";
    throw new FormatError(file, `byte ${at}`, `${expected}; found format ${code} of ${bits} bits`);
  }
  const width = bits / 8;
  const count = Math.floor(data.length / (width * channels));
  return {
    channels: Array.from({ length: channels }, (_, c) => ({
      name: String(c + 1),
      unit: "",
      scale: 1,
      skew: 0,
      samples: Float64Array.from({ length: count }, (_, k) => read(width * (k * channels + c))),
    })),
    statuses: [],
    segments: [{ rate, count }],
    lineHz: undefined,
    start: NaN,
    trigger: NaN,
  };
}

function sampleReader(view: DataView, code: number, bits: number): ((at: number) => number) | undefined {
  if (code === FLOAT && bits === 32) return (at) => view.getFloat32(at, true);
  if (code === FLOAT && bits === 64) return (at) => view.getFloat64(at, true);
  if (code !== PCM) return undefined;
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 32768;
  if (bits === 24) return (at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8388608;
  if (bits === 32) return (at) => view.getInt32(at, true) / 2147483648;
  return undefined;
}
