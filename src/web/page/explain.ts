/** What the entries of a meter's logs are, for who has not read its manual. */
import type { LiveEntryView } from "#quantity/meter-api.ts";
import type { LogKind } from "#quantity/log.ts";

const kinds: Readonly<Partial<Record<LogKind, string>>> = {
  alarm: "a trigger went beyond its level, or came back within its reset level",
  sagSwell: "a voltage left its band and came back; below is what was measured while it lasted",
  interruption: "all voltages were below the level of its trigger",
  rapidVoltageChange:
    "the voltage moved from one steady value to another without leaving its band: Umax is the largest change, Uss the one that stayed",
  powerOutage: "the meter was without supply",
  timeChange: "the meter's clock was set",
  freeze: "registers were copied at one instant",
  billingReset: "a billing period ended",
  testMode: "the meter was in test mode, in which nothing is billed",
  configuration: "what the meter is set up to do was changed",
  diagnostic: "what the meter found of itself",
};

export function explain({ kind }: Pick<LiveEntryView, "kind">): string {
  return kinds[kind] ?? "";
}

/** That a day may have had entries of the logs that are older than those shown, newest first; undefined where all of it are there. */
export function olderOfDay(log: readonly { readonly at: string }[], all: number, day: string): string | undefined {
  const oldest = log.at(-1)?.at;
  if (oldest === undefined || all <= log.length || oldest.slice(0, 10) < day) return undefined;
  if (oldest.slice(0, 10) > day)
    return `None of the newest ${log.length} entries of the logs is of this day: none is marked.`;
  return `Marks of the logs are of their newest ${log.length} entries, from ${oldest.slice(11, 19)} on; what was before has none.`;
}

/** "3: TOU override input" of contact 3, whose mode is inputTouOverride. */
/** How many entries of the logs are not shown, and where they are; undefined when all are. */
export function furtherEntries(shown: number, all: number, url: string): string | undefined {
  if (all <= shown) return undefined;
  return `The newest ${shown} of ${all} entries; all of them: npx polyphase logs ${url}`;
}

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

/** How the usual details are said, in the order in which they are. */
const phrases: Readonly<Record<string, (value: string) => string>> = {
  trigger: (id) => `trigger ${id}`,
  label: (text) => text,
  // "phase b sag < 108"
  event: (text) => text.replace(" < ", " below ").replace(" > ", " above "),
  value: (value) => `value ${value}`,
  phase: (phase) => `phase ${phase}`,
  start: (time) => `from ${time}`,
  end: (time) => `to ${time}`,
  down: (time) => `from ${time}`,
  milliseconds: (count) => `for ${count} ms`,
  seconds: (count) => `for ${count} s`,
  cycles: (count) => `${count} ${count === "1" ? "cycle" : "cycles"}`,
  live: (phases) => `voltage on ${phases} meanwhile`,
  before: (time) => `from ${time}`,
  after: (time) => `to ${time}`,
  times: (count) => `${count} times`,
  // As the manual's log has it: what a trigger is set to.
  description: (text) => text,
};
const order = Object.keys(phrases);

/** Its place among the details; those that have no phrase are the last, as they come. */
function placeOf(key: string): number {
  const place = order.indexOf(key);
  return place < 0 ? order.length : place;
}

/** A number in six digits; what is nothing but rounding is none. */
function plain(value: number): number {
  return Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(6));
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
        const text = String(typeof value === "number" ? plain(value) : value);
        return phrases[key]?.(text) ?? `${key} ${text}`;
      })
      .join(", "),
    measured: all.filter(isSpread).map(([name, value]) => ({ name, values: String(value).split(" ") })),
  };
}
