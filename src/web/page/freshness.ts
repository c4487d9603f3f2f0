/** Whether what the page shows is so now, and in words why not, and since when. */
import type { LiveView } from "#quantity/meter-api.ts";
import { silenceOf } from "#quantity/silence.ts";
import { silentMs, type Heard } from "./feed.ts";
import { say } from "./language.ts";
import { span, timeBefore, timeText } from "./local-time.ts";
import { freshnessTexts, silenceTexts } from "./texts/states.ts";

export interface Freshness {
  readonly state: "connecting" | "live" | "missing" | "silent" | "lost";
  readonly words: string;
  /** For how long it has been so; empty where that says nothing. */
  readonly age: string;
}

type Seen = Pick<LiveView, "local" | "source" | "powered" | "absence">;

/** `now` is by the clock of `heard`; `gone` is the name of the meter that a site which answers has not, where that is so. */
export function freshnessOf(live: Seen | undefined, heard: Heard, now: number, gone?: string): Freshness {
  const { connected, readAt } = heard;
  if (!connected && gone !== undefined) {
    const age = readAt === undefined ? "" : span((now - readAt) / 1000);
    return { state: "lost", words: say(freshnessTexts.noMeter, { meter: gone }), age };
  }
  if (live === undefined || readAt === undefined)
    return {
      state: connected ? "missing" : "connecting",
      words: say(connected ? freshnessTexts.noReading : freshnessTexts.connecting),
      age: "",
    };
  const since = timeText(live.local.slice(0, 19));
  const age = span((now - readAt) / 1000);
  if (!connected) return { state: "lost", words: say(freshnessTexts.lost, { time: since }), age };
  if (now - readAt > silentMs(heard))
    return { state: "missing", words: say(freshnessTexts.missing, { time: since }), age };
  return sourceOf(live) ?? { state: "live", words: say(freshnessTexts.live), age: "" };
}

/** What is wrong with what the meter measures; undefined while nothing is. */
function sourceOf(seen: Seen): Freshness | undefined {
  const silence = silenceOf(seen);
  if (silence === undefined) return undefined;
  const { local, absence = "", source } = seen;
  const age = source.pushed?.age ?? null;
  if ((silence === "held" || silence === "forgotten") && age !== null) {
    const words = say(freshnessTexts.notPushed, { time: timeBefore(local, age), words: say(silenceTexts[silence]) });
    return { state: "silent", words, age: span(age) };
  }
  return { state: "silent", words: silence === "absence" ? absence : say(silenceTexts[silence]), age: "" };
}
