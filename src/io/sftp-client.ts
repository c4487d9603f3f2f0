/** Files that are fetched from a server over SFTP, and sent to one. */
import type { FileEntryWithStats } from "ssh2";
import type { PushOptions } from "./push-target.ts";
import { connectedSftp, type SshTarget, type Then } from "./ssh-client.ts";

export interface RemoteFile {
  /** From where one begins, with its folder. */
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly utc: number;
  readonly size: number;
}

export interface SftpClient {
  /** Those of a folder, "." where one begins, and of the folders in it. */
  list(folder: string): Promise<readonly RemoteFile[]>;
  read(name: string, size: number): Promise<Uint8Array>;
  /** Sends a file; it is the server's when this resolves, whole. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  close(): void;
}

const CHUNK = 32_768;
/** Of the mode: whether it is a folder. */
const [TYPE, FOLDER] = [0o170_000, 0o040_000];

/** Connects and logs in. Rejects with what went wrong, in words. */
export async function openSftp(target: SshTarget, options: PushOptions): Promise<SftpClient> {
  const { client, step, sftp } = await connectedSftp(target, options);
  const entries = (folder: string): Promise<FileEntryWithStats[]> =>
    step<FileEntryWithStats[]>(`listed ${folder}`, (then) => sftp.readdir(folder, then as Then<FileEntryWithStats[]>));
  const list = async (folder: string, before = "", inside = false): Promise<RemoteFile[]> => {
    const found: RemoteFile[] = [];
    for (const { filename, attrs } of await entries(folder)) {
      if (filename === "." || filename === "..") continue;
      const name = before + filename;
      if ((attrs.mode & TYPE) !== FOLDER) found.push({ name, utc: attrs.mtime * 1000, size: attrs.size });
      // A meter has folders, and none in them.
      else if (!inside) found.push(...(await list(`${folder}/${filename}`, `${name}/`, true)));
    }
    return found;
  };
  return {
    list: (folder) => list(folder),
    async read(name, size) {
      const handle = await step<Buffer>(`opened ${name}`, (then) => sftp.open(name, "r", then as Then<Buffer>));
      const bytes = Buffer.alloc(size);
      let at = 0;
      while (at < size) {
        const from = at;
        const count = await step<number>(`sent ${name}`, (then) =>
          sftp.read(handle, bytes, from, Math.min(CHUNK, size - from), from, (error, read) => then(error, read)),
        );
        if (count === 0) break;
        at += count;
      }
      await step<void>(`closed ${name}`, (then) => sftp.close(handle, (error) => then(error)));
      return bytes.subarray(0, at);
    },
    async write(name, bytes) {
      const handle = await step<Buffer>(`opened ${name}`, (then) => sftp.open(name, "w", then as Then<Buffer>));
      for (let from = 0; from < bytes.length; from += CHUNK) {
        const part = Buffer.from(bytes.subarray(from, from + CHUNK));
        await step<void>(`taken ${name}`, (then) =>
          sftp.write(handle, part, 0, part.length, from, (error) => then(error)),
        );
      }
      await step<void>(`kept ${name}`, (then) => sftp.close(handle, (error) => then(error)));
    },
    remove: (name) => step<void>(`removed ${name}`, (then) => sftp.unlink(name, (error) => then(error))),
    close: () => void client.end(),
  };
}
