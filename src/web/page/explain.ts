/** What the entries of a meter's logs are, for who has not read its manual. */
import type { LiveEntryView } from "#quantity/meter-api.ts";
import type { LogKind } from "#quantity/log.ts";
import type { Text } from "#quantity/text.ts";
import { say } from "./language.ts";
import { whenText } from "./local-time.ts";
import { figures } from "./numbers.ts";
import { detailTexts, logMeanings } from "./texts/logs.ts";

const kinds: Readonly<Partial<Record<LogKind, Text>>> = logMeanings;

export function explain({ kind }: Pick<LiveEntryView, "kind">): string {
  const text = kinds[kind];
  return text === undefined ? "" : say(text);
}

/** "3: TOU override input" of contact 3, whose mode is inputTouOverride. */
export function contactText(channel: number, mode: string): string {
  const [side = "", ...words] = mode.split(/(?=[A-Z])/);
  const said = words.map((word) => (word === "Tou" ? "TOU" : word.toLowerCase()));
  return `${channel}: ${[...said, side].join(" ")}`;
}

/** Of details like "V.b": "84.02 84.02 84.02": what was least, most and on average. */
export interface Spread {
  readonly name: string;
  readonly values: readonly string[];
}

const spread = /^-?[\d.]+ -?[\d.]+ -?[\d.]+$/;

/** "phase b sag < 108" as it is read. */
function eventWords(text: string): string {
  return text.replace(" < ", ` ${say(detailTexts.below)} `).replace(" > ", ` ${say(detailTexts.above)} `);
}

/** How the usual details are said, in the order in which they are. */
const phrases: Readonly<Record<string, (value: string) => string>> = {
  trigger: (value) => say(detailTexts.trigger, { value }),
  label: (text) => text,
  event: eventWords,
  value: (value) => say(detailTexts.value, { value }),
  phase: (value) => say(detailTexts.phase, { value }),
  start: (value) => say(detailTexts.from, { value }),
  end: (value) => say(detailTexts.to, { value }),
  down: (value) => say(detailTexts.from, { value }),
  milliseconds: (value) => say(detailTexts.milliseconds, { value }),
  seconds: (value) => say(detailTexts.seconds, { value }),
  cycles: (value) => say(value === "1" ? detailTexts.cycle : detailTexts.cycles, { value }),
  live: (value) => say(detailTexts.live, { value }),
  before: (value) => say(detailTexts.from, { value }),
  after: (value) => say(detailTexts.to, { value }),
  times: (value) => say(detailTexts.times, { value }),
  last: (value) => say(detailTexts.last, { value }),
  lastPeer: (value) => say(detailTexts.lastPeer, { value }),
  // As the manual's log has it: what a trigger is set to.
  description: (text) => text,
};
const order = Object.keys(phrases);

/** Its place among the details; those that have no phrase are the last, as they come. */
function placeOf(key: string): number {
  const place = order.indexOf(key);
  return place < 0 ? order.length : place;
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?$/;

/** A number in six digits, of which nothing but rounding is none; a time by the wall clock; both as the reader's locale has them. */
function valueText(value: string | number): string {
  if (typeof value === "number") return figures(Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(6)));
  return TIME.test(value) ? whenText(value) : value;
}

/** The details of an entry: what is said in words, and what was measured. */
export function detailsOf({ details }: Pick<LiveEntryView, "details">): {
  readonly words: string;
  readonly measured: readonly Spread[];
} {
  // An event says in shorter words what its description does.
  const isTwice = (key: string): boolean => key === "description" && details["event"] !== undefined;
  const all = Object.entries(details).filter(([key, value]) => value !== "" && !isTwice(key));
  const isSpread = ([, value]: [string, string | number]): boolean => typeof value === "string" && spread.test(value);
  return {
    words: all
      .filter((one) => !isSpread(one))
      .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
      .map(([key, value]) => {
        const text = valueText(value);
        return phrases[key]?.(text) ?? `${key} ${text}`;
      })
      .join(", "),
    measured: all.filter(isSpread).map(([name, value]) => ({ name, values: String(value).split(" ") })),
  };
}
