/**
 * Six channels at evenly spaced instants: what a meter's grid is made of. The kernel is resample.as.ts; resample-reference.ts says the same in
 * plain words.
 */
import { copyIn, kernels, memory, scratch, take } from "./memory.ts";
import { KEPT, LARGEST, type SincTable } from "./sinc-table.ts";
import { CHANNELS, checkWindow } from "./window.ts";

/** Where tables lie in the module's memory, that used last at the end. */
const places = new Map<SincTable, number>();
let lastTable: SincTable | undefined;
let lastPlace = 0;

/** Scratch of one run of the kernel: instants are taken in turns whose samples, plan and outputs fit in it. */
const RUN = 262_144;
const SCAN = 8 * CHANNELS;
const PLANNED = 16;

/** What the last run wrote, channel by channel, as views of the memory: most runs are as long as the one before. */
let made: readonly Float64Array[] = [];
let madeIn: Float64Array | undefined;
let madeAt = 0;

function madeViews(at: number, count: number): readonly Float64Array[] {
  const doubles = memory();
  if (madeIn !== doubles || madeAt !== at || made[0]?.length !== count) {
    madeIn = doubles;
    madeAt = at;
    made = Array.from({ length: CHANNELS }, (_, c) => doubles.subarray(at / 8 + c * count, at / 8 + (c + 1) * count));
  }
  return made;
}

/** Takes a table into the module's memory, in the place of that not used for longest. */
function placeOf(table: SincTable): number {
  if (table === lastTable) return lastPlace;
  let place = places.get(table);
  places.delete(table);
  if (place === undefined) {
    const [oldest] = places;
    if (places.size < KEPT || oldest === undefined) place = take(8 * LARGEST);
    else {
      place = oldest[1];
      places.delete(oldest[0]);
    }
    copyIn(table.rows, 0, table.rows.length, place / 8);
  }
  places.set(table, place);
  lastTable = table;
  lastPlace = place;
  return place;
}

/**
 * Writes `count` instants, from `position` on and `step` apart, to `out[channel][at...]`. `input` holds whole scans, va, vb, vc, ia, ib, ic of
 * each; positions count from its first. It has to hold `table.before` scans before that of the first instant and `table.after` after that of the
 * last: what lies beyond an end is the caller's to say. An instant that is a sample is that sample, unless the kernel is stretched; what is not
 * finite spreads to the other instants that it reaches.
 */
export function resample(
  table: SincTable,
  input: Float64Array,
  position: number,
  step: number,
  count: number,
  out: readonly Float64Array[],
  at: number,
): void {
  checkWindow(table, input, position, step, count, out, at);
  const rows = placeOf(table);
  const reach = table.taps + 1 + Math.ceil(step);
  const most = Math.max(1, Math.floor((RUN - SCAN * reach) / (SCAN * step + PLANNED + SCAN)));
  const to = scratch(Math.max(RUN, SCAN * reach + PLANNED + SCAN));
  for (let done = 0; done < count; done += most) {
    const now = Math.min(most, count - done);
    const first = Math.floor(position + done * step) - table.before;
    const past = Math.floor(position + (done + now - 1) * step) + table.after + 1;
    // Samples lie behind what is made of them: so that stays where it is.
    const from = to + (SCAN + PLANNED) * now;
    copyIn(input, first * CHANNELS, (past - first) * CHANNELS, from / 8);
    const { taps, phases, stretch } = table;
    kernels.resample(rows, taps, phases, stretch === 1, from, position - first + done * step, step, now, to);
    const views = madeViews(to, now);
    for (let c = 0; c < CHANNELS; c++) out[c]!.set(views[c]!, at + done);
  }
}
