/**
 * Codes of what the logs of a JEMStar have: a table a log, a row what happened. DLMS leaves them to the manufacturer (Blue Book 6.2.14, event code
 * objects); what is in no row is OTHER.
 */
import type { LogKind } from "#quantity/log.ts";

export const OTHER = 255;

type Row = readonly [code: number, what: RegExp];

/** A log with its place in group E of 0.0.99.98.e.255, which its code (0.0.96.11.e+10.255) and text (0.0.96.51.e.255) share; 0 is the manual's. */
export interface CodedLog {
  readonly kind: LogKind;
  readonly e: number;
  readonly codes: readonly Row[];
}

// prettier-ignore
export const codedLogs: readonly CodedLog[] = [
  { kind: "event", e: 1, codes: [
    [1, /^register preset$/], [2, /^firmware changed$/], [3, /^season change$/], [4, /^recording$/], [5, /^recording lost$/],
    [6, /^file transfer .* fails/], [7, /^file transfer .* again$/], [8, /^file transfer /],
    [9, /^push .* fails/], [10, /^push .* works again$/], [11, /^option enabled$/],
  ] },
  { kind: "diagnostic", e: 2, codes: [
    [1, / failed$/], [2, / restored$/], [3, /^battery reset$/], [4, /^battery /], [5, /^memory damaged$/],
  ] },
  { kind: "security", e: 3, codes: [
    [1, /^logged in$/], [2, /^logged out/], [3, /^(timed out|superseded)$/], [4, /^wrong /], [5, /^locked out$/], [6, /^unknown user$/],
    [7, /^Configuration Access$/], [8, /^password changed$/], [9, /^secret .* set$/], [10, /^secret .* forgotten$/],
    [11, / key installed$/], [12, / key removed$/], [13, /^files? .*removed/], [14, /^more than there is room for$/],
    [15, /^firmware .* uploaded$/], [16, /^option .* enabled$/], [17, /^rebooted$/],
  ] },
  { kind: "configuration", e: 4, codes: [
    [1, /^configuration applied$/], [2, /^cold start$/], [3, /^powered up with a dead battery$/],
  ] },
  { kind: "powerOutage", e: 5, codes: [[1, /^power outage$/]] },
  { kind: "timeChange", e: 6, codes: [[1, /^time set$/], [2, /^daylight saving$/]] },
  { kind: "freeze", e: 7, codes: [[1, /^freeze$/]] },
  { kind: "billingReset", e: 8, codes: [[1, /^billing period reset$/]] },
  { kind: "testMode", e: 9, codes: [[1, /^test mode entered$/], [2, /^test mode left$/]] },
  { kind: "calibration", e: 10, codes: [[1, /^calibrated$/]] },
  { kind: "alarm", e: 11, codes: [[1, /^alarm$/], [2, /^alarm cleared$/], [3, /^alarms not logged$/]] },
  { kind: "sagSwell", e: 12, codes: [[1, /^sag or swell$/]] },
  { kind: "interruption", e: 13, codes: [[1, /^interruption$/]] },
  { kind: "rapidVoltageChange", e: 14, codes: [[1, /^rapid voltage change$/]] },
];

export function eventCode({ codes }: CodedLog, what: string): number {
  return codes.find(([, matches]) => matches.test(what))?.[0] ?? OTHER;
}
