/**
 * Objects that head-ends expect and Appendix D has not, each bound to what the meter has; what it has not is left out. Whether they are there,
 * and whether the meter can be changed through them, is the configuration's `dlms.beyond`.
 */
import { LocalTime } from "#clock/local-time.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { actionObjects } from "./beyond-actions.ts";
import { billingObjects } from "./beyond-billing.ts";
import { calendarObjects } from "./beyond-calendar.ts";
import { compactObjects } from "./beyond-compact.ts";
import { imageObjects } from "./beyond-image.ts";
import { logsAsObjects } from "./beyond-logs.ts";
import { pushObjects } from "./beyond-push.ts";
import { registerObjects } from "./beyond-registers.ts";
import type { BeyondConfiguration, BeyondParts } from "./beyond-settings.ts";
import { statusesOf } from "./beyond-status.ts";
import { offsetIn } from "./shown.ts";
import { guarded } from "./outcomes.ts";

export interface BeyondMeans extends Pick<BeyondParts, "push" | "image" | "calendar"> {
  /** Names of the objects that are there already. */
  readonly taken?: ReadonlySet<LogicalName>;
}

export function beyondObjects(
  surface: MeterSurface,
  configuration: BeyondConfiguration,
  { taken = new Set(), ...means }: BeyondMeans = {},
): readonly CosemObject[] {
  const { beyond } = configuration.dlms;
  if (beyond === "off") return [];
  const { utcOffsetMinutes, daylightSaving } = configuration.timekeeping;
  const zone = new LocalTime(utcOffsetMinutes, daylightSaving);
  const parts: BeyondParts = {
    surface,
    configuration,
    full: beyond === "full",
    ...means,
    offsetOf: offsetIn(zone),
  };
  const registers = registerObjects(parts, taken);
  const shown = [...new Set(registers.map(({ object }) => object))];
  const set = [
    ...calendarObjects(parts, registers),
    ...actionObjects(parts, registers),
    ...pushObjects(parts),
    ...imageObjects(parts),
  ];
  const all = [
    ...shown.map((object) => guarded(surface, "registers", object)),
    ...compactObjects(parts, registers).map((object) => guarded(surface, "registers", object)),
    ...set.map((object) => guarded(surface, "configuration", object)),
    ...billingObjects(parts, registers),
    ...logsAsObjects(parts),
    ...statusesOf(parts).map((object) => guarded(surface, "readings", object)),
  ];
  return all.filter(({ logicalName }) => !taken.has(logicalName));
}
