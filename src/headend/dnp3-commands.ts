/** What a meter over DNP3 is told, the time, a freeze, a restart, and files that it is asked for. */
import { DnpError } from "#protocol/dnp3/master/failing.ts";
import { readFile } from "#protocol/dnp3/master/file-read.ts";
import { freeze, read, restart } from "#protocol/dnp3/master/outstation.ts";
import { Points } from "#protocol/dnp3/master/points.ts";
import { synchronise, type Procedure } from "#protocol/dnp3/master/time-sync.ts";
import { limits } from "#quantity/limits.ts";
import { withMeter, type Dnp3Settings } from "./dnp3-meter.ts";
import type { Dnp3Url } from "./dnp3-url.ts";
import { realClock } from "./real-clock.ts";

export interface TimeGiven {
  readonly utc: number;
  /** What a message takes one way, milliseconds; undefined where the meter does not measure it. */
  readonly delayMs: number | undefined;
  /** What the meter's clock shows afterwards is ahead of this computer's, milliseconds; undefined where it does not show it. */
  readonly aheadMs: number | undefined;
}

/** Milliseconds that a clock may be off when it has just been set: those of a message that waited somewhere. */
const KEPT_MS = 10_000;

/** `wanted` is an instant, UTC in milliseconds, or now. */
export function giveTime(
  url: Dnp3Url,
  settings: Dnp3Settings,
  wanted: "now" | number,
  procedure: Procedure,
): Promise<TimeGiven> {
  return withMeter(url, settings, async ({ association }) => {
    const offset = wanted === "now" ? 0 : wanted - realClock.utc();
    const now = (): number => realClock.utc() + offset;
    const { delayMs } = await synchronise(association, procedure, realClock, now);
    const utc = now();
    const points = new Points();
    await read(association, [{ group: 50, variation: 1, which: { most: 1 } }], points);
    const aheadMs = points.time === undefined ? undefined : Math.round(points.time - now());
    if (aheadMs !== undefined && Math.abs(aheadMs) > KEPT_MS)
      throw new DnpError(`${association.peer} took the time, and its clock is ${aheadMs} ms off`, "refused");
    return { utc, delayMs, aheadMs };
  });
}

/** All counters; `clear` lets those that run begin anew. */
export function freezeCounters(url: Dnp3Url, settings: Dnp3Settings, clear: boolean): Promise<void> {
  return withMeter(url, settings, ({ association }) => freeze(association, { clear }));
}

/** Milliseconds until it answers again, where it says so. */
export function restartMeter(url: Dnp3Url, settings: Dnp3Settings, how: "cold" | "warm"): Promise<number | undefined> {
  return withMeter(url, settings, ({ association }) => restart(association, how));
}

/** A file, whole. */
export function readMeterFile(url: Dnp3Url, settings: Dnp3Settings, name: string): Promise<Uint8Array> {
  return withMeter(url, settings, ({ association }) => readFile(association, name, limits.reader.answerBytes));
}
