/** Functions and objects of DNP3 in words. */
import { DOUBLE_STATE, doubleStates, flagWords, ONLINE, sortOf, STATE } from "#protocol/dnp3/application/flag-words.ts";
import { functions, type FunctionName } from "#protocol/dnp3/application/functions.ts";
import type { DnpObject } from "#protocol/dnp3/application/objects.ts";
import type { FieldName } from "#protocol/dnp3/application/object-table.ts";

/** As the standard calls it: "FREEZE_CLEAR_NO_RESPONSE". */
export function functionText(name: FunctionName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** Requests of which READ and its like have headers only. */
export const namesOnly: ReadonlySet<number> = new Set([
  functions.read,
  functions.freeze,
  functions.freezeNoResponse,
  functions.freezeClear,
  functions.freezeClearNoResponse,
  functions.enableUnsolicited,
  functions.disableUnsolicited,
  functions.assignClass,
]);

/** "online, over range"; "not online" says it where nothing does. */
function flagsText(group: number, flags: number): string {
  return [...((flags & ONLINE) === 0 ? [] : ["online"]), ...flagWords(group, flags)].join(", ");
}

/** An instant; the number itself of what no calendar has. */
export function timeText(utc: number): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(utc).toString({ fractionalSecondDigits: 3 });
  } catch {
    return `${utc} ms since 1970`;
  }
}

const fieldTexts: Readonly<Partial<Record<FieldName, (value: number) => string>>> = {
  value: (value) => String(Number(value.toPrecision(9))),
  time: (value) => `at ${timeText(value)}`,
  after: (value) => `${value} ms after the common time`,
  delayMs: (value) => `${value} ms`,
  delaySeconds: (value) => `${value} s`,
  interval: (value) => `interval ${value}`,
  unit: (value) => `unit ${value}`,
  code: (value) => `code ${value}`,
  times: (value) => `${value} times`,
  onMs: (value) => `on for ${value} ms`,
  offMs: (value) => `off for ${value} ms`,
  status: (value) => `status ${value}`,
};

/** What an object says. */
export function objectText(group: number, object: DnpObject, names: readonly FieldName[]): string {
  const parts: string[] = [];
  for (const name of names) {
    const value = object[name];
    if (value === undefined) continue;
    if (name !== "flags") parts.push(fieldTexts[name]?.(value) ?? String(value));
    else {
      const sort = sortOf(group);
      if (sort === "binary") parts.push((value & STATE) === 0 ? "off" : "on");
      if (sort === "double") parts.push(doubleStates[value >> DOUBLE_STATE] ?? "");
      parts.push(flagsText(group, value));
    }
  }
  return parts.join(", ");
}
