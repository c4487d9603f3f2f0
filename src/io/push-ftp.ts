/** Files put onto a server over FTP, passive, over explicit TLS where that is said. */
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { RefusedFile, type Push, type PushOptions, type PushTarget } from "./push-target.ts";
import { withinStep } from "./step.ts";

const PART = ".part";
/** The answer of a server that ends the conversation (RFC 959, 4.2.1). */
const CLOSING = 421;

/** Taken in when somebody first speaks FTP. */
function library(): typeof import("basic-ftp") {
  return createRequire(import.meta.url)("basic-ftp") as typeof import("basic-ftp");
}

export async function openFtpPush(target: PushTarget, options: PushOptions): Promise<Push> {
  const { host, port, user, password, folder, tls } = target;
  const { Client, FTPError } = library();
  // Files go to the host that was asked for, whatever address it names for them.
  const client = new Client(options.stepMs, { allowSeparateTransferHost: false });
  let isOpen = false;
  /** What went wrong, in words. Who has been let in and is told no may go on. */
  const failed = (error: unknown): Error => {
    client.trackProgress();
    const message = error instanceof Error ? error.message : String(error);
    const words = message.startsWith(`${host}:`) ? message : `${host}:${port}: ${message}`;
    if (isOpen && !client.closed && error instanceof FTPError && error.code !== CLOSING)
      return new RefusedFile(words, { cause: error });
    client.close();
    return new Error(words, { cause: error });
  };
  const step = async <T>(late: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await withinStep<T>(options, `${host}:${port} has not ${late}`, (done, fail) => {
        work().then(done, fail);
      });
    } catch (error) {
      throw failed(error);
    }
  };
  await step("let anybody in", () => client.access({ host, port, user, password, secure: tls }));
  if (folder !== "") await step("gone to the folder", () => client.cd(folder));
  isOpen = true;
  const put = async (name: string, bytes: Uint8Array): Promise<"kept" | "sent"> => {
    let moved = 0;
    client.trackProgress(({ bytes: now }) => void (moved = now));
    const upload = client.uploadFrom(Readable.from(pieces(bytes)), name + PART);
    await goesOn(options, `${host}:${port} has not taken ${name}`, upload, () => moved).catch((error: unknown) => {
      throw failed(error);
    });
    client.trackProgress();
    const size = await step("told a size", () =>
      client.size(name + PART).catch((error: unknown) => {
        // Servers that know no SIZE say that the command is none (RFC 3659, 4.1; RFC 959, 4.2.1).
        if (error instanceof FTPError && [500, 502, 504].includes(error.code)) return undefined;
        throw error;
      }),
    );
    if (size !== undefined && size !== bytes.length)
      throw new RefusedFile(`${host} has ${size} bytes of ${name}; expected ${bytes.length}`);
    await step("renamed the file", () =>
      client.rename(name + PART, name).catch(async (error: unknown) => {
        // There are servers that rename over nothing that is there: what was sent before goes, now that all of it is there anew.
        if (!(error instanceof FTPError) || error.code < 500) throw error;
        await client.remove(name);
        await client.rename(name + PART, name);
      }),
    );
    return size === undefined ? "sent" : "kept";
  };
  return { put, close: () => client.close() };
}

const CHUNK = 16_384;

function* pieces(bytes: Uint8Array): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += CHUNK) yield Buffer.from(bytes.subarray(from, from + CHUNK));
}

/** Waits for work for as long as something moves within each step. */
function goesOn<T>({ clock, stepMs }: PushOptions, late: string, work: Promise<T>, moved: () => number): Promise<T> {
  return new Promise((resolve, reject) => {
    let before = -1;
    const look = (): void => {
      const now = moved();
      if (now === before) return reject(new Error(`${late} within ${stepMs / 1000} s`));
      before = now;
      cancel = clock.after(stepMs, look);
    };
    let cancel = clock.after(stepMs, look);
    const end =
      <V>(then: (value: V) => void) =>
      (value: V): void => {
        cancel();
        then(value);
      };
    work.then(end(resolve), end(reject));
  });
}
