/** Sets the clock of a meter over DLMS/COSEM, as the meter itself says time, and reads it back. */
import { clockOf, dateTimeFor, dateTimeIn, timeData, type MeterClock } from "#protocol/dlms/client/clock.ts";
import { DlmsError, resultText } from "#protocol/dlms/client/failing.ts";
import { CLOCK, usualClock } from "#protocol/dlms/client/profile.ts";
import { openMeter, type DlmsMeter, type DlmsSettings } from "./dlms-meter.ts";
import type { DlmsUrl } from "./dlms-url.ts";
import { dateTimeText } from "./dlms-values.ts";
import { readNow } from "./meter-source.ts";
import { realClock } from "./real-clock.ts";
import type { TimeSet, WantedTime } from "./time-set.ts";

const TIME = { classId: CLOCK, logicalName: usualClock, attribute: 2 } as const;

/** Rejects with a message that says what the meter refused or kept. */
export async function setTime(url: DlmsUrl, settings: DlmsSettings, wanted: WantedTime): Promise<TimeSet> {
  const meter = await openMeter(url, settings);
  try {
    const before = await clockNow(meter);
    const time = dateTimeFor(wantedUtc(wanted, before), before);
    const asked = realClock.utc();
    const result = await meter.client.set(TIME, timeData(time));
    if (result !== "success")
      throw new DlmsError(`the meter did not set its clock: ${resultText(result)}`, "exception");
    const after = await clockNow(meter);
    const off = offBy(after, wantedUtc(wanted, before) + realClock.utc() - asked);
    if (off === undefined || Math.abs(off) > KEPT_MS)
      throw new DlmsError(`the meter took the time and shows ${textOf(after)}`, "exception");
    return {
      before: textOf(before),
      after: textOf(after),
      aheadBeforeMs: before.ahead,
      aheadMs: after.ahead,
      notes: notesOf(before),
    };
  } finally {
    await meter.close();
  }
}

/** A meter may show whole seconds, and take a while to answer. */
const KEPT_MS = 10_000;

interface Seen extends MeterClock {
  /** What it is ahead of this computer's, milliseconds. */
  readonly ahead: number | undefined;
}

async function clockNow({ client }: DlmsMeter): Promise<Seen> {
  const found = await client.get(TIME);
  const here = readNow(realClock, []);
  if ("denied" in found)
    throw new DlmsError(`the meter does not show its clock: ${resultText(found.denied)}`, "exception");
  const time = dateTimeIn(found.data);
  if (time === undefined) throw new DlmsError(`the meter's clock is no date-time but a ${found.data.type}`, "nonsense");
  const clock = clockOf(time, here.utc, here.offsetMinutes);
  return { ...clock, ahead: clock.utc === undefined ? undefined : clock.utc - here.utc };
}

function wantedUtc(wanted: WantedTime, { offsetMinutes }: MeterClock): number {
  if (wanted === "now") return realClock.utc();
  if ("utc" in wanted) return wanted.utc;
  return wanted.local.toZonedDateTime("UTC").epochMilliseconds - 60_000 * offsetMinutes;
}

function offBy({ utc }: Seen, wanted: number): number | undefined {
  return utc === undefined ? undefined : utc - wanted;
}

function textOf({ dateTime, offsetMinutes, sign }: MeterClock): string {
  return dateTimeText(dateTime, sign === "unspecified" ? undefined : offsetMinutes);
}

function notesOf({ sign }: MeterClock): readonly string[] {
  if (sign === "reversed")
    return ["the meter counts its deviation the other way round than the standard does; it was set as it means it"];
  if (sign === "unspecified")
    return ["the meter does not say its deviation from UTC; it was set to local time here, without one"];
  return [];
}
