/** Work in steps: one after the other at once, or each in a turn of its own, between which whoever else waits has his. */
import { setImmediate } from "node:timers/promises";

/** Each `yield` ends a step. */
export type Steps<T> = Generator<undefined, T, undefined>;

export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** Resolves in a turn of its own, too. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  await setImmediate();
  let step = steps.next();
  while (step.done !== true) {
    await setImmediate();
    step = steps.next();
  }
  await setImmediate();
  return step.value;
}
