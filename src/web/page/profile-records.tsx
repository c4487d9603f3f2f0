/** The records of a profile as they are, newest first. */
import type { ProfileRecordView, ProfileView } from "#quantity/meter-api.ts";
import { counted, say } from "./language.ts";
import { localMs, offsetText, shortDate, timeText } from "./local-time.ts";
import { Notice } from "./notice.tsx";
import { figures } from "./numbers.ts";
import { remarkOf } from "./profile-days.ts";
import { Table } from "./table.tsx";
import { profileTexts } from "./texts/profile.ts";

/** Records that are shown; then how many more there are. */
const RECORDS = 200;

/** "08/03 16:45"; with the offset where another record begins at the same time of an hour that came twice. */
function startOf({ sequence, start, offsetMinutes }: ProfileRecordView, among: readonly ProfileRecordView[]): string {
  const isTwice = among.some((one) => one.start === start && one.sequence !== sequence);
  const text = `${shortDate(localMs(start.slice(0, 10)))} ${timeText(start.slice(0, 16))}`;
  return isTwice ? `${text} (${offsetText(offsetMinutes.start)})` : text;
}

export function Records({ channels, records }: ProfileView) {
  if (records.length === 0) return null;
  const shown = records.slice(-RECORDS).toReversed();
  return (
    <details open>
      <summary>{say(profileTexts.records)}</summary>
      <Table
        id="profile"
        label={say(profileTexts.recordsLabel)}
        heads={[[say(profileTexts.interval)], [say(profileTexts.to)], ...channels.map((name) => [name] as const)]}
        rows={shown.map((record) => ({
          key: String(record.sequence),
          name: [startOf(record, shown), remarkOf(record)].filter((part) => part !== "").join(", "),
          cells: [
            timeText(record.end.slice(0, 16)),
            ...record.values.map((value) => <span class="value">{figures(value)}</span>),
          ],
        }))}
      />
      {channels.some((name) => / x (?!1$)/.test(name)) ? <Notice>{say(profileTexts.counts)}</Notice> : null}
      {records.length > shown.length ? (
        <Notice>{say(profileTexts.further, { n: counted(records.length - shown.length) })}</Notice>
      ) : null}
    </details>
  );
}
