/** The row of DNP3 in the table of readers: an outstation tells which points it has, and a configuration what they are. */
import { dnp3Urls, type Dnp3Url } from "./dnp3-url.ts";
import type { Reader } from "./reader.ts";
import { realClock } from "./real-clock.ts";

export const dnp3Reader: Reader<Dnp3Url> = {
  ...dnp3Urls,
  async source(at, { text, names, held, timeoutMs, dnp3Points }) {
    // Who reads over another protocol needs none of it.
    const { Dnp3Source } = await import("./dnp3-source.ts");
    const facts = (await dnp3Points?.()) ?? [];
    return new Dnp3Source({ text, at }, { timeoutMs }, { clock: realClock, names, held, facts });
  },
};
