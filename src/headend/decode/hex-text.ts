/** Bytes as people write them: in hex, with what helps the eye between. */

/** Two digits a byte. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).toUpperCase().padStart(2, "0");
  return text;
}

/** Undefined of what is no hex; white space, colons, dashes, commas and 0x may stand between bytes. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(/0x|[\s:,;-]/gi, "");
  if (digits.length === 0 || digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits)) return undefined;
  return Uint8Array.from({ length: digits.length / 2 }, (_, k) => Number.parseInt(digits.slice(2 * k, 2 * k + 2), 16));
}

/** Bytes as the ASCII that they are; undefined where any is no character that can be seen. */
export function printable(bytes: Uint8Array): string | undefined {
  let text = "";
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
