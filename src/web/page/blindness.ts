/** Whether a meter knows anything of what it is to measure now, and why not. */
import type { LiveView } from "#quantity/meter-api.ts";
import { say } from "./language.ts";
import { phaseRows, pickRows } from "./reading-rows.ts";
import { silenceTexts } from "./texts/states.ts";

/** Why there is no reading; undefined while there is one, and of a meter that reads nothing by phase or has no supply, which is said elsewhere. */
export function blindnessOf({
  readings,
  powered,
  absence,
  source: { pushed },
}: Pick<LiveView, "readings" | "powered" | "absence" | "source">): string | undefined {
  const names = pickRows(readings, phaseRows).flatMap((row) => row.names);
  const isKnown = names.some((name) => name !== undefined && typeof readings[name] === "number");
  if (!powered || names.length === 0 || isKnown) return undefined;
  if (absence !== undefined) return absence;
  if (pushed === undefined) return say(silenceTexts.notMeasured);
  return say(pushed.age === null ? silenceTexts.never : silenceTexts.tooOld);
}
