/** Readings of registers as they are kept: JSON, whose whole counts are texts. Later versions read what earlier ones have written. */
import type { RegisterReading } from "#quantity/register.ts";
import { NO_TIME } from "./display-digits.ts";

/** The text of a time that had not been, as earlier versions kept it. */
export const UNSET = "1970-01-01 00:00:00";

/** What the first version kept: no instants, no units. */
export interface EarlierReading {
  readonly id: number;
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

/** For JSON: plain values. */
export function plainReading({ counts, ...rest }: RegisterReading): object {
  return counts === undefined ? rest : { ...rest, counts: String(counts) };
}

export function readingOf(plain: object): RegisterReading {
  const { counts, ...kept } = plain as Omit<RegisterReading, "counts"> & { readonly counts?: string };
  const rest = kept.value === undefined && kept.text === UNSET ? { ...kept, text: NO_TIME } : kept;
  return counts === undefined ? rest : { ...rest, counts: BigInt(counts) };
}

/** `earlier` makes readings of those that the first version kept. */
export function decodeReadings(
  bytes: Uint8Array,
  earlier: (reading: EarlierReading) => RegisterReading,
): readonly RegisterReading[] {
  const found = JSON.parse(new TextDecoder().decode(bytes)) as
    | readonly EarlierReading[]
    | { readonly readings: readonly object[] };
  return "readings" in found ? found.readings.map(readingOf) : found.map(earlier);
}
