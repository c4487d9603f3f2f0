/** The load profiles of Appendix D: a row for every record, {clock, status, a value for each channel}. */
import { dataObject } from "#protocol/dlms/cosem/data.ts";
import { clockColumn, type CaptureObject } from "#protocol/dlms/cosem/capture-object.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { profileGeneric, type ProfileGeneric } from "#protocol/dlms/cosem/profile-generic.ts";
import { doubleLongUnsigned, nullData, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { Profile, ProfileRecord } from "#quantity/profile.ts";
import { channelObjects } from "./channel-objects.ts";
import { profileCode } from "./profile-codes.ts";
import { valueData } from "./profile-values.ts";
import { statusOf } from "./profile-status.ts";
import { stampData } from "#protocol/dlms/cosem/octet-data.ts";
import { offsetIn, readable, type Shown } from "./shown.ts";

interface Group {
  /** The manual's own code, and what else it is looked for by. */
  readonly names: readonly LogicalName[];
  /** "Operating Status", of which the manual gives no code. */
  readonly status: LogicalName;
}

/** OBIS has the second load profile at 1.0.99.2.0.255; 1.0.98.1.0.255 is its first scheme of billing periods. */
const groups: readonly Group[] = [
  { names: ["1.0.99.1.0.255"], status: "0.0.96.10.1.255" },
  { names: ["1.0.98.1.0.255", "1.0.99.2.0.255"], status: "0.0.96.10.2.255" },
];

export function profileObjects(shown: Shown): readonly CosemObject[] {
  const profiles = groups.flatMap((group, k) => {
    const profile = shown.surface.profiles[k];
    return profile === undefined ? [] : objectsOf(shown, profile, group);
  });
  return [...profiles, ...channelObjects(shown)];
}

function objectsOf(shown: Shown, profile: Profile, { names, status }: Group): readonly CosemObject[] {
  const { normal } = shown.configuration.dlms.profileStatus;
  const access = readable(shown, "profiles");
  // A channel that Table 2 has not has no name to be captured by.
  const captured = profile.channels.flatMap(({ measure }, place) => {
    const logicalName = profileCode(measure);
    return logicalName === undefined
      ? []
      : [{ place, column: { classId: 3, logicalName, attribute: 2, dataIndex: 0 } }];
  });
  const operating: CaptureObject = { classId: 1, logicalName: status, attribute: 2, dataIndex: 0 };
  const statusData = (record: ProfileRecord): Data => doubleLongUnsigned(statusOf(record, normal));
  const buffer: ProfileGeneric<ProfileRecord> = {
    columns: [clockColumn, operating, ...captured.map(({ column }) => column)],
    series: () => profile,
    row: (record) => [
      stampData(record.end),
      statusData(record),
      ...captured.map(({ place }) => valueData(record.values[place])),
    ],
    capturePeriod: secondsOf(profile.interval),
    capacity: () => profile.capacity,
    offsetOf: offsetIn(shown.zone),
    access,
  };
  const last = (): Data => {
    const [record] = profile.page(profile.next - 1, 1);
    return record === undefined ? nullData : statusData(record);
  };
  return [dataObject(status, { value: last, access }), ...names.map((name) => profileGeneric(name, buffer))];
}

/** Seconds; months are not all alike, and 0 is what is not captured by seconds. */
function secondsOf(interval: Profile["interval"]): number {
  if (typeof interval === "number") return interval * 60;
  return interval === "day" ? 86_400 : interval === "week" ? 604_800 : 0;
}
