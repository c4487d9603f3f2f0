/** The row of IEC 61850 in the table of readers: a server tells its model itself. */
import { mmsUrls, type MmsUrl } from "./mms-url.ts";
import type { Reader } from "./reader.ts";
import { realClock } from "./real-clock.ts";

export const mmsReader: Reader<MmsUrl> = {
  ...mmsUrls,
  async source(at, { text, names, held, timeoutMs, secrets }) {
    // Who reads over another protocol needs none of it.
    const { MmsSource } = await import("./mms-source.ts");
    return new MmsSource({ text, at }, { timeoutMs, secrets }, { clock: realClock, names, held });
  },
};
