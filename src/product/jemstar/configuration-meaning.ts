/** What a configuration means, however it is written: equality of values, lists whose order says nothing, shared parts. */
import type { Steps } from "#io/turn.ts";
import { fieldWords, triggerWords } from "#product/jemstar/iec61850/configuration.ts";
import type { Schedule } from "#revenue/settings/configuration.ts";
import type { RevenueFile } from "./configuration-schema.ts";

export type Section = keyof RevenueFile;

function by<T>(...keys: readonly ((one: T) => number | string)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const key of keys) {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  };
}

/**
 * Lists whose order says nothing, in the order of what tells their members apart: registers and triggers by id, seasons and
 * holidays by date, switches by time of day, inputs of totalization by channel, privileges by name. Users keep the order that
 * people gave them.
 */
export function inOrder(file: RevenueFile): RevenueFile {
  const { registers, tou } = file;
  const id = ({ id }: { readonly id: number }): number => id;
  return {
    ...file,
    registers: {
      normal: registers.normal.toSorted(by(id)),
      alternate: registers.alternate.toSorted(by(id)),
      test: registers.test.toSorted(by(id)),
    },
    tou: {
      seasons: tou.seasons
        .map((season) => ({
          ...season,
          days: Object.fromEntries(
            Object.entries(season.days).map(([type, switches]) => [type, switches.toSorted(by(({ at }) => at))]),
          ),
        }))
        .toSorted(
          by(
            ({ month }) => month,
            ({ day }) => day,
          ),
        ),
      holidays: tou.holidays.toSorted(by(({ date }) => date)),
    },
    totalization: file.totalization.map((channel) => ({
      ...channel,
      inputs: channel.inputs.toSorted(
        by(
          ({ channel: number }) => number,
          ({ weight }) => weight,
          ({ subtract }) => Number(subtract),
        ),
      ),
    })),
    triggers: file.triggers.toSorted(by(id)),
    iec61850: wordsInOrder(file.iec61850),
    triggerBits: file.triggerBits.map((ids) => [...new Set(ids)].toSorted(by((one) => one))),
    users: file.users.map((user) => ({
      ...user,
      privileges: [...new Set(user.privileges)].toSorted(by((one) => one)),
    })),
  };
}

/** Dead bands by what they are of, words of reports as their tables have them. */
function wordsInOrder({ deadbands, reports, ...rest }: RevenueFile["iec61850"]): RevenueFile["iec61850"] {
  const inTable = <W>(table: readonly W[], given: readonly W[]): W[] => table.filter((one) => given.includes(one));
  const ordered = reports?.map((one) => ({
    ...one,
    triggers: inTable(triggerWords, one.triggers),
    fields: inTable(fieldWords, one.fields),
  }));
  return {
    ...rest,
    deadbands: deadbands.toSorted(by(({ of }) => of)),
    ...(ordered === undefined ? {} : { reports: ordered }),
  };
}

/** What of each section counts when two configurations are compared: what is written out though it goes without saying does not. */
export function meaningOf(section: Section, file: RevenueFile): unknown {
  switch (section) {
    case "users":
      return file.users.toSorted(by(({ name }) => name));
    case "registers":
      return Object.fromEntries(
        Object.entries(file.registers).map(([list, registers]) => [list, screened(registers, file.display)]),
      );
    case "profiles":
      // Where no events stand between the intervals, a freeze is none either.
      return file.profiles.map((one) => (one.events ? one : { ...one, freezeMarkers: false }));
    case "selfRead":
      return dueOf(file.selfRead);
    case "timekeeping": {
      const { freeze, billingReset } = file.timekeeping;
      return { ...file.timekeeping, freeze: dueOf(freeze), billingReset: dueOf(billingReset) };
    }
    case "triggerBits":
      // Bits without triggers after the last one that has some are as those that are not there.
      return file.triggerBits.slice(0, file.triggerBits.findLastIndex((ids) => ids.length > 0) + 1);
    case "correction":
      return isNeutral(file.correction, (key) => (key === "ratio" ? 1 : 0)) ? undefined : file.correction;
    case "losses":
      return isNeutral(file.losses, () => 0) ? undefined : file.losses;
    default:
      return file[section];
  }
}

/** When a schedule is due: what follows something else than the clock has no minute, and only weeks and months have days. */
export function dueOf({ every, minute, day }: Schedule): Partial<Schedule> {
  if (every === "week" || every === "month") return { every, minute, day };
  return every === "hour" || every === "day" ? { every, minute } : { every };
}

/** A screen that is the one that a register comes to by itself goes without saying, and a peak that it does not follow. */
function screened(
  registers: RevenueFile["registers"]["normal"],
  { registersPerScreen }: RevenueFile["display"],
): readonly object[] {
  return registers.map(({ screen, ...given }, place) => {
    const { of, ...alone } = "of" in given ? given : { ...given, of: undefined };
    // Only what belongs to a peak has one.
    const rest = /^(coincident|timeOfPeak)/.test(given.type) ? { ...alone, of } : alone;
    return screen === Math.floor(place / registersPerScreen) + 1 ? rest : { ...rest, screen };
  });
}

/** Whether every number in it is the one that changes nothing. */
function isNeutral(value: unknown, neutral: (key: string) => number): boolean {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).every(([key, inner]) =>
    typeof inner === "number" ? inner === neutral(key) : isNeutral(inner, neutral),
  );
}

const texts = new WeakMap<RevenueFile, string>();

/** A configuration as text, with its keys in one order: a configuration file that says everything. */
export function canonicalText(file: RevenueFile): string {
  let text = texts.get(file);
  if (text === undefined) texts.set(file, (text = canonical(file)));
  return text;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(by(([key]) => key)))
      : inner,
  );
}

/** Values that are kept as long as somebody uses them, by a text. */
export class Shared<T extends object> {
  readonly #values = new Map<string, WeakRef<T>>();
  readonly #gone = new FinalizationRegistry<string>((text) => {
    if (this.#values.get(text)?.deref() === undefined) this.#values.delete(text);
  });

  get(text: string): T | undefined {
    return this.#values.get(text)?.deref();
  }

  /** The value of a text: the one that there is, or this one. */
  of(text: string, value: T): T {
    const there = this.get(text);
    if (there !== undefined) return there;
    this.#values.set(text, new WeakRef(value));
    this.#gone.register(value, text);
    return value;
  }
}

const parts = new Shared<object>();

/**
 * The same configuration, of parts that all configurations share in which they mean the same: thousands of meters hold one of each.
 * A step each section.
 */
export function* shared(file: RevenueFile): Steps<RevenueFile> {
  const entries: [string, unknown][] = [];
  for (const [section, value] of Object.entries(file)) {
    entries.push([section, typeof value === "object" ? parts.of(canonical([section, value]), frozen(value)) : value]);
    yield;
  }
  return Object.freeze(Object.fromEntries(entries)) as RevenueFile;
}

function frozen<T extends object>(value: T): T {
  for (const inner of Object.values(value) as unknown[]) if (typeof inner === "object" && inner !== null) frozen(inner);
  return Object.freeze(value);
}
