/** The row of IEC 60870-5-102 in the table of readers: a meter tells itself what it has. */
import { iec102Urls, type Iec102Url } from "./iec102-url.ts";
import type { Reader } from "./reader.ts";
import { realClock } from "./real-clock.ts";

export const iec102Reader: Reader<Iec102Url> = {
  ...iec102Urls,
  async source(at, { text, names, held, ...settings }) {
    // Who reads over another protocol needs none of it.
    const { Iec102Source } = await import("./iec102-source.ts");
    return new Iec102Source({ text, at }, settings, { clock: realClock, names, held });
  },
};
