/** Equality of plain values, as files and JSON have them. */

/** Whether two values mean the same: keys in any order, what is undefined as what is left out. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, k) => same(one, b[k]));
  }
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return keysOf(one, other).every((key) => same(one[key], other[key]));
}

export function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}
