/** All that a JEMStar II shows over DLMS, part by part: a logical device has those that its configuration gives it. */
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { clockOf } from "./clock-object.ts";
import type { ShownPart } from "./configuration.ts";
import { connectionLog } from "./connection-log.ts";
import { dataObjects } from "./data-objects.ts";
import { profileObjects } from "./profile-objects.ts";
import { registerObjects } from "./register-objects.ts";
import type { Shown } from "./shown.ts";

const parts: Readonly<Record<ShownPart, (shown: Shown) => readonly CosemObject[]>> = {
  data: dataObjects,
  registers: registerObjects,
  profiles: profileObjects,
  log: (shown) => [connectionLog(shown)],
  clock: (shown) => [clockOf(shown)],
};

/** In the order of the manual's chapters. */
export function appendixObjects(shown: Shown, shows: readonly ShownPart[]): readonly CosemObject[] {
  return (Object.keys(parts) as ShownPart[])
    .filter((part) => shows.includes(part))
    .flatMap((part) => parts[part](shown));
}
