/**
 * CRC-16 of Modbus RTU: polynomial 0xA001 (reflected 0x8005), initial value 0xFFFF; it goes on the wire low byte
 * first (Modbus over Serial Line V1.02, clause 2.5.1.2).
 */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

/** The CRC of bytes [from, to). What others than Modbus make by the same polynomial begins with another value. */
export function crc16(bytes: Uint8Array, from = 0, to = bytes.length, initial = 0xffff): number {
  let crc = initial;
  for (let k = from; k < to; k++) crc = (crc >>> 8) ^ table[(crc ^ bytes[k]!) & 0xff]!;
  return crc;
}
