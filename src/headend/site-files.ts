/** The files of a meter of a running site, over HTTP. */
import { jsonOf, requestBytes } from "#io/http.ts";
import { fileTag } from "#io/file-tag.ts";
import type { FilesView } from "#quantity/meter-api.ts";
import type { FileSource } from "./file-source.ts";
import { readFiles, readMeters, sendCommand, SiteRefusal, type Pass } from "./site-meter.ts";
import { meterUrlOf } from "./site-url.ts";

/** Milliseconds for one file: the longest takes a minute over a slow line. */
const FILE_MS = 120_000;

/** `at` is where the API has the meter. */
export function siteFiles(at: string, pass: Pass): FileSource {
  const shown = { token: pass.meter, siteToken: pass.site, timeoutMs: FILE_MS };
  const { origin, pathname } = new URL(at);
  const shelf = `${origin}${pathname.replace("/api/meters/", "/meters/")}/pqdif/`;
  const urlOf = (name: string): string => shelf + name.split("/").map(encodeURIComponent).join("/");
  return {
    async list() {
      const { files } = await readFiles(at, pass);
      return files.map(({ name, utc, size, what }) => ({
        name,
        utc: Temporal.Instant.from(utc).epochMilliseconds,
        size,
        what,
      }));
    },
    async fetch(name, have) {
      const url = urlOf(name);
      const noneMatch = have && fileTag(have);
      const { status, bytes } = await requestBytes(url, { ...shown, noneMatch });
      if (status === 304) return "same";
      if (status === 200) return bytes;
      const { error = `HTTP status ${status}` } = jsonOf(url, bytes) as { error?: string };
      throw new SiteRefusal(`${url}: ${error}`, status);
    },
    async remove(name) {
      await sendCommand(at, { command: "removeFile", name }, pass);
    },
  };
}

/** The meters of a site that keep files: where the API has them, and what they keep. */
export async function metersWithFiles(
  site: string,
  pass?: Pass,
): Promise<readonly (FilesView & { readonly at: string })[]> {
  const found: (FilesView & { at: string })[] = [];
  for (const { name } of await readMeters(site, pass)) {
    const at = meterUrlOf(site, name);
    try {
      found.push({ at, ...(await readFiles(at, pass)) });
    } catch (error) {
      if (!(error instanceof SiteRefusal) || error.status !== 404) throw error;
    }
  }
  return found;
}
