/** `profile` of a meter over DLMS/COSEM. */
import { openProfile } from "#headend/dlms-profile.ts";
import { parseDlmsUrl } from "#headend/dlms-url.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { orFail } from "./failure.ts";
import { printProfile, type ProfileRowsOptions } from "./profile-rows.ts";

const TIMEOUT_MS = 5000;

export async function dlmsProfile(text: string, options: ProfileRowsOptions): Promise<void> {
  const at = orFail(2, () => parseDlmsUrl(text));
  await printProfile(text, options, (asked) => openProfile(at, { timeoutMs: TIMEOUT_MS, secrets: dlmsSecrets }, asked));
}
