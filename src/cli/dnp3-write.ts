/** `write` over DNP3: the clock, a freeze, a restart. */
import { freezeCounters, giveTime, restartMeter } from "#headend/dnp3-commands.ts";
import { parseDnp3Url, type Dnp3Url } from "#headend/dnp3-url.ts";
import { UrlError } from "#headend/place.ts";
import { didYouMean } from "#quantity/nearest.ts";
import { asFailure, Failure, orFail } from "./failure.ts";
import { asJson, note, say } from "./terminal.ts";

export interface Dnp3WriteOptions {
  readonly timeout: string;
  readonly lan?: true;
  readonly json?: true;
}

/** What is told, and with which words. */
const words: Readonly<Record<string, string>> = {
  time: "now, or an instant like 2026-07-31T14:45:00Z",
  freeze: "keep, or clear: counters begin anew",
  restart: "cold or warm",
};

export async function dnp3Write(
  text: string,
  name: string,
  given: string | undefined,
  options: Dnp3WriteOptions,
): Promise<void> {
  const url = orFail(2, () => parseDnp3Url(text));
  const expected = words[name];
  if (expected === undefined) {
    const known = Object.keys(words);
    throw new Failure(`over DNP3 expected ${known.join(", ")}; found "${name}"${didYouMean(name, known)}`, 2);
  }
  const timeoutMs = Number(options.timeout);
  if (!(timeoutMs > 0)) throw new Failure(`--timeout: expected milliseconds, found "${options.timeout}"`, 2);
  const wrong = (): Failure => new Failure(`${name}: expected ${expected}; found "${given ?? ""}"`, 2);
  const told = tellings[name]?.(given);
  if (told === undefined) throw wrong();
  try {
    const { document, words: done, notes = [] } = await told(url, { timeoutMs }, options);
    for (const one of notes) note(one);
    say(options.json ? asJson({ url: text, setting: name, ...document }) : done);
  } catch (error) {
    throw asFailure(error, error instanceof UrlError ? 2 : 1);
  }
}

interface Done {
  readonly document: object;
  readonly words: string;
  readonly notes?: readonly string[];
}

type Telling = (url: Dnp3Url, settings: { readonly timeoutMs: number }, options: Dnp3WriteOptions) => Promise<Done>;

/** Undefined of a word that is none of its. */
const tellings: Readonly<Record<string, (given: string | undefined) => Telling | undefined>> = {
  time(given) {
    const wanted = given === undefined || given === "now" ? "now" : instantIn(given);
    if (wanted === undefined) return undefined;
    return async (url, settings, { lan }) => {
      const { utc, delayMs, aheadMs } = await giveTime(url, settings, wanted, lan ? "lan" : "direct");
      const at = Temporal.Instant.fromEpochMilliseconds(Math.round(utc)).toString({ fractionalSecondDigits: 3 });
      const off = aheadMs === undefined ? "; the meter does not show its clock" : `; its clock is ${aheadMs} ms ahead`;
      const notes =
        delayMs === undefined ? ["the meter measures no delay: what a message takes was not allowed for"] : [];
      return { document: { utc: at, delayMs, aheadMs }, words: `time: ${at}${off}`, notes };
    };
  },
  freeze(given = "keep") {
    if (given !== "keep" && given !== "clear") return undefined;
    return async (url, settings) => {
      await freezeCounters(url, settings, given === "clear");
      const words = given === "clear" ? "counters are frozen, and begin anew" : "counters are frozen";
      return { document: { frozen: true, cleared: given === "clear" }, words };
    };
  },
  restart(given = "cold") {
    if (given !== "cold" && given !== "warm") return undefined;
    return async (url, settings) => {
      const ms = await restartMeter(url, settings, given);
      const words = ms === undefined ? "it starts anew" : `it starts anew, and answers again in ${ms} ms`;
      return { document: { restarts: given, answersInMs: ms }, words };
    };
  },
};

function instantIn(given: string): number | undefined {
  try {
    return Temporal.Instant.from(given).epochMilliseconds;
  } catch {
    return undefined;
  }
}
