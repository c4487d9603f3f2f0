/** Which code of Table 2 a channel of a load profile has: those that are in it can be read over DLMS, and no others. */
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import { furtherRows } from "./profile-table-further.ts";
import { firstRows, type ProfileRow } from "./profile-table.ts";

export const profileRows: readonly ProfileRow[] = [...firstRows, ...furtherRows];

const codes: ReadonlyMap<string, LogicalName> = new Map([
  ...profileRows.map(([, , , code, name]) => [name, code] as const),
  // There is one frequency, which is phase A's too.
  ["Hz.a", codeOf("Hz")],
]);

function codeOf(name: string): LogicalName {
  return profileRows.find(([, , , , one]) => one === name)?.[3] ?? "";
}

/** Undefined of what Table 2 has not. */
export function profileCode(measure: Measure): LogicalName | undefined {
  return codes.get(measureName(measure));
}
