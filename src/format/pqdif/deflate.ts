/** zlib streams (RFC 1950) through what the platform has for them, in Node and in browsers. */

const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array(0);

export interface Inflated {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The stream is longer than asked for: nothing of it is kept. */
  readonly isTooLong: boolean;
  /** What was wrong where the stream stopped; its bytes are those before that. */
  readonly problem: string | undefined;
}

/** Inflates a stream to `most` bytes at most. */
export async function inflate(stream: Uint8Array, most: number): Promise<Inflated> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of through(stream, new DecompressionStream("deflate"))) {
      length += chunk.length;
      if (length > most) return { bytes: NOTHING, isTooLong: true, problem: undefined };
      chunks.push(chunk);
    }
  } catch (error) {
    const bytes = joined(chunks, length);
    const what = error instanceof Error && error.message !== "" ? error.message : "it is cut or damaged";
    return { bytes, isTooLong: false, problem: isWhole(stream, bytes) ? undefined : what };
  }
  return { bytes: joined(chunks, length), isTooLong: false, problem: undefined };
}

/** Padding after the end of a stream is no fault of it: its checksum stands at the end, big endian, before up to three bytes of that. */
function isWhole(stream: Uint8Array, bytes: Uint8Array): boolean {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const sum = adler32(bytes);
  return [1, 2, 3].some((padding) => {
    const at = stream.length - padding - 4;
    return at >= 2 && view.getUint32(at) === sum;
  });
}

export async function deflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of through(bytes, new CompressionStream("deflate"))) {
    length += chunk.length;
    chunks.push(chunk);
  }
  return joined(chunks, length);
}

/** Puts bytes through a transform; whoever stops asking ends it. */
async function* through(
  bytes: Uint8Array,
  transform: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = transform.writable.getWriter();
  const reader = transform.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  // What goes wrong on this side is told by the other.
  const written = writer
    .write(bytes as Uint8Array<ArrayBuffer>)
    .then(() => writer.close())
    .catch(() => undefined);
  let isEnded = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    isEnded = true;
  } finally {
    if (!isEnded) await reader.cancel().catch(() => undefined);
    await written;
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const ADLER = 65_521;
/** So many bytes can be summed before the sums have to be reduced (zlib's NMAX). */
const RUN = 5552;

/** Adler-32 of RFC 1950. */
export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let from = 0; from < bytes.length; from += RUN) {
    const to = Math.min(bytes.length, from + RUN);
    for (let k = from; k < to; k++) {
      a += bytes[k]!;
      b += a;
    }
    a %= ADLER;
    b %= ADLER;
  }
  return ((b << 16) | a) >>> 0;
}
