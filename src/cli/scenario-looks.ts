/** What an expectation of a scenario looks at, found in what the site says of its meters, and judged. */
import type { LogView, MeterView, ProfileView, RegisterView } from "#quantity/meter-api.ts";
import { didYouMean } from "#quantity/nearest.ts";
import type { Expectation } from "./scenario-schema.ts";

/** What is there: a value, or none. */
export type Found = number | string | boolean | undefined;

/** What was looked at cannot be: a name that there is not. */
export class NoSuchThing extends Error {
  override readonly name = "NoSuchThing";
}

function noSuch(what: string, name: string, known: readonly string[]): NoSuchThing {
  return new NoSuchThing(`there is no ${what} "${name}"${didYouMean(name, known)}`);
}

export function readingIn({ readings }: MeterView, name: string): Found {
  if (!Object.hasOwn(readings, name)) throw noSuch("reading", name, Object.keys(readings));
  return readings[name] ?? undefined;
}

/** In SI units; as the register shows it where that is no number, or where a text is asked for. */
export function registerIn(
  registers: readonly RegisterView[],
  wanted: string | number,
  { is, has }: Pick<Expectation, "is" | "has"> = {},
): Found {
  const found =
    registers.find(({ id }) => id === wanted) ??
    registers.find(({ name }) => name === wanted) ??
    registers.find(({ label }) => label === wanted);
  if (found === undefined)
    throw noSuch(
      "register",
      String(wanted),
      registers.flatMap(({ name, label }) => [name, label]),
    );
  const asText = has !== undefined || typeof is === "string";
  if (found.value !== null && !asText) return found.value * found.scale;
  return found.text === "" ? undefined : found.text;
}

type Entry = LogView["entries"][number];

/** Entries that have all that is asked for, in what they say or in their details. */
export function entriesIn(entries: readonly Entry[], where: Expectation["where"] = {}): readonly Entry[] {
  return entries.filter((entry) =>
    Object.entries(where).every(([key, wanted]) => {
      const has = valueOf(entry, key);
      return typeof wanted === "string" ? String(has ?? "").includes(wanted) : numberOf(has) === wanted;
    }),
  );
}

function valueOf(entry: Entry, key: string): Found {
  const own = { what: entry.what, by: entry.by, at: entry.at, port: entry.port, protocol: entry.protocol };
  return key in own ? own[key as keyof typeof own] : entry.details[key];
}

export function detailOf(entry: Entry | undefined, detail: string): Found {
  return entry === undefined ? undefined : valueOf(entry, detail);
}

/** Milliseconds of a local time like "2026-03-29" or "2026-03-29 03:00". */
function localOf(text: string | undefined, open: number): number {
  if (text === undefined) return open;
  try {
    return Temporal.PlainDateTime.from(text.replace(" ", "T")).toZonedDateTime("UTC").epochMilliseconds;
  } catch {
    throw new NoSuchThing(`"${text}" is no local time like 2026-03-29`);
  }
}

export interface OfProfile {
  readonly count: number;
  readonly value: Found;
}

/** What a profile has of one channel, in its own units: of one record, or of all in a range together. */
export function profileIn(profile: ProfileView, asked: Expectation): OfProfile {
  const { channel = 1, record, since, until, sum } = asked;
  const [from, to] = [localOf(since, -Infinity), localOf(until, Infinity)];
  const records = profile.records.filter(({ start }) => localOf(start, NaN) >= from && localOf(start, NaN) < to);
  const at = typeof channel === "number" ? channel - 1 : profile.channels.findIndex((one) => one.startsWith(channel));
  if (profile.channels[at] === undefined) throw noSuch("channel", String(channel), profile.channels);
  const values = records.map(({ values: all }) => all[at] ?? undefined);
  if (sum === true) {
    // What is not known of one is not known of all.
    const known = values.filter((one) => one !== undefined);
    const isWhole = known.length === values.length && known.length > 0;
    return { count: records.length, value: isWhole ? known.reduce((all, one) => all + one, 0) : undefined };
  }
  const wanted = record ?? "last";
  const found =
    wanted === "last"
      ? records.length - 1
      : wanted === "first"
        ? 0
        : records.findIndex(({ start }) => start.startsWith(wanted));
  return { count: records.length, value: values[found] };
}

/** Whether a condition, alarm or failure stands whose words have a text in them. */
export function standsIn({ conditions, alarms, failures }: MeterView, words: string): boolean {
  const all = [...conditions.map(({ text }) => text), ...alarms.map((one) => JSON.stringify(one)), ...failures];
  return all.some((one) => one.toLowerCase().includes(words.toLowerCase()));
}

/** The number that a value is, or that its text begins with. */
function numberOf(value: Found): number | undefined {
  if (typeof value === "number") return value;
  const [text] = /^[-+]?\d+(\.\d+)?(e[-+]?\d+)?/i.exec(String(value ?? "")) ?? [];
  return text === undefined ? undefined : Number(text);
}

export interface Judged {
  readonly met: boolean;
  readonly expected: string;
  readonly found: string;
}

function shown(value: Found): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(Number(value.toPrecision(12)));
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** The part of a number that is its rounding. */
const ROUNDING = 1e-9;

/** How far a number may be from what it is to be. */
function roomOf(is: number, within: Expectation["within"]): number {
  if (within === undefined) return Math.abs(is) * ROUNDING;
  return typeof within === "number" ? within : (Math.abs(is) * Number.parseFloat(within)) / 100;
}

/** Whether a value is what it is to be. */
export function judged(value: Found, { is, within, from, to, has, absent }: Expectation): Judged {
  const found = shown(value);
  if (absent === true) return { met: value === undefined, expected: "nothing", found };
  if (typeof is === "number") {
    const number = numberOf(value);
    const met = number !== undefined && Math.abs(number - is) <= roomOf(is, within);
    return { met, expected: within === undefined ? shown(is) : `${shown(is)} within ${within}`, found };
  }
  if (is !== undefined) return { met: value === is, expected: shown(is), found };
  if (has !== undefined) return { met: String(value ?? "").includes(has), expected: `what has ${shown(has)}`, found };
  return inRange(numberOf(value), { from, to }, found);
}

function inRange(
  value: number | undefined,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  found = shown(value),
): Judged {
  const met = value !== undefined && value >= (from ?? -Infinity) && value <= (to ?? Infinity);
  const bounds = [...(from === undefined ? [] : [`from ${from}`]), ...(to === undefined ? [] : [`to ${to}`])];
  return { met, expected: bounds.join(" "), found };
}

/** Whether there are as many as there are to be. */
export function counted(count: number, wanted: NonNullable<Expectation["count"]>): Judged {
  if (typeof wanted === "number") return { met: count === wanted, expected: `${wanted}`, found: `${count}` };
  return inRange(count, wanted);
}
