/**
 * The instrument of meters that are only a face: no maker's limits, 128 samples a cycle, a result a second. The names
 * and values of its settings are those of the Leviton meters.
 */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { WiringName } from "#quantity/wiring.ts";
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
  // No maker's: what the instrument is held to (IEC 61000-4-30, class A, at 50 and at 60 Hz).
  frequency: [42.5, 69],
  settings: {
    ...settings,
    systemVoltage: { default: 400, within: [[82, 32000]], means: "system voltage, V line to line" },
  },
  pulseCounts: ["Wh.import", "Wh.export"],
};

/** The values of `systemType` that stand for each wiring, as the Leviton and PowerLogic meters number them. */
const systemTypes: Readonly<Record<WiringName, number>> = {
  "1-phase-ln": 10,
  "1-phase-ll": 11,
  "split-phase": 12,
  network: 20,
  "two-element": 30,
  delta: 31,
  "open-delta": 32,
  wye: 40,
};

/**
 * The instrument of a product that can be connected in these ways, the first unless the site says another. A site file names
 * them by number or in words: `systemType: wye`.
 */
export function connectedAs(first: WiringName, ...others: readonly WiringName[]): InstrumentDesign {
  const names = [first, ...others];
  const words = Object.fromEntries(names.map((name) => [name, systemTypes[name]]));
  const volts = first === "1-phase-ln" ? 230 : 400;
  return {
    ...virtualDesign,
    wirings: Object.fromEntries(names.map((name) => [systemTypes[name], name])),
    settings: {
      ...virtualDesign.settings,
      systemType: { default: systemTypes[first], oneOf: Object.values(words), words, means: "how it is connected" },
      systemVoltage: {
        default: volts,
        within: [[82, 32000]],
        means: "system voltage, V line to line (to neutral of one phase)",
      },
    },
  };
}

/** The instrument of a product for one phase and its neutral. */
export const singlePhase: InstrumentDesign = connectedAs("1-phase-ln");
