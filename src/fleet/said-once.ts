/** What a site says once when it becomes so: that its clock is behind, and has caught up; that all it plays has been played. */
import type { Clock } from "#clock/clock.ts";
import { PacedClock } from "#clock/paced-clock.ts";
import type { Notice } from "./notice.ts";

/** That a clock does not go as fast as it is to, in words; undefined while it does. */
export function behindOf(clock: Clock): string | undefined {
  const behind = clock instanceof PacedClock ? clock.behind : undefined;
  if (behind === undefined) return undefined;
  return `its clock is to go ${behind.speed} times as fast as time, and goes ${Number(behind.reached.toPrecision(2))} times`;
}

interface LookedAt {
  readonly behind: string | undefined;
  /** Of meters: every source has played all it has. */
  readonly finished: boolean;
  readonly meters: readonly unknown[];
  readonly utc: number;
  readonly tell: (notice: Notice) => void;
}

export class SaidOnce {
  #behind = false;
  #played = false;

  look(site: LookedAt): void {
    this.#lookBehind(site);
    this.lookPlayed(site);
  }

  lookPlayed(site: LookedAt): void {
    // A site without meters plays nothing.
    if (this.#played || site.meters.length === 0 || !site.finished) return;
    this.#played = true;
    const at = Temporal.Instant.fromEpochMilliseconds(Math.round(site.utc)).toString();
    site.tell({ level: "info", words: `all that its meters measure has been played to its end, at ${at} of its time` });
  }

  #lookBehind(site: LookedAt): void {
    const { behind } = site;
    if ((behind !== undefined) === this.#behind) return;
    this.#behind = behind !== undefined;
    site.tell(
      behind === undefined
        ? { level: "info", words: "its clock has caught up" }
        : { level: "warn", words: `${behind}: this machine is not faster with what the site measures` },
    );
  }
}
