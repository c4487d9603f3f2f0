/** Lists of numbers that options have: "16,1-3" is 16, 1, 2, 3. */
import { Failure } from "./failure.ts";

export function numbersIn(option: string, given: string, most: number): readonly number[] {
  const numbers = given.split(",").flatMap((part) => {
    const [, from = "", to = from] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part.trim()) ?? [];
    const [low, high] = [from, to].map(Number);
    if (from === "" || low === undefined || high === undefined || low > high || high > most)
      throw new Failure(`${option}: expected numbers up to ${most}, like 16 or 1-3,17; found "${given}"`, 2);
    return Array.from({ length: high - low + 1 }, (_, k) => low + k);
  });
  return [...new Set(numbers)];
}
