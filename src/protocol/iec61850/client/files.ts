/** Files of a server (IEC 61850-7-2, 23): its list, one of them, one that it takes, and one that goes. */
import type { FileAttributes } from "#protocol/iec61850/mms/file-name.ts";
import { limits } from "#quantity/limits.ts";
import type { MmsClient } from "./client.ts";
import { MmsError } from "./failing.ts";

export interface ServerFile extends FileAttributes {
  readonly name: string;
}

/** Pages of a directory: what a server has more of, it says without end. */
const MOST_PAGES = 10_000;

/** All of a folder, or of the whole store; what a server has. */
export async function filesOf(client: MmsClient, folder = ""): Promise<readonly ServerFile[]> {
  const all: ServerFile[] = [];
  let continueAfter: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { files, moreFollows } = await client.ask({ service: "fileDirectory", name: folder, continueAfter });
    all.push(...files);
    const last = files.at(-1)?.name;
    if (!moreFollows || last === undefined) return all;
    if (last === continueAfter) throw new MmsError(`${client.peer} lists "${last}" again and again`, "nonsense");
    continueAfter = last;
  }
  throw new MmsError(`${client.peer} lists files without end`, "nonsense");
}

/** The whole of a file; `progress` is told how many octets are there of how many. */
export async function fetchFile(
  client: MmsClient,
  name: string,
  progress: (octets: number, of: number) => void = () => {},
): Promise<Uint8Array> {
  const { file, size } = await client.ask({ service: "fileOpen", name, position: 0 });
  try {
    const pieces: Uint8Array[] = [];
    let octets = 0;
    for (let more = true; more;) {
      const { bytes, moreFollows } = await client.ask({ service: "fileRead", file });
      if (bytes.length === 0 && moreFollows)
        throw new MmsError(`${client.peer} gives no more of "${name}", and says that there is`, "nonsense");
      octets += bytes.length;
      if (octets > limits.reader.answerBytes)
        throw new MmsError(
          `"${name}" of ${client.peer} is longer than ${limits.reader.answerBytes} octets`,
          "nonsense",
        );
      pieces.push(bytes);
      progress(octets, size);
      more = moreFollows;
    }
    return together(pieces, octets);
  } finally {
    if (client.ended === undefined) await client.ask({ service: "fileClose", file }).catch(() => {});
  }
}

function together(pieces: readonly Uint8Array[], octets: number): Uint8Array {
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Gives the server a file: it fetches it while it is asked to obtain it. */
export async function sendFile(client: MmsClient, name: string, bytes: Uint8Array, as = name): Promise<void> {
  const withdraw = client.offered.offer(name, bytes);
  try {
    await client.ask({ service: "obtainFile", source: name, destination: as });
  } finally {
    withdraw();
  }
}

export async function deleteFile(client: MmsClient, name: string): Promise<void> {
  await client.ask({ service: "fileDelete", name });
}
