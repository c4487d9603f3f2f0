import type { SincTable } from "./sinc-table.ts";

/** Channels of a scan: va, vb, vc, ia, ib, ic. */
export const CHANNELS = 6;

/** Throws where a window of scans does not hold what the instants need, or the outputs do not fit. */
export function checkWindow(
  table: SincTable,
  input: Float64Array,
  position: number,
  step: number,
  count: number,
  out: readonly Float64Array[],
  at: number,
): void {
  const scans = Math.floor(input.length / CHANNELS);
  const first = Math.floor(position) - table.before;
  const last = Math.floor(position + (count - 1) * step) + table.after;
  if (!(first >= 0 && last < scans)) {
    throw new RangeError(`instants from ${position} on need scans ${first} to ${last}; there are 0 to ${scans - 1}`);
  }
  for (let c = 0; c < CHANNELS; c++) {
    const length = out[c]?.length ?? 0;
    if (at < 0 || at + count > length) {
      throw new RangeError(`outputs ${at} to ${at + count - 1} of channel ${c} do not fit in ${length}`);
    }
  }
}
