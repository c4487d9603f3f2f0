/** `profile` of a meter over IEC 60870-5-102. */
import { openProfile } from "#headend/iec102-profile.ts";
import { parseIec102Url } from "#headend/iec102-url.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { orFail } from "./failure.ts";
import { printProfile, type ProfileRowsOptions } from "./profile-rows.ts";

const TIMEOUT_MS = 5000;

export async function iec102Profile(text: string, options: ProfileRowsOptions): Promise<void> {
  const at = orFail(2, () => parseIec102Url(text));
  const { to } = options;
  await printProfile(text, { ...options, ...(to === undefined ? {} : { to: endOf(to) }) }, (asked) =>
    openProfile(at, { timeoutMs: TIMEOUT_MS, secrets: dlmsSecrets }, asked),
  );
}

/** As the end of a range a day without a time is all of it. */
export function endOf(to: string): string {
  return /^[^tT ]+$/.test(to) ? `${to}T23:59:59.999` : to;
}
