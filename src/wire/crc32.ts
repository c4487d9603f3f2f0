/** CRC-32 of ISO 3309 (reflected 0xEDB88320), as zlib has it: guards what the store keeps. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** The CRC of bytes [from, to), as an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffffffff;
  for (let k = from; k < to; k++) crc = (crc >>> 8) ^ table[(crc ^ bytes[k]!) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}
