/** The power-quality instrument of a JEMStar II, as its configuration has it. */
import { CycleInstrument } from "#quality/cycle-instrument.ts";
import { INTERVAL_MINUTES } from "#quality/intervals.ts";
import { QualityInstrument } from "#quality/instrument.ts";
import { same } from "#quantity/same.ts";
import { wiringOf } from "#quantity/wiring.ts";
import type { MakeQuality, QualityInstrumentPart } from "#revenue/revenue-options.ts";

export const qualityInstrument: MakeQuality = ({ wiring: name, nominalVolts, powerQuality, ...settings }) => {
  const wiring = wiringOf(name);
  // All that the manual has besides 150/180 cycles: the longer ones are made of the shortest.
  const minutes = INTERVAL_MINUTES;
  if (!powerQuality) return new CycleInstrument({ wiring, minutes, hz: settings.hz, utc: settings.utc });
  // The nominal voltage is that of the volts that power quality is measured of; the instrument takes the one to neutral where there is any.
  const isOther = settings.pqVoltage === "ll" && wiring.ln.length > 0;
  return new QualityInstrument({
    ...settings,
    wiring,
    minutes,
    nominalVolts: isOther ? nominalVolts * wiring.lnOverSystem : nominalVolts,
  });
};

/**
 * The same for one meter, whose instrument goes on when a configuration is applied that says nothing new of it: ten minutes and two
 * hours of flicker do not begin anew because of a label.
 */
export function keptInstrument(make: MakeQuality): MakeQuality {
  let kept: { settings: object; part: QualityInstrumentPart; clock: { utc: () => number } } | undefined;
  return ({ utc, ...settings }) => {
    if (kept !== undefined && same(kept.settings, settings)) {
      kept.clock.utc = utc;
      return kept.part;
    }
    const clock = { utc };
    const part = make({ ...settings, utc: () => clock.utc() });
    kept = part === undefined ? undefined : { settings, part, clock };
    return part;
  };
}
