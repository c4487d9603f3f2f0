/** A sink that is switched off and on again: what goes by while it is off is a gap to what measures. */
import type { GridHalf } from "#metrology/grid-half.ts";
import type { GridSink } from "./grid-feed.ts";
import type { SampleRun } from "./source.ts";

/** The same half cycle, behind a gap. */
function afterGap(at: GridHalf): GridHalf {
  const { grid, half, ring, index, from, seconds, missing, coverage, cosines, sines } = at;
  const { uneven, hz, harmonicLimit, lock, doubtful } = at;
  const place = { grid, half, ring, index, from, at: at.at, seconds };
  return { ...place, missing, coverage, cosines, sines, joined: false, uneven, hz, harmonicLimit, lock, doubtful };
}

/** Passes on what comes while `isOn`; what goes by meanwhile ends what was under way. */
export function switched(sink: GridSink, isOn: () => boolean): Required<GridSink> {
  let [runGap, halfGap, paused] = [false, false, true];
  /** Whether it is on; switches off what measures when it is not. */
  const passes = (): boolean => {
    if (isOn()) return true;
    runGap = true;
    halfGap = true;
    if (!paused) sink.pause?.();
    paused = true;
    return false;
  };
  return {
    begin: (at) => sink.begin?.(at),
    run(run: SampleRun) {
      if (!passes()) return;
      sink.run?.(runGap ? { ...run, joined: false } : run);
      runGap = false;
    },
    half(half: GridHalf) {
      if (!passes()) return;
      paused = false;
      sink.half(halfGap ? afterGap(half) : half);
      halfGap = false;
    },
    pause() {
      if (!paused) sink.pause?.();
      paused = true;
    },
    finish: () => sink.finish?.(),
  };
}
