/** Sets the clock of a meter over IEC 60870-5-102, in the local time that the meter keeps, and reads it back. */
import { Cause } from "#protocol/iec102/asdu/cause.ts";
import type { TimeB } from "#protocol/iec102/asdu/time.ts";
import type { Iec102Client } from "#protocol/iec102/reader/client.ts";
import { Iec102Error } from "#protocol/iec102/reader/failing.ts";
import { aheadOfHere, NEAR_MS, offsetAt, telegramOf, wallOf, type LocalOffset } from "./iec102-local.ts";
import { openMeter, type Iec102Settings } from "./iec102-meter.ts";
import type { Iec102Url } from "./iec102-url.ts";
import { timeText } from "./iec102-words.ts";
import { realClock } from "./real-clock.ts";
import type { TimeSet, WantedTime } from "./time-set.ts";

/** A meter may take a while to answer. */
const KEPT_MS = 10_000;
const QUARTER_MS = 900_000;
/** For so long it is watched how fast a clock goes, and by so much it is faster. */
const [PACE_MS, FASTER] = [200, 1.5];
/** Local times are ahead of UTC from -12 to +14 hours. */
const [LEAST_MINUTES, MOST_MINUTES] = [-720, 840];

/** Rejects with a message that says what the meter refused or kept. */
export async function setTime(url: Iec102Url, settings: Iec102Settings, wanted: WantedTime): Promise<TimeSet> {
  const meter = await openMeter(url, settings);
  try {
    const before = await meter.time();
    const kept = keptBy(before);
    const asked = realClock.utc();
    const utc = utcOf(wanted, asked, kept.offset);
    await set(meter, telegramOf(utc, offsetOf(wanted, utc, kept)));
    const after = await meter.time();
    const off = aheadOf(after, kept.offset, utc + realClock.utc() - asked);
    if (off === undefined || Math.abs(off) > KEPT_MS)
      throw new Iec102Error(
        `the meter took the time and shows ${timeText(after) ?? "none"}${await pace(meter, after)}`,
        "refused",
      );
    return {
      before: timeText(before) ?? "none",
      after: timeText(after) ?? "none",
      aheadBeforeMs: aheadOf(before, kept.offset, asked),
      aheadMs: aheadOf(after, kept.offset, realClock.utc()),
      notes: kept.notes,
    };
  } finally {
    await meter.close();
  }
}

async function set(meter: Iec102Client, at: TimeB): Promise<void> {
  try {
    await meter.setTime({ kind: "time", at });
  } catch (error) {
    if (!(error instanceof Iec102Error) || error.refusal !== Cause.noType) throw error;
    throw new Iec102Error(
      "the station's clock cannot be set over IEC 60870-5-102: the base standard has no telegram for it, the Spanish profile (ree) does (cause 14)",
      error.reason,
      error.refusal,
    );
  }
}

/** A clock that shows another time than was set may run faster: of a site, say, whose days go by in minutes. */
async function pace(meter: Iec102Client, before: TimeB): Promise<string> {
  const began = realClock.utc();
  await new Promise<void>((resolve) => void realClock.after(PACE_MS, resolve));
  const [from, to] = [wallOf(before), wallOf(await meter.time())];
  if (from === undefined || to === undefined) return "";
  const times = (to - from) / (realClock.utc() - began);
  return times < FASTER ? "" : `: its clock moves on about ${Math.round(times)} times faster than the one here`;
}

interface Kept {
  readonly offset: LocalOffset;
  readonly notes: readonly string[];
}

/**
 * Which local time the meter keeps: that of here where its clock is near it, else the quarter of an hour that it is near, and where it is near
 * none that of here.
 */
function keptBy(time: TimeB): Kept {
  const utc = realClock.utc();
  const here = offsetAt(utc);
  const wall = wallOf(time);
  if (wall === undefined || aheadOfHere(time, utc) === undefined) return { offset: here, notes: [] };
  const ahead = Math.round((wall - utc) / QUARTER_MS) * QUARTER_MS;
  const offsetMinutes = ahead / 60_000;
  const isZone = offsetMinutes >= LEAST_MINUTES && offsetMinutes <= MOST_MINUTES;
  if (isZone && Math.abs(wall - utc - ahead) <= NEAR_MS)
    return {
      offset: { offsetMinutes, summer: time.summer },
      notes: [`the meter's clock is ${offsetMinutes} minutes ahead of UTC, which was taken for its local time`],
    };
  return { offset: here, notes: ["the meter's clock is far off: it was set to local time here"] };
}

function utcOf(wanted: WantedTime, now: number, { offsetMinutes }: LocalOffset): number {
  if (wanted === "now") return now;
  if ("utc" in wanted) return wanted.utc;
  return wanted.local.toZonedDateTime("UTC").epochMilliseconds - 60_000 * offsetMinutes;
}

/** Another day may have another offset: where the meter keeps the time of here, that of here then. */
function offsetOf(wanted: WantedTime, utc: number, { offset, notes }: Kept): LocalOffset {
  if (wanted === "now" || notes.length > 0) return offset;
  if ("utc" in wanted) return offsetAt(utc);
  // What the wall is to show is shown, whatever is ahead then.
  return { ...offset, summer: offsetAt(utc).summer };
}

function aheadOf(time: TimeB, { offsetMinutes }: LocalOffset, utc: number): number | undefined {
  const wall = wallOf(time);
  return wall === undefined ? undefined : wall - 60_000 * offsetMinutes - utc;
}
