/** What settings must agree on with each other, beyond what each may be on its own. */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { SettingRefusal } from "#quantity/interfaces.ts";
import type { Setting } from "#quantity/setting.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { ratings } from "./ratings.ts";

/**
 * `value` is each setting as it would be after the change. Only what is being written is tested: the manual has the
 * PT ratio set before the system voltage, so that the ratio alone must be accepted.
 */
export function crossCheck(
  design: InstrumentDesign,
  value: (name: Setting) => number,
  changes: ReadonlyMap<Setting, number>,
): SettingRefusal | undefined {
  if (changes.has("systemVoltage")) {
    const volts = value("systemVoltage");
    const [low, high] = design.secondaryVolts;
    const ratio = value("ptRatio");
    if (volts / ratio < low || volts / ratio > high) {
      const expected = `${Math.ceil(low * ratio)} to ${Math.floor(high * ratio)} with a PT ratio of ${ratio}`;
      return { setting: "systemVoltage", value: volts, expected };
    }
  }
  const wh = changes.get("pulseEnergy");
  const wiring = design.wirings[value("systemType")];
  if (wh === undefined || wiring === undefined) return undefined;
  const { theoreticalPower, pulsesKeepUp } = ratings(design, wiringOf(wiring), value);
  if (pulsesKeepUp) return undefined;
  const expected = `more energy a pulse: at ${Math.round(theoreticalPower)} W no closure time keeps up`;
  return { setting: "pulseEnergy", value: wh, expected };
}
