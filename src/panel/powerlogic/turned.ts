/** A number that is turned by two buttons: once by a press, faster the longer one is held. */

/** Milliseconds that a button is held before it repeats, and between two repeats. */
const BEGINS_MS = 500;
const EVERY_MS = 100;
/** After so many repeats each turns so much: thousands of registers lie between the first and the last. */
const steps: readonly (readonly [after: number, by: number])[] = [
  [60, 100],
  [25, 10],
  [0, 1],
];

/** How often a button has repeated that went down so long ago. */
function repeats(heldMs: number): number {
  return heldMs < BEGINS_MS ? 0 : 1 + Math.floor((heldMs - BEGINS_MS) / EVERY_MS);
}

/** How far a button has turned the number that has been held so long: 1 at first. */
export function turned(heldMs: number): number {
  let by = 1;
  for (let k = 0; k < repeats(heldMs); k++) by += steps.find(([after]) => k >= after)?.[1] ?? 0;
  return by;
}

/** When it turns next, milliseconds of being held. */
export function turnsNext(heldMs: number): number {
  return BEGINS_MS + EVERY_MS * repeats(heldMs);
}
