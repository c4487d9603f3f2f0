/** Runs of bytes as links hand them over: put together, and searched. */

export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Whether `part` stands at `at`; where the run ends before it does, whether what is there begins it. */
export function beginsAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  const end = Math.min(part.length, bytes.length - at);
  for (let k = 0; k < end; k++) if (bytes[at + k] !== part[k]) return false;
  return true;
}

/** Where the whole `part` begins in `bytes`; -1 where it does not. */
export function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= bytes.length; at++) if (beginsAt(bytes, at, part)) return at;
  return -1;
}
