/** The row of DLMS/COSEM in the table of readers: a meter tells itself what it has. */
import { dlmsUrls, type DlmsUrl } from "./dlms-url.ts";
import type { Reader } from "./reader.ts";
import { realClock } from "./real-clock.ts";

export const dlmsReader: Reader<DlmsUrl> = {
  ...dlmsUrls,
  async source(at, { text, names, held, ...settings }) {
    // Who reads over another protocol needs none of it.
    const { DlmsSource } = await import("./dlms-source.ts");
    return new DlmsSource({ text, at }, settings, { clock: realClock, names, held });
  },
};
