/**
 * Metrics as text, in the two formats that programs ask for: OpenMetrics 1.0 (RFC-like specification of the CNCF, clause numbers below), and
 * the older Prometheus text format, version 0.0.4.
 */

/** What is a sum that only grows (but for resets), what goes up and down, what is a fact in words; quantiles of what has been seen, each with its label. */
export type Kind = "counter" | "gauge" | "info" | "summary";

export interface Family {
  /** Without the prefix of this program, and without "_total": the format says where that stands. */
  readonly name: string;
  readonly kind: Kind;
  /** In base units, in the plural, the last part of the name (clause 4.4.2): "volts"; undefined of what is counted. */
  readonly unit?: string | undefined;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export type Labels = Readonly<Record<string, string>>;

export type Format = "OpenMetrics" | "Prometheus";

export const contentTypes: Readonly<Record<Format, string>> = {
  OpenMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  Prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

const PREFIX = "polyphase_";

/** Clause 3.1.1: backslash, quotation mark and line feed. */
function escaped(text: string): string {
  return text.replaceAll(/["\\\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`));
}

/** A help text has no end but its line's: a quotation mark is escaped in OpenMetrics, and stands as it is in the other. */
function helpOf(help: string, format: Format): string {
  return format === "OpenMetrics" ? escaped(help) : help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function labelsOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** The name of a family's samples. */
function sampleName({ name, kind }: Family): string {
  return `${PREFIX}${name}${kind === "counter" ? "_total" : kind === "info" ? "_info" : ""}`;
}

/** Samples in one piece of text. */
const PIECE = 1000;

/** A family in pieces; one of which there are no samples says nothing. */
export function* textOf(family: Family, format: Format): Iterable<string> {
  const { name, kind, unit, help, samples } = family;
  if (samples.length === 0) return;
  const sample = sampleName(family);
  // The older format knows no families: it describes the samples, and what it has no kind for is a gauge.
  const isOpen = format === "OpenMetrics";
  const described = isOpen ? `${PREFIX}${name}` : sample;
  yield `# TYPE ${described} ${!isOpen && kind === "info" ? "gauge" : kind}\n`;
  if (isOpen && unit !== undefined) yield `# UNIT ${described} ${unit}\n`;
  yield `# HELP ${described} ${helpOf(help, format)}\n`;
  for (let from = 0; from < samples.length; from += PIECE) {
    let piece = "";
    for (const { labels, value } of samples.slice(from, from + PIECE))
      // A value that there is none of is left out: programs would take NaN for a reading.
      if (Number.isFinite(value)) piece += `${sample}${labelsOf(labels)} ${value}\n`;
    yield piece;
  }
}

/** How a text of families ends. */
export function endOf(format: Format): string {
  return format === "OpenMetrics" ? "# EOF\n" : "";
}

/** The format that an Accept header prefers; who asks for nothing gets the older one, which every program reads. */
export function formatFor(accept: string | undefined): Format {
  let [open, other] = [0, 0];
  for (const range of (accept ?? "").split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((one) => one.startsWith("q="));
    const q = weight === undefined ? 1 : Number(weight.slice(2));
    const version = parameters.find((one) => one.startsWith("version="));
    if (type === "application/openmetrics-text" && (version === undefined || version === "version=1.0.0"))
      open = Math.max(open, q);
    if (["text/plain", "text/*", "*/*"].includes(type)) other = Math.max(other, q);
  }
  return open > 0 && open >= other ? "OpenMetrics" : "Prometheus";
}
