/** How many registers a meter is asked for at once. */
import { Failure } from "./failure.ts";

export const maxRegistersOption = [
  "--max-registers <n>",
  "ask for so many registers at once at most; where a meter refuses, fewer are tried anyhow",
] as const;

/** Undefined where nothing is said. Throws Failure of status 2. */
export function maxRegistersOf({ maxRegisters }: { readonly maxRegisters?: string | undefined }): number | undefined {
  if (maxRegisters === undefined) return undefined;
  const most = Number(maxRegisters);
  if (/^\d+$/.test(maxRegisters) && most >= 1 && most <= 125) return most;
  throw new Failure(`--max-registers: expected a whole number from 1 to 125, found "${maxRegisters}"`, 2);
}
