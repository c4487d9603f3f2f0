/** What a reader has to know of the Modbus points that a configuration makes (Appendix H). */
import type { PointFacts, PointLists } from "#protocol/modbus/point-facts.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { measureName } from "#quantity/measure-name.ts";
import { isInstant, registerName } from "#quantity/register-name.ts";
import { unitOf, type ScaledUnit } from "#quantity/unit.ts";
import { unitOf as shownUnitOf } from "#revenue/registers/display-digits.ts";
import { isMeasured, type RegisterSettings } from "#revenue/settings/configuration.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** Counters have two registers each, analogs one or two. */
export function pointFactsOf({ modbus, registers, primary }: RevenueFile): PointLists {
  const all = new Map(Object.values(registers).flatMap((list) => list.map((one) => [one.id, one] as const)));
  const counters = modbus.counters.map(({ register, scaling }, k): PointFacts => {
    const settings = all.get(register);
    return {
      register: modbus.countersFrom + 2 * k,
      name: settings === undefined ? `register ${register}` : nameOf(settings),
      label: settings?.label ?? "",
      ...(settings === undefined ? none : shownUnit(settings)),
      ...(settings !== undefined && isInstant(settings.type) ? { instant: true as const } : {}),
      bits: 32,
      signed: settings !== undefined && isSigned(settings),
      scaling,
      // It counts what the display shows, on whichever side that is.
      factor: 1,
    };
  });
  const analogs = modbus.analogs.map(({ measure, scaling }, k): PointFacts => ({
    register: modbus.analogsFrom + (modbus.analogBits / 16) * k,
    name: measureName(measure),
    label: "",
    unit: unitOf(measure),
    scale: 1,
    bits: modbus.analogBits,
    signed: true,
    scaling,
    factor: primaryFactor(measure, primary.pt, primary.ct),
  }));
  return { points: [...counters, ...analogs], order: modbus.order };
}

/** What goes both ways can be negative, and so can a power factor: it is + for lagging and - for leading. */
export function isSigned(settings: RegisterSettings): boolean {
  if (!isMeasured(settings)) return false;
  const { quantity, direction } = settings.measure;
  const isFactor = settings.type.endsWith("PowerFactor") || quantity === "PF" || quantity === "PF.arithmetic";
  return isFactor ? direction !== "absolute" : direction === "net" || direction === "bidirectional";
}

const none: ScaledUnit = { unit: "", scale: 1 };

/** What is no measurement has none. */
export function shownUnit(settings: RegisterSettings): ScaledUnit {
  return isMeasured(settings) ? shownUnitOf(settings) : none;
}

export function nameOf(settings: RegisterSettings): string {
  return isMeasured(settings) ? registerName({ ...settings, kind: settings.type }) : settings.type;
}
