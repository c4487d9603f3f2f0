/** Objects that electricity meters usually have (Blue Book 6): what is tried where a meter has no list of its objects. */
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";

export interface UsualObject {
  readonly classId: number;
  readonly logicalName: LogicalName;
}

// oxfmt-ignore
const rows: readonly (readonly [classId: number, ...names: readonly LogicalName[]])[] = [
  // Logical device name, serial numbers, firmware, error register.
  [1, "0.0.42.0.0.255", "0.0.96.1.0.255", "0.0.96.1.1.255", "1.0.0.2.0.255", "0.0.97.97.0.255"],
  [8, "0.0.1.0.0.255"],
  // Energies: active, reactive, by quadrant, apparent; active by rate.
  [3, "1.0.1.8.0.255", "1.0.2.8.0.255", "1.0.3.8.0.255", "1.0.4.8.0.255", "1.0.5.8.0.255", "1.0.6.8.0.255", "1.0.7.8.0.255",
    "1.0.8.8.0.255", "1.0.9.8.0.255", "1.0.10.8.0.255", "1.0.15.8.0.255", "1.0.1.8.1.255", "1.0.1.8.2.255", "1.0.1.8.3.255",
    "1.0.1.8.4.255", "1.0.2.8.1.255", "1.0.2.8.2.255", "1.0.2.8.3.255", "1.0.2.8.4.255"],
  // Powers, volts, amperes, power factors, frequency.
  [3, "1.0.1.7.0.255", "1.0.2.7.0.255", "1.0.3.7.0.255", "1.0.4.7.0.255", "1.0.9.7.0.255", "1.0.10.7.0.255", "1.0.15.7.0.255",
    "1.0.16.7.0.255", "1.0.21.7.0.255", "1.0.22.7.0.255", "1.0.41.7.0.255", "1.0.42.7.0.255", "1.0.61.7.0.255", "1.0.62.7.0.255",
    "1.0.12.7.0.255", "1.0.32.7.0.255", "1.0.52.7.0.255", "1.0.72.7.0.255", "1.0.11.7.0.255", "1.0.31.7.0.255", "1.0.51.7.0.255",
    "1.0.71.7.0.255", "1.0.90.7.0.255", "1.0.91.7.0.255", "1.0.13.7.0.255", "1.0.33.7.0.255", "1.0.53.7.0.255", "1.0.73.7.0.255",
    "1.0.14.7.0.255"],
  // Largest demands.
  [4, "1.0.1.6.0.255", "1.0.2.6.0.255"],
  // Load profiles, daily and monthly profiles, the event log.
  [7, "1.0.99.1.0.255", "1.0.99.2.0.255", "1.0.98.1.0.255", "0.0.99.98.0.255"],
];

export const usualObjects: readonly UsualObject[] = rows.flatMap(([classId, ...names]) =>
  names.map((logicalName) => ({ classId, logicalName })),
);
