import { setImmediate } from "node:timers/promises";

/** Resolves when whoever else waits for the event loop has had his turn. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}
