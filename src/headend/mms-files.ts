/** The files of a meter, over MMS. */
import { utcOfGeneralizedTime } from "#protocol/iec61850/mms/generalized-time.ts";
import { deleteFile, fetchFile, filesOf, sendFile } from "#protocol/iec61850/client/files.ts";
import type { FileSource } from "./file-source.ts";
import { withMeter, type MmsSettings } from "./mms-meter.ts";
import type { MmsUrl } from "./mms-url.ts";

/** Runs a conversation about files; some servers name folders beside them, which end in a stroke and are none. */
export async function withMmsFiles<T>(
  url: MmsUrl,
  settings: MmsSettings,
  run: (source: FileSource) => Promise<T>,
): Promise<T> {
  return withMeter(url, settings, (client) =>
    run({
      async list() {
        const files = (await filesOf(client)).filter(({ name }) => !/[/\\]$/.test(name));
        const listed = files.map(({ name, size, modified = "" }) => ({
          name: name.replaceAll("\\", "/").replace(/^\//, ""),
          size,
          utc: utcOfGeneralizedTime(modified) ?? 0,
        }));
        return listed.toSorted((a, b) => a.utc - b.utc);
      },
      fetch: (name) => fetchFile(client, name),
      remove: (name) => deleteFile(client, name),
      send: (name, bytes) => sendFile(client, name, bytes),
    }),
  );
}
