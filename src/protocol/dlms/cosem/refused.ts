/** What a meter's refusals are called in DLMS. */
import type { Refusal } from "#quantity/authority.ts";
import type { AccessResult, ActionResult } from "./object.ts";

export const refusedResults: Readonly<Record<Refusal, AccessResult & ActionResult>> = {
  invalid: "type-unmatched",
  // Whoever may not is told so in the standard's own words.
  session: "read-write-denied",
  privilege: "read-write-denied",
  // It is the meter that bars these, whoever asks.
  key: "scope-of-access-violated",
  mid: "scope-of-access-violated",
  lockout: "temporary-failure",
  power: "temporary-failure",
  testMode: "temporary-failure",
  store: "temporary-failure",
  unsupported: "object-unavailable",
};
