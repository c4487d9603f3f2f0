/** Logical names: six value groups A to F (Blue Book, OBIS), as text "1.0.1.8.0.255" and as six bytes. */

/** "A.B.C.D.E.F", each 0 to 255. */
export type LogicalName = string;

export function logicalNameOf(bytes: Uint8Array): LogicalName {
  return bytes.join(".");
}

const GROUPS = 6;
const DOT = 0x2e;
const ZERO = 0x30;

/** Throws an Error of what has not six groups from 0 to 255. */
export function logicalNameBytes(name: LogicalName): Uint8Array {
  const bytes = new Uint8Array(GROUPS);
  let group = 0;
  let digits = 0;
  let value = 0;
  for (let k = 0; k <= name.length; k++) {
    const code = k < name.length ? name.charCodeAt(k) : DOT;
    if (code === DOT) {
      if (digits === 0 || value > 0xff || group >= GROUPS) throw noName(name);
      bytes[group++] = value;
      digits = value = 0;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || ++digits > 3) throw noName(name);
    value = 10 * value + digit;
  }
  if (group !== GROUPS) throw noName(name);
  return bytes;
}

function noName(name: string): Error {
  return new Error(`expected six numbers from 0 to 255 with dots between, like 1.0.1.8.0.255, found "${name}"`);
}
