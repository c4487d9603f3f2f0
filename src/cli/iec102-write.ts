/** `write` over IEC 60870-5-102. */
import { setTime } from "#headend/iec102-time.ts";
import { parseIec102Url } from "#headend/iec102-url.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { orFail } from "./failure.ts";
import { writeTime, type WriteTimeOptions, type Writing } from "./write-time.ts";

export async function iec102Write(writing: Writing, options: WriteTimeOptions): Promise<void> {
  const url = orFail(2, () => parseIec102Url(writing.url));
  await writeTime(writing, options, "IEC 60870-5-102", (wanted, timeoutMs) =>
    setTime(url, { timeoutMs, secrets: dlmsSecrets }, wanted),
  );
}
