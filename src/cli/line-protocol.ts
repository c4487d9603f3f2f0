/** InfluxDB's line protocol: measurement, tags and fields of one reading, and its time in nanoseconds. */

export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | string | boolean>>;
  /** Milliseconds since 1970, UTC. */
  readonly utc: number;
}

/** A line of it has no line's end inside, not even an escaped one. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, " ");
}

/** Commas, spaces and, but of a measurement, equals signs are escaped; what would escape the separator behind it cannot end a word. */
function escaped(text: string, what: RegExp): string {
  return oneLine(text).replaceAll(what, "\\$&").replace(/\\+$/, "");
}

function key(text: string): string {
  return escaped(text, /[,= ]/g);
}

function fieldValue(value: number | string | boolean): string {
  return typeof value !== "string" ? String(value) : `"${oneLine(value).replaceAll(/["\\]/g, "\\$&")}"`;
}

/** The line, with its end; nothing of a point without a field. Tags and fields that are empty or no number are left out: there is no way to write them. */
export function asLine({ measurement, tags, fields, utc }: Point): string {
  const written = Object.entries(fields).filter(([, value]) => typeof value !== "number" || Number.isFinite(value));
  if (written.length === 0) return "";
  const tagged = Object.entries(tags)
    .filter(([, value]) => value !== "")
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `,${key(name)}=${key(value)}`);
  const values = written.map(([name, value]) => `${key(name)}=${fieldValue(value)}`);
  const nanoseconds = BigInt(Math.round(utc)) * 1_000_000n;
  return `${escaped(measurement, /[, ]/g)}${tagged.join("")} ${values.join(",")} ${nanoseconds}\n`;
}
