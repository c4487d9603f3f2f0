/** A site whose time somebody moves, as fast as it goes: nothing of it is on disk, and what was left by another run is not there. */
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import { MemoryStore } from "#store/store.ts";
import { loadSite } from "./load-site.ts";
import type { SiteFile } from "./site-schema.ts";
import type { Site } from "./site.ts";

/** Milliseconds of its time in one go, and of real time until others have their turn. */
const SLICE_MS = 60_000;
const TURN_MS = 50;

export interface MovedSite {
  readonly site: Site;
  /** Goes on to an instant of UTC, milliseconds; one that is past changes nothing. */
  goTo(utc: number): Promise<void>;
}

/** `described` is what the file says, where that stands in no file of its own. Throws an Error that says what is wrong and where. */
export function movedSite(
  file: string,
  { start, described }: { readonly start: number; readonly described?: SiteFile | undefined },
): MovedSite {
  const clock = new VirtualClock(start);
  const real = new SystemClock();
  const site = loadSite(file, { clock, real, store: new MemoryStore(), described });
  const turn = (): Promise<void> => new Promise((resolve) => void real.after(0, resolve));
  return {
    site,
    async goTo(utc) {
      let since = real.elapsed();
      for (let left = utc - clock.utc(); left > 0; left = utc - clock.utc()) {
        clock.advance(Math.min(left, SLICE_MS));
        if (real.elapsed() - since < TURN_MS) continue;
        await turn();
        since = real.elapsed();
      }
    },
  };
}
