/** Files put onto a server over SSH: by SFTP, or by the older way of scp (its sink, `scp -t`). */
import type { ClientChannel } from "ssh2";
import { RefusedFile, type Push, type PushOptions, type PushTarget } from "./push-target.ts";
import { connected, connectedSftp, type Connected, type Then } from "./ssh-client.ts";

/** What a file is called until it is whole. */
const PART = ".part";
const CHUNK = 32_768;

/** Statuses of draft-ietf-secsh-filexfer-02, 7, that say something of the conversation: no connection, connection lost. */
const [NO_CONNECTION, CONNECTION_LOST] = [6, 7];

/** What went wrong with a file: whether the server has answered so. */
function ofFile(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  const isStatus = typeof code === "number" && code !== NO_CONNECTION && code !== CONNECTION_LOST;
  return isStatus ? new RefusedFile(error.message, { cause: error }) : error;
}

export async function openSftpPush(target: PushTarget, options: PushOptions): Promise<Push> {
  const { client, step, sftp } = await connectedSftp(target, options);
  const at = (name: string): string => (target.folder === "" ? name : `${target.folder.replace(/\/$/, "")}/${name}`);
  const write = async (part: string, bytes: Uint8Array): Promise<void> => {
    const handle = await step<Buffer>(`opened ${part}`, (then) => sftp.open(part, "w", then as Then<Buffer>));
    const close = (): Promise<void> =>
      step<void>(`closed ${part}`, (then) => sftp.close(handle, (error) => then(error)));
    for (let from = 0; from < bytes.length; from += CHUNK) {
      const length = Math.min(CHUNK, bytes.length - from);
      await step<void>(`taken ${part}`, (then) =>
        sftp.write(handle, Buffer.from(bytes.subarray(from, from + length)), 0, length, from, (error) => then(error)),
      ).catch(async (error: unknown) => {
        // The files after it have handles, too.
        if (ofFile(error) instanceof RefusedFile) await close();
        throw error;
      });
    }
    await close();
  };
  const putWhole = async (name: string, bytes: Uint8Array): Promise<"kept"> => {
    const part = at(name + PART);
    await write(part, bytes);
    // By version 3 a rename goes over nothing that is there.
    await step<void>("removed the file before", (then) => sftp.unlink(at(name), () => then(null)));
    await step<void>(`renamed ${part}`, (then) => sftp.rename(part, at(name), (error) => then(error)));
    const { size } = await step<{ size: number }>(`looked at ${name}`, (then) =>
      sftp.stat(at(name), then as Then<{ size: number }>),
    );
    if (size === bytes.length) return "kept";
    throw new RefusedFile(`${target.host} has ${size} bytes of ${name}; expected ${bytes.length}`);
  };
  const put = (name: string, bytes: Uint8Array): Promise<"kept"> =>
    putWhole(name, bytes).catch((error: unknown) => {
      throw ofFile(error);
    });
  return { put, close: () => void client.end() };
}

/** As a shell takes it, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const [FINE, WARNING] = [0, 1];

export async function openScpPush(target: PushTarget, options: PushOptions): Promise<Push> {
  const { client, step } = await connected(target, options);
  const folder = target.folder === "" ? "." : target.folder;
  const put = async (name: string, bytes: Uint8Array): Promise<"kept"> => {
    const channel = await step<ClientChannel>("run scp", (then) =>
      // -d: a folder that is not there is no file to be made.
      client.exec(`scp -d -t -- ${quoted(folder)}`, then as Then<ClientChannel>),
    );
    let isThere = false;
    try {
      await answered(channel, step, "answered scp");
      isThere = true;
      channel.write(`C0644 ${bytes.length} ${name}\n`);
      await answered(channel, step, `opened ${name}`);
      for (let from = 0; from < bytes.length; from += CHUNK) {
        const part = Buffer.from(bytes.subarray(from, from + CHUNK));
        await step<void>(`taken ${name}`, (then) => void channel.write(part, (error) => then(error)));
      }
      channel.write(Buffer.of(FINE));
      // The sink says so when all bytes that were announced are in the file.
      await answered(channel, step, `kept ${name}`);
      return "kept";
    } catch (error) {
      // What the sink says before is about the folder.
      const isAnswer = isThere && error instanceof Error && error.cause instanceof SinkError;
      throw isAnswer ? new RefusedFile(error.message, { cause: error }) : error;
    } finally {
      channel.end();
    }
  };
  return { put, close: () => void client.end() };
}

/** What the sink says is wrong. */
class SinkError extends Error {}

/** The sink's word: all is well, or what is not. */
async function answered(channel: ClientChannel, step: Connected["step"], late: string): Promise<void> {
  await step<void>(late, (then) => {
    let said = Buffer.alloc(0);
    const stop = (error?: Error): void => {
      channel.off("data", take);
      channel.off("close", gone);
      channel.pause();
      then(error);
    };
    const gone = (): void => stop(new Error("scp has ended"));
    const take = (bytes: Buffer): void => {
      said = Buffer.concat([said, bytes]).subarray(0, 512);
      const [code = FINE] = said;
      if (code === FINE) return stop();
      if (code > WARNING + 1) return stop(new Error("scp answers with what is no word of it"));
      const end = said.indexOf("\n");
      if (end >= 0 || said.length >= 512)
        stop(
          new SinkError(
            said
              .subarray(1, end < 0 ? undefined : end)
              .toString()
              .replaceAll(/[^\x20-\x7e]/g, "?"),
          ),
        );
      return undefined;
    };
    channel.on("data", take);
    channel.once("close", gone);
    channel.resume();
  });
}
