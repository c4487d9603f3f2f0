/**
 * The order of names in lists (ISO 9506-1, GetNameList): whoever asks for the rest of a list names the last one that he has. Letters of
 * either case are alike and go before digits, and what separates components goes before both, so that a variable stands before those in it.
 */

/** By code of ISO 646; all others come behind. */
const ranks = new Uint8Array(128).map((_, code) => 128 + code);
for (const [rank, character] of [..."$abcdefghijklmnopqrstuvwxyz0123456789"].entries())
  for (const either of [character, character.toUpperCase()]) ranks[either.charCodeAt(0)] = rank;

function rank(code: number): number {
  return ranks[code] ?? code + 128;
}

/** Below 0 where `a` goes before `b`; 0 of the same name only. */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let k = 0; k < length; k++) {
    const difference = rank(a.charCodeAt(k)) - rank(b.charCodeAt(k));
    if (difference !== 0) return difference;
  }
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
