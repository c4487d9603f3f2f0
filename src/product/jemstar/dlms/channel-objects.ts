/**
 * Channels of load profiles as Register objects: what each recorded last, and its unit, which head-ends ask of every column of a buffer.
 * Appendix D has no such objects.
 */
import { registerObject } from "#protocol/dlms/cosem/register.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { Profile } from "#quantity/profile.ts";
import { unitOf } from "#quantity/unit.ts";
import { unitNumber } from "./beyond-codes.ts";
import { profileCode } from "./profile-codes.ts";
import { valueData } from "./profile-values.ts";
import { readable, type Shown } from "./shown.ts";

/** One of each code, of the first channel that has it. */
export function channelObjects(shown: Shown): readonly CosemObject[] {
  if (shown.configuration.dlms.beyond === "off") return [];
  const objects = new Map<LogicalName, CosemObject>();
  for (const profile of shown.surface.profiles) {
    for (const [place, { measure }] of profile.channels.entries()) {
      const logicalName = profileCode(measure);
      if (logicalName === undefined || objects.has(logicalName)) continue;
      // Counts have no unit but their Km.
      const unit = profile.data === "counts" ? "" : unitOf(measure);
      objects.set(
        logicalName,
        registerObject(logicalName, {
          value: () => valueData(lastValue(profile, place)),
          scaler: 0,
          unit: unitNumber(unit),
          access: readable(shown, "profiles"),
        }),
      );
    }
  }
  return [...objects.values()];
}

function lastValue(profile: Profile, place: number): number | undefined {
  return profile.page(profile.next - 1, 1)[0]?.values[place];
}
