/** The bytes of a file that was dropped, read by pieces in a worker, where a browser lets them be waited for. */
import type { ByteSource } from "#format/bytes.ts";

/** Bytes that are read at once: what is asked for is mostly a part of what was read before. */
const PIECE = 1 << 22;

/** As much as is used of a browser's FileReaderSync, which only workers have. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

export function fileSource(file: Blob, reader: SyncReader): ByteSource {
  let [at, bytes] = [0, new Uint8Array(0)];
  return {
    size: file.size,
    read(from, into) {
      if (from >= file.size || into.length === 0) return 0;
      if (from < at || from >= at + bytes.length) {
        // Whoever reads backwards wants what stands before.
        const before = from + into.length <= at ? PIECE - into.length : 0;
        at = Math.max(0, from - Math.max(0, before));
        const piece = file.slice(at, Math.max(at + PIECE, Math.min(from + into.length, at + 2 * PIECE)));
        bytes = new Uint8Array(reader.readAsArrayBuffer(piece));
      }
      const part = bytes.subarray(from - at, from - at + into.length);
      into.set(part);
      return part.length;
    },
  };
}
