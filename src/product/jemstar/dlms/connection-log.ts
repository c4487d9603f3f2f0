/** Ethernet Connection Log of Appendix D: who logged on and off over Ethernet, by the security log. */
import { clockColumn, type CaptureObject } from "#protocol/dlms/cosem/capture-object.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { profileGeneric } from "#protocol/dlms/cosem/profile-generic.ts";
import { doubleLongUnsigned } from "#protocol/dlms/data/data.ts";
import type { LogEntry } from "#quantity/log.ts";
import type { Series } from "#quantity/series.ts";
import { stampData } from "#protocol/dlms/cosem/octet-data.ts";
import { offsetIn, readable, type Shown } from "./shown.ts";

const CONNECT = 0;
const DISCONNECT = 1;

/** What the security log says of a session that begins, and of one that ends. */
const statuses: Readonly<Record<string, number>> = {
  "logged in": CONNECT,
  "logged out": DISCONNECT,
  "timed out": DISCONNECT,
  "logged out by another change": DISCONNECT,
  superseded: DISCONNECT,
};

/** "Ethernet Status": the manual prints class 8 beside the name of its serial number, which is Data. */
const statusColumn: CaptureObject = { classId: 1, logicalName: "0.0.96.11.0.255", attribute: 2, dataIndex: 0 };

export function connectionLog(shown: Shown): CosemObject {
  const { surface, zone } = shown;
  return profileGeneric<LogEntry>("0.0.99.98.0.255", {
    columns: [clockColumn, statusColumn],
    series: () => connectionsOf(surface.log("security")),
    row: ({ at, what }) => [stampData(at), doubleLongUnsigned(statuses[what] ?? CONNECT)],
    capturePeriod: 0,
    capacity: () => roomOf(surface.log("security")),
    offsetOf: offsetIn(zone),
    access: readable(shown, "log security"),
  });
}

/** Entries that the security log has room for; those that it has where it does not say. */
function roomOf(log: Series<LogEntry> & { readonly capacity?: number | undefined }): number {
  return log.capacity ?? log.next - log.first;
}

/** Entries of the log that are of Ethernet connections, counted from the first of them: the log is short, and read as a whole. */
export function connectionsOf(log: Series<LogEntry>): Series<LogEntry> {
  const entries = log
    .page(log.first, log.next - log.first)
    .filter(({ what, port = "" }) => what in statuses && port.startsWith("ethernet"))
    .map((entry, sequence) => ({ ...entry, sequence }));
  return {
    first: 0,
    next: entries.length,
    page: (from, most) => entries.slice(from, from + most),
    seek: (utc) => {
      const at = entries.findIndex((entry) => entry.at.utc >= utc);
      return at < 0 ? entries.length : at;
    },
    between: (from, to) =>
      entries.flatMap(({ at, sequence }) =>
        at.utc >= from && at.utc <= to ? [{ first: sequence, next: sequence + 1 }] : [],
      ),
  };
}
