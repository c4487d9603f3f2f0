/** What an assessment by a standard says: a row for each thing that was judged, and why other things were not. */
import type { Judged, Verdict } from "./judge.ts";
import type { Period } from "./timed-values.ts";

export interface AssessmentRow extends Judged {
  /** "voltage", "harmonic 5", "TDD". */
  readonly what: string;
  /** The channel: "V.a". */
  readonly name: string;
  /** Where the standard says it. */
  readonly clause: string;
  /** Of limits, value and worst. */
  readonly unit: "V" | "A" | "Hz" | "%" | "";
}

export interface NotAssessed {
  readonly what: string;
  readonly reason: string;
}

export interface Assessment {
  /** With its edition. */
  readonly standard: string;
  readonly period: Period;
  readonly rows: readonly AssessmentRow[];
  readonly absent: readonly NotAssessed[];
  /** What has to be known to read it. */
  readonly notes: readonly string[];
}

/** Of the whole: failed where anything is, passed where nothing is open and nothing absent. */
export function verdictOf({ rows, absent }: Assessment): Verdict {
  if (rows.some(({ verdict }) => verdict === "fail")) return "fail";
  return rows.length === 0 || absent.length > 0 || rows.some(({ verdict }) => verdict === "undecided")
    ? "undecided"
    : "pass";
}

/** "2 to 5, 7, 9": orders as they are read. */
export function ordersText(orders: readonly number[]): string {
  const runs: string[] = [];
  for (let k = 0; k < orders.length;) {
    let end = k;
    while (end + 1 < orders.length && orders[end + 1] === orders[end]! + 1) end++;
    runs.push(end - k < 2 ? orders.slice(k, end + 1).join(", ") : `${orders[k]} to ${orders[end]}`);
    k = end + 1;
  }
  return runs.join(", ");
}
