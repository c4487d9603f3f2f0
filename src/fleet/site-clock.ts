/** The clock of a site, as somebody at its bench sees and changes it. */
import type { Clock } from "#clock/clock.ts";
import { PacedClock } from "#clock/paced-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { SiteFile } from "./site-schema.ts";

/** Times as fast as time: a year in half a minute. */
export const MOST_SPEED = 1e6;

/** How fast it goes; null of one that is moved by hand. */
export function speedOf(clock: Clock): number | "max" | null {
  if (clock instanceof PacedClock) return clock.speed;
  return clock instanceof VirtualClock ? null : 1;
}

/** Why its speed cannot be changed, in words; undefined where it can. */
export function whyFixed(clock: Clock, { meters }: Pick<SiteFile, "meters">): string | undefined {
  if (!(clock instanceof PacedClock))
    return clock instanceof VirtualClock
      ? "the site's clock is moved by whoever runs it"
      : "the site's clock is the computer's: with clock.start in the site file it has one of its own";
  // A second of it would be another's minute: there would be no end to its gaps.
  const streamed = meters.find(({ source }) => source.sampledValues !== undefined);
  return streamed === undefined
    ? undefined
    : `${streamed.name} follows a stream of sampled values, which goes by real time`;
}

/** Lets it go at another speed; why not, in words. */
export function changeSpeed(clock: Clock, file: Pick<SiteFile, "meters">, speed: number | "max"): string | undefined {
  const fixed = whyFixed(clock, file);
  if (fixed === undefined && clock instanceof PacedClock) clock.speed = speed;
  return fixed;
}
