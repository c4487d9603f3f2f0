/** A channel of a profile as a trend has it: a value that holds over an interval; what is counted becomes the power that counts so. */
import { accumulates, isSampled, type Measure, type MeasureQuantity } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";
import { profileStatus, type Profile, type ProfileRecord } from "#quantity/profile.ts";
import type { TrendChannelView } from "#quantity/trend-api.ts";
import { unitOf } from "#quantity/unit.ts";

const HOUR_MS = 3_600_000;

/** What is counted by the hour. */
const powers: Readonly<Partial<Record<MeasureQuantity, MeasureQuantity>>> = {
  Wh: "W",
  varh: "var",
  VAh: "VA",
  "VAh.arithmetic": "VA.arithmetic",
  Qh: "Q",
  Ah: "A",
  V2h: "V2",
  A2h: "A2",
};

/** What of a record makes its values doubtful. */
const { overflow, testMode, timeChanged, noInputs, flagged, unanswered } = profileStatus;
const DOUBTFUL = overflow | testMode | timeChanged | noInputs | flagged;

/** Whether something is in the way of taking its values as they are. A change of daylight saving moves no instant: it is in nobody's way. */
export function isDoubtful({ status, type }: Pick<ProfileRecord, "status" | "type">): boolean {
  return (status & (type === "daylightSaving" ? DOUBTFUL & ~timeChanged : DOUBTFUL)) !== 0;
}

export interface TrendChannel extends TrendChannelView {
  /** In the unit; NaN where nothing was known. */
  readonly valueOf: (record: ProfileRecord) => number;
  readonly isDoubtful: (record: ProfileRecord) => boolean;
}

function shownMeasure({ over, ...measure }: Measure): Measure {
  const quantity = powers[measure.quantity];
  if (quantity === undefined) return over === undefined || over === "total" ? measure : { ...measure, over };
  return { ...measure, quantity, direction: measure.direction === "net" ? "bidirectional" : measure.direction };
}

export function trendChannelsOf({ channels, data }: Pick<Profile, "channels" | "data">): readonly TrendChannel[] {
  return channels.map(({ measure, km, side }, k): TrendChannel => {
    const counts = accumulates(measure.quantity);
    const shown = shownMeasure(measure);
    const unit = counts && shown.quantity === measure.quantity ? `${unitOf(measure)}/h` : unitOf(shown);
    const worth = data === "engineering" || (data === "counts" && isSampled(measure.quantity)) ? 1 : km;
    return {
      channel: k + 1,
      measure: measureName(shown),
      unit: unit === "/h" ? "1/h" : unit,
      side: side ?? null,
      valueOf: ({ values, start, end }) => {
        const value = values[k];
        if (value === undefined) return NaN;
        return counts ? (value * worth * HOUR_MS) / (end.utc - start.utc) : value * worth;
      },
      isDoubtful: (record) => {
        const { status, silent } = record;
        if (isDoubtful(record)) return true;
        return (status & unanswered) !== 0 && (silent === undefined || (silent & (1 << k)) !== 0);
      },
    };
  });
}
