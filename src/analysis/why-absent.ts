/** Why a part of EN 50160 is not there: of samples, and of a log. */
import type { Examination, IntervalTable } from "./examination.ts";
import type { SupplyRecord } from "./en50160.ts";

type Reasons = NonNullable<SupplyRecord["why"]>;

/** `ten` are the intervals of ten minutes, `toOrder` is what THD goes to. */
export function whyAbsent(examination: Examination, ten: IntervalTable | undefined, toOrder: number): Reasons {
  const { voltages, pst, isLog = false } = examination;
  const tooFew = voltages.length < 3 ? "there are fewer than three voltages" : undefined;
  if (isLog) return { ...ofLog(toOrder), ...(tooFew === undefined ? {} : { unbalance: tooFew }) };
  const noTen = "no interval of ten minutes has ended";
  return {
    frequency: "no ten seconds of UTC have ended",
    voltage: noTen,
    THD: ten === undefined ? noTen : `the recording's rate does not carry all orders to ${toOrder}`,
    harmonics: ten === undefined ? noTen : "the recording's rate does not carry them",
    unbalance: tooFew ?? noTen,
    flicker: pst.some(({ start }) => start.length > 0)
      ? "no two hours of UTC were measured as a whole"
      : "no ten minutes have ended since measuring began",
    "mains signalling": "no signal was asked for",
  };
}

function ofLog(toOrder: number): Reasons {
  return {
    frequency: "the log has no frequency over 10 s",
    voltage: "the log has no mean RMS voltages over 10 minutes",
    THD: `over 10 minutes the log has neither THD of voltages in percent nor all their orders to ${toOrder}`,
    harmonics: "over 10 minutes the log has no such channels in volts, or none of the fundamental beside them",
    unbalance: "the log has no unbalance of voltages by negative sequence over 10 minutes",
    flicker: "the log has no Plt over 2 hours",
    "mains signalling": "of a log no voltages of mains signals are read",
  };
}
