/** The power-quality instrument of a JEMStar II, as its configuration has it. */
import { CycleInstrument } from "#quality/cycle-instrument.ts";
import { QualityInstrument } from "#quality/instrument.ts";
import { INTERVAL_MINUTES } from "#quantity/quality-view.ts";
import { same } from "#quantity/same.ts";
import { wiringOf } from "#quantity/wiring.ts";
import type { QualitySettings } from "#revenue/settings/quality-settings.ts";
import type { MakeQuality, QualityInstrumentPart } from "#revenue/revenue-options.ts";
import type { Shared } from "./recordings.ts";

/** Makes the instrument of a meter; the RMS values of each half cycle are `shared` with what records after it. */
export function instrumentOf(shared: Shared): MakeQuality {
  return (settings) => made(settings, shared);
}

export const qualityInstrument: MakeQuality = (settings) => made(settings, undefined);

function made({ wiring: name, nominalVolts, powerQuality, ...settings }: QualitySettings, shared: Shared | undefined) {
  const wiring = wiringOf(name);
  const { hz, utc, ended } = settings;
  // All that the manual has besides 150/180 cycles: the longer ones are made of the shortest.
  const minutes = INTERVAL_MINUTES;
  if (!powerQuality) return new CycleInstrument({ wiring, minutes, hz, utc, ended });
  // The nominal voltage is that of the volts that power quality is measured of; the instrument takes the one to neutral where there is any.
  const isOther = settings.pqVoltage === "ll" && wiring.ln.length > 0;
  return new QualityInstrument({
    ...settings,
    wiring,
    minutes,
    nominalVolts: isOther ? nominalVolts * wiring.lnOverSystem : nominalVolts,
    onUrms: (urms) => void (shared !== undefined && (shared.urms = urms)),
  });
}

/** What an instrument has of the meter that it is in at the moment. */
type OfMeter = Pick<QualitySettings, "utc" | "ended">;

/**
 * The same for one meter, whose instrument goes on when a configuration is applied that says nothing new of it: ten minutes and two
 * hours of flicker do not begin anew because of a label.
 */
export function keptInstrument(make: MakeQuality): MakeQuality {
  let kept: { settings: object; part: QualityInstrumentPart; meter: OfMeter } | undefined;
  return ({ utc, ended, ...settings }) => {
    if (kept !== undefined && same(kept.settings, settings)) {
      Object.assign(kept.meter, { utc, ended });
      return kept.part;
    }
    const meter = { utc, ended };
    const part = make({ ...settings, utc: () => meter.utc(), ended: (interval) => meter.ended(interval) });
    kept = part === undefined ? undefined : { settings, part, meter };
    return part;
  };
}
