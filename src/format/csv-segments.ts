/** Segments of LeCroy: each begins its time anew, and what stands above the rows says when each was triggered. */
import { stampOf } from "./csv-fields.ts";

export interface TriggeredSegments {
  /** Rows of one. */
  readonly size: number;
  /** Milliseconds since 1970 of the first trigger, by the recorder's clock. */
  readonly trigger: number;
  /** Seconds from the first trigger to each. */
  readonly since: readonly number[];
}

/** `rows` are the fields of the lines above the samples: "Segments,2,SegmentSize,500", and "#1,03-Apr-2017 14:53:22,0" for each. */
export function triggeredSegmentsOf(rows: readonly (readonly string[])[]): TriggeredSegments | undefined {
  const sizes = rows.find((row) => /^segments$/i.test(row[0] ?? "") && /^segment ?size$/i.test(row[2] ?? ""));
  const size = Number(sizes?.[3] ?? NaN);
  const each = rows
    .map((row) => /^#(\d+) (.*?) ([-+\d.,eE]+)$/.exec(row.join(" ").trim()))
    .filter((match) => match !== null)
    .map(([, , date = "", since = ""]) => ({
      at: stampOf(date, "month first")?.ms ?? NaN,
      since: Number(since.replace(",", ".")),
    }));
  const [first] = each;
  if (!(size > 0) || first === undefined) return undefined;
  return { size, trigger: first.at, since: each.map(({ since }) => since) };
}
