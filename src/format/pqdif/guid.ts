/** GUIDs as the files have them (16 bytes, the first three fields little endian) and as people write them. */

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Where each pair of digits of the text is among the bytes. */
const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15] as const;

const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isGuid(text: string): boolean {
  return form.test(text);
}

/** In lower case, as it is compared. There must be 16 bytes at `at`. */
export function guidAt(bytes: Uint8Array, at: number): string {
  let text = "";
  for (let k = 0; k < 16; k++) {
    if (k === 4 || k === 6 || k === 8 || k === 10) text += "-";
    text += hex[bytes[at + order[k]!]!]!;
  }
  return text;
}

export function putGuid(text: string, into: Uint8Array, at: number): void {
  const digits = text.replaceAll("-", "");
  for (let k = 0; k < 16; k++) into[at + order[k]!] = Number.parseInt(digits.slice(2 * k, 2 * k + 2), 16);
}
