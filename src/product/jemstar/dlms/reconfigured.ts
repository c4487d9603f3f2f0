/** A part of the meter's configuration that is set over DLMS: the whole is applied with it, by whom it is, as any other configuration is. */
import { isRefused } from "#quantity/authority.ts";
import type { AccessResult, ActionResult, Asker } from "#protocol/dlms/cosem/object.ts";
import type { BeyondConfiguration, BeyondParts } from "./beyond-settings.ts";
import { resultOf } from "./outcomes.ts";

export function mayConfigure({ surface }: BeyondParts): (asker: Asker) => boolean {
  return ({ session }) => surface.permits("configure", session) === undefined;
}

export function reconfigured(
  { surface }: BeyondParts,
  { session }: Asker,
  changes: Partial<Pick<BeyondConfiguration, "tou" | "timekeeping" | "dlms">>,
): AccessResult & ActionResult {
  const before = surface.configuration();
  if (typeof before !== "object" || before === null) return "object-unavailable";
  const configuration = JSON.stringify({ ...before, ...changes });
  const outcome = surface.obey({ command: "configure", configuration }, session);
  // Its types were what they should be: the meter cannot be set up so, for which the standard has no word.
  return isRefused(outcome) && outcome.refused === "invalid" ? "other-reason" : resultOf(outcome);
}
