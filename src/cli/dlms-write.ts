/** `write` over DLMS/COSEM. */
import { setTime } from "#headend/dlms-time.ts";
import { parseDlmsUrl } from "#headend/dlms-url.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { orFail } from "./failure.ts";
import { writeTime, type WriteTimeOptions, type Writing } from "./write-time.ts";

export async function dlmsWrite(writing: Writing, options: WriteTimeOptions): Promise<void> {
  const url = orFail(2, () => parseDlmsUrl(writing.url));
  await writeTime(writing, options, "DLMS", (wanted, timeoutMs) =>
    setTime(url, { timeoutMs, secrets: dlmsSecrets }, wanted),
  );
}
