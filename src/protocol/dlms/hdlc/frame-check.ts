/**
 * The frame check sequence of HDLC (ISO/IEC 13239, 4.2.5.2): polynomial 0x1021, reflected, initial value and final exclusive or
 * 0xFFFF; it goes on the wire low byte first.
 */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let check = byte;
  for (let bit = 0; bit < 8; bit++) check = check & 1 ? (check >>> 1) ^ 0x8408 : check >>> 1;
  return check;
});

/** Of the bytes [from, to). */
export function frameCheck(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let check = 0xffff;
  for (let k = from; k < to; k++) check = (check >>> 8) ^ (table[(check ^ (bytes[k] ?? 0)) & 0xff] ?? 0);
  return check ^ 0xffff;
}
