/** Files of firmware as a stranger makes them: board and version in a line, anything, and the CRC-32 of all that, as zlib has it. */
import { crc32 } from "node:zlib";

export function imageOf(name: string, size = 200): Buffer {
  const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, k) => k));
  bytes.set(Buffer.from(`${name}\n`));
  bytes.writeUInt32BE(crc32(bytes.subarray(0, size - 4)), size - 4);
  return bytes;
}

/** The key of an option for a meter of a serial number. */
export function keyOf(option: string, serial: string): string {
  return `${option}-${crc32(Buffer.from(`${option} ${serial}`))
    .toString(16)
    .toUpperCase()
    .padStart(8, "0")}`;
}
