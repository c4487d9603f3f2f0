/** The files of a meter, over SFTP. */
import { SystemClock } from "#clock/system-clock.ts";
import { addressOf, isLoopback } from "#io/address.ts";
import { openSftp } from "#io/sftp-client.ts";
import { limits } from "#quantity/limits.ts";
import type { FileSource } from "./file-source.ts";
import { UrlError } from "./place.ts";
import type { Credentials } from "./site-meter.ts";

export const sftpUrlForm = "sftp://user@host:port";

export interface SftpUrl {
  readonly host: string;
  readonly port: number;
  /** Undefined where the URL names nobody. */
  readonly user: string | undefined;
}

/** Undefined of another scheme; throws UrlError of what is no such URL. */
export function parseSftpUrl(text: string): SftpUrl | undefined {
  if (!/^sftp:/i.test(text)) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.host !== "" && /^\/?$/.test(url?.pathname ?? "") && url?.password === "";
  if (url === undefined || !isPlain) throw new UrlError(`"${text}": expected ${sftpUrlForm}`);
  const user = url.username === "" ? undefined : decodeURIComponent(url.username);
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? 22 : Number(url.port), user };
}

/** Runs a conversation with a server; `key` is the fingerprint by which it is known, which one elsewhere has to have. */
export async function withSftp<T>(
  { host, port }: SftpUrl,
  { user, password }: Credentials,
  key: string | undefined,
  run: (source: FileSource) => Promise<T>,
): Promise<T> {
  let shown = "";
  const isKnown = (fingerprint: string): boolean => {
    shown = fingerprint;
    return key === undefined ? host === "localhost" || isLoopback(addressOf(host)) : key === fingerprint;
  };
  const options = { clock: new SystemClock(), stepMs: limits.push.stepMs, isKnown };
  const client = await openSftp({ host, port, user, password }, options).catch((error: unknown) => {
    if (shown === "" || isKnown(shown)) throw error;
    const found = `${host}:${port} shows the key ${shown}`;
    if (key !== undefined) throw new Error(`${found}; expected ${key}. Nothing is sent to it`, { cause: error });
    throw new Error(`${found}, which nobody here knows: where it is the meter's, --host-key ${shown}`, {
      cause: error,
    });
  });
  const sizes = new Map<string, number>();
  try {
    return await run({
      async list() {
        const files = (await client.list(".")).toSorted((a, b) => a.utc - b.utc);
        for (const { name, size } of files) sizes.set(name, size);
        return files;
      },
      async fetch(name) {
        const size = sizes.get(name) ?? 0;
        if (size > limits.reader.answerBytes)
          throw new Error(`${name} has more than ${limits.reader.answerBytes} bytes`);
        return client.read(name, size);
      },
      remove: (name) => client.remove(name),
      send: (name, bytes) => client.write(name, bytes),
    });
  } finally {
    client.close();
  }
}
