/** What a method says of a refusal of the meter. */
import type { Refused } from "#quantity/authority.ts";
import type { ActionResult } from "#protocol/dlms/cosem/object.ts";
import { refusedResults } from "#protocol/dlms/cosem/refused.ts";

export function resultOf(refused: Refused | undefined): ActionResult {
  return refused === undefined ? "success" : refusedResults[refused.refused];
}
