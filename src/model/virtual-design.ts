/**
 * The instrument of meters that are only a face: no maker's limits, 128 samples a cycle, a result a second. The names
 * and values of its settings are those of the Leviton meters.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import { levitonDesign, levitonSettings } from "./leviton-design.ts";

const settings = Object.fromEntries(
  Object.entries(levitonSettings).filter(([name]) => !name.startsWith("log.") && !name.startsWith("clock.")),
);

const { resetSystem: _none, ...design } = levitonDesign;

export const virtualDesign: InstrumentDesign = {
  ...design,
  sampling: { perCycle: 128 },
  grid: 128,
  directional: true,
  settings: {
    ...settings,
    systemVoltage: { default: 400, within: [[82, 32000]], means: "system voltage, V line to line" },
  },
  pulseCounts: ["Wh.import", "Wh.export"],
};

/** SunSpec models by system type: single phase, split phase, wye, delta. */
export const integerModels = { 10: 201, 11: 201, 12: 202, 40: 203, 31: 204 } as const;
export const floatModels = { 10: 211, 11: 211, 12: 212, 40: 213, 31: 214 } as const;
