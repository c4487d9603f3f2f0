/** Why a meter measures nothing now, or nothing new: the one place that decides it, for pages and programs. */
import type { LiveView } from "./meter-api.ts";

/** "held" and "forgotten" are of readings that are pushed in: the last ones still stand, or the meter knows nothing any more. */
export type Silence = "supply" | "ended" | "absence" | "never" | "held" | "forgotten";

/** Undefined while it measures. */
export function silenceOf({
  powered,
  absence,
  source,
}: Pick<LiveView, "powered" | "absence" | "source">): Silence | undefined {
  const { ended, pushed } = source;
  if (!powered) return "supply";
  if (ended) return "ended";
  if (absence !== undefined) return "absence";
  if (pushed === undefined || !pushed.silent) return undefined;
  if (pushed.age === null) return "never";
  return pushed.stale ? "forgotten" : "held";
}

/** In words; what its source says of an absence is said by that. */
export const silences: Readonly<Record<Exclude<Silence, "absence">, string>> = {
  supply: "the meter has no supply",
  ended: "the recording has been played to its end",
  never: "nothing has been pushed into this meter yet",
  held: "the values are held",
  forgotten: "nothing is known any more",
};
