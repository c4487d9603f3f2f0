/** zlib streams without waiting, through what Node has for them. */
import { constants, deflateSync, inflateSync } from "node:zlib";

export function deflateNow(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes);
}

export interface InflatedNow {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The stream is longer than asked for: nothing of it is kept. */
  readonly isTooLong: boolean;
  /** What was wrong where the stream stopped; its bytes are those before that. */
  readonly problem: string | undefined;
}

const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/** Inflates a stream (RFC 1950) to `most` bytes at most; what follows its end is no part of it. */
export function inflateNow(stream: Uint8Array, most: number): InflatedNow {
  const whole = inflated(stream, most, constants.Z_FINISH);
  if (whole instanceof Uint8Array) return { bytes: whole, isTooLong: false, problem: undefined };
  if (whole === TOO_LONG) return { bytes: NOTHING, isTooLong: true, problem: undefined };
  const bytes = upToFault(stream, most);
  return bytes === TOO_LONG
    ? { bytes: NOTHING, isTooLong: true, problem: undefined }
    : { bytes, isTooLong: false, problem: whole };
}

const TOO_LONG = Symbol("too long");

/** The bytes, or what is wrong with them. */
function inflated(stream: Uint8Array, most: number, flush: number): Uint8Array<ArrayBuffer> | string | typeof TOO_LONG {
  // A stream of no bytes may be no longer than that, which zlib cannot be told.
  const options = { maxOutputLength: Math.max(1, most), finishFlush: flush };
  try {
    const bytes = inflateSync(stream, options);
    if (bytes.length > most) return TOO_LONG;
    return Uint8Array.from(bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ERR_BUFFER_TOO_LARGE" ? TOO_LONG : message;
  }
}

/** What comes before a fault: of the stream's beginnings that have none the longest, looked for by halves. */
function upToFault(stream: Uint8Array, most: number): Uint8Array<ArrayBuffer> | typeof TOO_LONG {
  let [good, bad] = [0, stream.length + 1];
  let bytes = NOTHING;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    const part = inflated(stream.subarray(0, middle), most, constants.Z_SYNC_FLUSH);
    if (part === TOO_LONG) return TOO_LONG;
    if (typeof part === "string") bad = middle;
    else [good, bytes] = [middle, part];
  }
  return bytes;
}
