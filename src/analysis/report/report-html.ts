/** A report on a recording: one page of HTML that needs nothing but itself, for the screen and for paper. */
import type { Examination } from "#analysis/examination.ts";
import { en50160Section } from "./en50160-section.ts";
import { usualBounds, type ReportBounds } from "./bounds.ts";
import { eventSection } from "./event-section.ts";
import { Figures } from "./figures.ts";
import { harmonicSection } from "./harmonic-section.ts";
import { ieee519Section } from "./ieee519-section.ts";
import { Instants } from "./instants.ts";
import { judgedRecord, type JudgedRecord, type JudgeSettings, verdictOfWeeks } from "./judged.ts";
import { paragraph, tag, textOf, type Content, type Markup } from "./markup.ts";
import { measuredSection } from "./measured-section.ts";
import { settingsSection } from "./settings-section.ts";
import { sourceSection } from "./source-section.ts";
import { style } from "./style.ts";
import { summarySection } from "./summary-section.ts";
import { trendSection, type TrendLimit, type TrendLimits } from "./trend-section.ts";

export interface ReportOptions extends JudgeSettings {
  /** "Power quality" unless said. */
  readonly title?: string | undefined;
  /** As they were asked for; the examination's own unless said. */
  readonly files?: readonly string[] | undefined;
  /** That times are told in: "Europe/Berlin"; UTC unless said. */
  readonly timeZone?: string | undefined;
  readonly bounds?: Partial<ReportBounds> | undefined;
}

/** Nothing is fetched and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** Throws RangeError of settings that cannot be, and of a time zone that there is not. */
export function reportHtml(examination: Examination, options: ReportOptions = {}): string {
  const { title = "Power quality", files = [examination.file], timeZone = "UTC" } = options;
  const bounds = { ...usualBounds, ...options.bounds };
  const figures = new Figures(examination.declared);
  const instants = new Instants(examination, timeZone);
  const judged = judgedRecord(examination, options);
  const events = eventSection(examination, figures, instants, bounds);
  const isOfEvents = examination.events.length > 0 && !isDecided(judged.en50160) && !isDecided(judged.ieee519);
  const nothing: Content = [];
  const body: readonly Content[] = [
    headOf(title, files, examination, instants),
    tag(
      "main",
      {},
      summarySection(examination, judged, figures, instants),
      // Of a recording that is too short to be judged the events are what it is read for.
      isOfEvents ? events : nothing,
      measuredSection(examination, files, instants),
      settingsSection(examination, judged, options, figures),
      en50160Section(judged.en50160, figures, instants, bounds),
      ieee519Section(judged.ieee519, figures, instants, bounds),
      harmonicSection(judged, bounds),
      trendSection(examination, instants, trendLimits(judged)),
      isOfEvents ? nothing : events,
      sourceSection(),
    ),
  ];
  const head = tag(
    "head",
    {},
    { markup: '<meta charset="utf-8">' },
    { markup: `<meta http-equiv="Content-Security-Policy" content="${POLICY}">` },
    { markup: '<meta name="viewport" content="width=device-width, initial-scale=1">' },
    tag("title", {}, title),
    { markup: `<style>${style}</style>` },
  );
  return `<!doctype html>\n${textOf(tag("html", { lang: "en" }, head, tag("body", {}, body)))}\n`;
}

/** Whether a standard has come to a verdict. */
function isDecided(judged: JudgedRecord["en50160" | "ieee519"]): boolean {
  return "weeks" in judged && verdictOfWeeks(judged.weeks) !== "undecided";
}

function headOf(title: string, files: readonly string[], { seconds }: Examination, instants: Instants): Markup {
  const when = instants.isKnown
    ? `${instants.both(0)} to ${instants.both(seconds)}`
    : "at a time that the recording does not say";
  return tag(
    "header",
    {},
    paragraph("Report on a recording"),
    tag("h1", {}, title),
    paragraph(files.join(", ")),
    paragraph(when),
  );
}

/** The bands that most of a week has to be within. */
function trendLimits({ en50160 }: JudgedRecord): TrendLimits {
  const limits = new Map<string, readonly TrendLimit[]>();
  if (!("weeks" in en50160)) return limits;
  for (const { what, low, high, percent } of en50160.weeks.flatMap(({ rows }) => rows)) {
    const ends = [low, high].flatMap((at) => (at === undefined ? [] : [{ at, name: `EN 50160, ${percent} %` }]));
    if (!limits.has(what)) limits.set(what, ends);
  }
  return limits;
}
