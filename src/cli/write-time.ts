/** `write` of a meter that is reached over its own protocol: the clock. */
import { UrlError } from "#headend/place.ts";
import type { TimeSet, WantedTime } from "#headend/time-set.ts";
import { asFailure, Failure } from "./failure.ts";
import { asJson, note, say } from "./terminal.ts";

export interface WriteTimeOptions {
  readonly timeout: string;
  readonly json?: true;
}

/** What somebody wants written: the time, and to what. */
export interface Writing {
  readonly url: string;
  readonly setting: string;
  readonly value: string;
}

/** `over` is what it is reached by, in words. */
export async function writeTime(
  { url, setting, value }: Writing,
  options: WriteTimeOptions,
  over: string,
  set: (wanted: WantedTime, timeoutMs: number) => Promise<TimeSet>,
): Promise<void> {
  if (setting !== "time")
    throw new Failure(`over ${over} the time can be written: expected time, found "${setting}"`, 2);
  const wanted = timeIn(value);
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  try {
    const { notes, ...done } = await set(wanted, timeoutMs);
    for (const one of notes) note(one);
    const ahead = done.aheadBeforeMs === undefined ? "" : `, which was ${offText(done.aheadBeforeMs)}`;
    if (options.json) say(asJson({ url, setting, ...done }));
    else say(`time: ${done.before} before${ahead}; ${done.after} now`);
  } catch (error) {
    throw asFailure(error, error instanceof UrlError ? 2 : 1);
  }
}

function offText(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  return seconds === 0 ? "right" : `${seconds} s ${ms < 0 ? "behind" : "ahead"}`;
}

/** "now", an instant with its offset, or what the clock on the wall is to show. */
function timeIn(given: string): WantedTime {
  if (given === "now") return given;
  try {
    return { utc: Temporal.Instant.from(given).epochMilliseconds };
  } catch {
    // It says no offset: the meter's local time.
  }
  try {
    return { local: Temporal.PlainDateTime.from(given) };
  } catch {
    throw new Failure(
      `time: expected now, or a time like 2026-07-31T16:45:00 or 2026-07-31T14:45:00Z; found "${given}"`,
      2,
    );
  }
}
