/** What becomes of where readers have come to, and of reports that wait for them, when a configuration, or a cold start, begins something anew. */
import type { Marks } from "#product/marks.ts";
import type { Applied } from "#revenue/revenue-options.ts";
import type { MeterStore } from "#store/store.ts";
import { forgetReports } from "./iec61850-reports.ts";

/** What is erased is counted from 0 again: a reader that has read up to 96 has read nothing of it. */
export function forgetErased(
  applied: Applied | undefined,
  { marks, masterMarks, store }: { readonly marks: Marks; readonly masterMarks: Marks; readonly store: MeterStore },
): void {
  if (applied?.erased !== undefined) forgetReports(store);
  if (applied?.profiles === true) marks.forget((series) => series.startsWith("profile "));
  if (applied?.measurementLog === true || applied?.erased !== undefined)
    marks.forget((series) => series.startsWith("measurement log "));
  if (applied?.registers !== true) return;
  marks.forget((series) => series === "self-reads");
  masterMarks.forget(() => true);
}
