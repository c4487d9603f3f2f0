/** Values of load profiles as float32. */
import { float32, nullData, type Data } from "#protocol/dlms/data/data.ts";

/** Counts, or engineering values without rounding; of what was not known in an interval nothing. */
export function valueData(value: number | undefined): Data {
  return value === undefined ? nullData : float32(value);
}
