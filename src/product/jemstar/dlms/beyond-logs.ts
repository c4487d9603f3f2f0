/** Logs as profiles (IC 7): when, a code, and the words of the meter; the newest of each as objects of their own (IC 1). */
import { nullData, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import { clockColumn } from "#protocol/dlms/cosem/capture-object.ts";
import { dataObject } from "#protocol/dlms/cosem/data.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { stampData } from "#protocol/dlms/cosem/octet-data.ts";
import { profileGeneric } from "#protocol/dlms/cosem/profile-generic.ts";
import type { LogEntry } from "#quantity/log.ts";
import type { BeyondParts } from "./beyond-settings.ts";
import { codedLogs, eventCode, type CodedLog } from "./event-codes.ts";
import { guarded } from "./outcomes.ts";

/** Characters of a text at most. */
const LONGEST = 250;
/** Of those that the manual uses. */
const FIRST_CODE = 10;

/** "register preset (admin): register 2; value 100": what, by whom, and what belongs to it. */
export function entryWords({ what, by, details }: LogEntry): string {
  const who = by === "automatic" ? "" : ` (${by})`;
  const rest = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return `${what}${who}${rest.length === 0 ? "" : `: ${rest.join("; ")}`}`.slice(0, LONGEST);
}

function logObjects({ surface, offsetOf }: BeyondParts, log: CodedLog): readonly CosemObject[] {
  const { kind, e } = log;
  const codeName = `0.0.96.11.${FIRST_CODE + e}.255`;
  const wordsName = `0.0.96.51.${e}.255`;
  const codeOf = ({ what }: LogEntry): Data => unsigned(eventCode(log, what));
  const wordsOf = (entry: LogEntry): Data => ({ type: "utf8-string", value: entryWords(entry) });
  const series = () => surface.log(kind);
  const newest = (shown: (entry: LogEntry) => Data) => (): Data => {
    const entries = surface.log(kind);
    const [entry] = entries.next === 0 ? [] : entries.page(entries.next - 1, 1);
    return entry === undefined ? nullData : shown(entry);
  };
  const column = (logicalName: string) => ({ classId: 1, logicalName, attribute: 2, dataIndex: 0 });
  return [
    profileGeneric(`0.0.99.98.${e}.255`, {
      columns: [clockColumn, column(codeName), column(wordsName)],
      series,
      row: (entry: LogEntry) => [stampData(entry.at), codeOf(entry), wordsOf(entry)],
      capturePeriod: 0,
      capacity: () => series().capacity ?? series().next - series().first,
      offsetOf,
    }),
    dataObject(codeName, { value: newest(codeOf) }),
    dataObject(wordsName, { value: newest(wordsOf) }),
  ].map((object) => guarded(surface, `log ${kind}`, object));
}

export function logsAsObjects(parts: BeyondParts): readonly CosemObject[] {
  const there = new Set(parts.surface.logs);
  return codedLogs.filter(({ kind }) => there.has(kind)).flatMap((log) => logObjects(parts, log));
}
