/** What was measured, what was not and why, and the settings with where each is from. */
import type { Examination } from "#analysis/examination.ts";
import { wirings } from "#quantity/wiring.ts";
import { countText, counted, rateText, secondsText } from "./figures.ts";
import type { Instants } from "./instants.ts";
import { firstOf, paragraph, section, type Content, type Markup } from "./markup.ts";
import { figures as figureColumn, table, words, type TableRow } from "./table.ts";

/** Lines of each kind. */
const MOST = 20;

export function measuredSection(examination: Examination, files: readonly string[], instants: Instants): Markup {
  const { seconds, channels, voltages, segments, gaps, absences, warnings, wiring } = examination;
  const means = Object.entries(wirings).find(([name]) => name === wiring)?.[1].means;
  const lost = gaps.reduce((sum, gap) => sum + gap.seconds, 0);
  const rows: readonly (readonly [what: string, value: Content])[] = [
    [files.length === 1 ? "file" : "files", files.join(", ")],
    ["first sample", instants.isKnown ? instants.both(0) : "nobody knows when it was: times count from it"],
    ["end of the last sample", instants.both(seconds)],
    ["length", secondsText(seconds)],
    ["wiring", means === undefined ? wiring : `${wiring}: ${means}`],
    ["channels", channels.join(", ")],
    ["events, flicker and assessments are of", voltages.join(", ")],
    ["without samples", gaps.length === 0 ? "never" : `${counted(gaps.length, "gap")}, ${secondsText(lost)}`],
  ];
  return section(
    "measured",
    2,
    "What was measured",
    table({
      caption: "The recording",
      columns: [words("what"), words("value")],
      rows: rows.map(([what, value]): TableRow => ({ cells: [what, value] })),
    }),
    segmentTable(examination, instants),
    told(
      "Gaps",
      gaps.map(({ at, seconds }) => `${instants.at(at)}: ${secondsText(seconds)} without samples`),
      "gaps",
    ),
    told(
      "Not measured",
      absences.map(({ from, to, reason }) => `${instants.at(from)} to ${instants.at(to)}: ${reason}`),
      "absences",
    ),
    told(
      "What was not as it should be in the file",
      warnings.map(({ where, what }) => `${where}: ${what}`),
      "remarks",
    ),
    segments.length === 0 ? paragraph("There are no samples.") : [],
  );
}

function told(title: string, items: readonly string[], what: string): Content {
  return items.length === 0 ? [] : [paragraph(`${title}:`), firstOf(items, MOST, what)];
}

function segmentTable({ segments }: Examination, instants: Instants): Content {
  if (segments.length === 0) return [];
  const shown = segments.slice(0, MOST);
  return [
    table({
      caption: "Stretches of samples at one rate",
      columns: [words(`from, ${instants.head}`), figureColumn("length"), figureColumn("rate")],
      rows: shown.map(({ at, seconds, rate }): TableRow => ({
        cells: [instants.at(at), secondsText(seconds), rateText(rate)],
      })),
    }),
    segments.length === shown.length
      ? []
      : paragraph(`${countText(segments.length - shown.length)} more stretches are not listed here.`),
  ];
}
