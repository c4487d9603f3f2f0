/** What becomes of where readers have come to when a configuration, or a cold start, begins something anew. */
import type { Marks } from "#product/marks.ts";
import type { Applied } from "#revenue/revenue-options.ts";

/** What is erased is counted from 0 again: a reader that has read up to 96 has read nothing of it. */
export function forgetErased(
  applied: Applied | undefined,
  { marks, masterMarks }: { readonly marks: Marks; readonly masterMarks: Marks },
): void {
  if (applied?.profiles === true) marks.forget((series) => series.startsWith("profile "));
  if (applied?.measurementLog === true || applied?.erased !== undefined)
    marks.forget((series) => series.startsWith("measurement log "));
  if (applied?.registers !== true) return;
  marks.forget((series) => series === "self-reads");
  masterMarks.forget(() => true);
}
