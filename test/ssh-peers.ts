/** Clients of SSH in this process: what tests of the server speak to it with. */
import { Client, type SFTPWrapper } from "ssh2";
import type { servedFiles } from "./served-files.ts";

export type Served = Awaited<ReturnType<typeof servedFiles>>;

export function sftpPort({ site }: Served): number {
  const listener = site.listeners.find(({ protocol }) => protocol.name === "sftp");
  return Number(new URL(listener!.urls[0]!.url).port);
}

export interface Connected {
  readonly client: Client;
  /** Of the server's key, as SSH sends it. */
  readonly key: Buffer;
}

/** Connects and logs in; rejects with the library's error. */
export async function connect(
  port: number,
  user: string,
  password: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Connected> {
  const client = new Client();
  let key: Buffer | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    client.once("ready", resolve);
    // A peer that is put out has its connection reset.
    client.on("error", reject);
    client.once("close", () => reject(new Error("closed")));
  });
  client.connect({
    host: "127.0.0.1",
    port,
    username: user,
    password,
    hostVerifier: (given: Buffer) => {
      key = Buffer.from(given);
      return true;
    },
    ...more,
  });
  await ready;
  return { client, key: key! };
}

/** Runs what ends with a callback. */
export function done<T>(run: (then: (error: unknown, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    run((error, value) => (error === undefined || error === null ? resolve(value) : reject(error as Error))),
  );
}

export function sftpOf(client: Client): Promise<SFTPWrapper> {
  return done<SFTPWrapper>((then) => client.sftp(then));
}

/** The status that a request is refused with (draft-ietf-secsh-filexfer-02, 7); 0 of one that is done. */
export async function statusOf(run: (then: (error: unknown) => void) => void): Promise<number> {
  try {
    await done<unknown>((then) => run((error) => then(error, undefined)));
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
}

/** Until a connection has ended, by whomever and however. */
export function gone(client: Client): Promise<void> {
  return new Promise((resolve) => client.once("close", resolve));
}

export async function closed(client: Client): Promise<void> {
  const end = gone(client);
  client.end();
  await end;
}
