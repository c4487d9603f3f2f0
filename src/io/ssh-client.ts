/** A conversation over SSH as somebody who has a password, with a server that is known. */
import type { Client, SFTPWrapper } from "ssh2";
import type { PushOptions, PushTarget } from "./push-target.ts";
import { fingerprint } from "./ssh-key.ts";
import { algorithms, serverKeys, ssh2 } from "./ssh2.ts";
import { withinStep } from "./step.ts";

export type SshTarget = Pick<PushTarget, "host" | "port" | "user" | "password">;

export type Then<T> = (error: Error | null | undefined, value: T) => void;

/** A connection of somebody who has logged in; `step` runs what ends with a callback, and ends with the connection. */
export interface Connected {
  readonly client: Client;
  step<T>(late: string, run: (then: Then<T>) => void): Promise<T>;
}

function inWords(error: unknown, { host, port, user }: SshTarget): Error {
  const { message = String(error), level } = error as { message?: string; level?: string };
  const words =
    level === "client-authentication"
      ? `${host}:${port} takes no ${user} with this password`
      : `${host}:${port}: ${message}`;
  return new Error(words, { cause: error });
}

/** Connects and logs in. Rejects with what went wrong, in words. */
export async function connected(target: SshTarget, options: PushOptions): Promise<Connected> {
  const { host, port, user, password } = target;
  const client = new (ssh2().Client)();
  const over = new Set<(error: Error) => void>();
  let stranger: string | undefined;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const fail of over) fail(ended);
  };
  client.on("error", (error) => end(stranger === undefined ? inWords(error, target) : new Error(stranger)));
  client.on("close", () => end(new Error(`${host}:${port} has ended the connection`)));
  const step = <T>(late: string, run: (then: Then<T>) => void): Promise<T> =>
    withinStep<T>(options, `${host}:${port} has not ${late}`, (done, fail) => {
      if (ended !== undefined) return fail(ended);
      const lost = (error: Error): void => fail(error);
      over.add(lost);
      run((error, value) => {
        over.delete(lost);
        if (error === null || error === undefined) done(value);
        else fail(inWords(error, target));
      });
      return undefined;
    });
  try {
    await step<void>("let anybody in", (then) => {
      client.once("ready", () => then(null));
      // Each step waits for an answer: nothing is gained by holding its last bytes back.
      client.once("connect", () => client.setNoDelay(true));
      // What a server asks besides a password that is none is told the same.
      client.on("keyboard-interactive", (_name, _words, _language, prompts, answer) =>
        answer(prompts.map(() => password)),
      );
      client.connect({
        host,
        port,
        username: user,
        password,
        tryKeyboard: true,
        readyTimeout: 0,
        algorithms: { ...algorithms, serverHostKey: serverKeys },
        hostVerifier: (key: Buffer) => {
          const print = fingerprint(key);
          if (options.isKnown(print)) return true;
          stranger = `${host}:${port} shows another key than before (${print}); nothing is sent to it`;
          return false;
        },
      });
    });
  } catch (error) {
    client.destroy();
    throw error;
  }
  return { client, step };
}

/** The same with the subsystem of files. */
export async function connectedSftp(
  target: SshTarget,
  options: PushOptions,
): Promise<Connected & { readonly sftp: SFTPWrapper }> {
  const { client, step } = await connected(target, options);
  try {
    const sftp = await step<SFTPWrapper>("given SFTP", (then) => client.sftp(then as Then<SFTPWrapper>));
    return { client, step, sftp };
  } catch (error) {
    client.destroy();
    throw error;
  }
}
