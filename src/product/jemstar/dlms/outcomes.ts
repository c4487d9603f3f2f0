/** What a meter's refusals are called in DLMS, and objects that ask the meter who may read them. */
import { isRefused, type Outcome, type Place } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import {
  accessOf,
  type AccessResult,
  type ActionResult,
  type Asker,
  type Attribute,
  type CosemObject,
} from "#protocol/dlms/cosem/object.ts";
import { refusedResults } from "#protocol/dlms/cosem/refused.ts";

export function resultOf(outcome: Outcome): AccessResult & ActionResult {
  return isRefused(outcome) ? refusedResults[outcome.refused] : "success";
}

/**
 * The same object, which is read by those only who may read this of the meter: lists of objects show it so. Who asks for the configuration is in the
 * security log, so that is asked when it is read, and not when it is listed.
 */
export function guarded(surface: MeterSurface, place: Place, object: CosemObject): CosemObject {
  const may = ({ session }: Asker): boolean => surface.bars(place, session) === undefined;
  const attributes = object.attributes.map((attribute): Attribute => {
    const { get } = attribute;
    return place === "configuration"
      ? { ...attribute, get: (asker, selection) => (may(asker) ? get(asker, selection) : barred) }
      : { ...attribute, access: (asker) => (may(asker) ? accessOf(attribute, asker) : "none") };
  });
  return { ...object, attributes };
}

const barred = { denied: "read-write-denied" } as const;
