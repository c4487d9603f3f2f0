/** `write` over DLMS/COSEM: the clock. */
import { setTime, type WantedTime } from "#headend/dlms-time.ts";
import { parseDlmsUrl } from "#headend/dlms-url.ts";
import { UrlError } from "#headend/place.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { asFailure, Failure, orFail } from "./failure.ts";
import { asJson, note, say } from "./terminal.ts";

export interface DlmsWriteOptions {
  readonly timeout: string;
  readonly json?: true;
}

export async function dlmsWrite(text: string, name: string, given: string, options: DlmsWriteOptions): Promise<void> {
  const url = orFail(2, () => parseDlmsUrl(text));
  if (name !== "time") throw new Failure(`over DLMS the time can be written: expected time, found "${name}"`, 2);
  const wanted = timeIn(given);
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  try {
    const { notes, ...set } = await setTime(url, { timeoutMs, secrets: dlmsSecrets }, wanted);
    for (const one of notes) note(one);
    const ahead = set.aheadBeforeMs === undefined ? "" : `, which was ${offText(set.aheadBeforeMs)}`;
    if (options.json) say(asJson({ url: text, setting: name, ...set }));
    else say(`time: ${set.before} before${ahead}; ${set.after} now`);
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
