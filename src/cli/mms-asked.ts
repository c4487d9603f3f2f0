/** What the commands over MMS have in common: the URL, the time to wait, the password. */
import { UnknownName, WrongWords } from "#headend/chosen.ts";
import type { MmsSettings } from "#headend/mms-meter.ts";
import { parseMmsUrl, type MmsUrl } from "#headend/mms-url.ts";
import { UrlError } from "#headend/place.ts";
import { dlmsSecrets } from "./dlms-secrets.ts";
import { asFailure, Failure, orFail } from "./failure.ts";
import { OutputLost } from "./terminal.ts";

export const timeoutOption = ["--timeout <ms>", "how long to wait for each answer", "2000"] as const;

export const MMS_HELP =
  "The URL is mms://host:port/IED or mms+tls://host:port/IED?certificate=FILE&key=FILE&authority=FILE; without a port it is 102, over TLS\n" +
  "3782. The name of an IED leaves out the logical devices of others. With ?auth=password the password in POLYPHASE_PASSWORD is shown,\n" +
  "or one is asked for.\n";

export function mmsAsked(
  text: string,
  { timeout }: { readonly timeout: string },
): { readonly url: MmsUrl; readonly settings: MmsSettings } {
  const url = orFail(2, () => parseMmsUrl(text));
  const timeoutMs = Number(timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${timeout}"`, 2);
  return { url, settings: { timeoutMs, secrets: dlmsSecrets } };
}

/** Does what may fail: wrong words are one thing, what a meter refuses another. */
export async function overMms<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutputLost) throw error;
    // What a meter has instead stands on a line of its own.
    if (error instanceof UnknownName) throw new Failure(error.message, 2);
    throw asFailure(error, error instanceof UrlError || error instanceof WrongWords ? 2 : 1);
  }
}
