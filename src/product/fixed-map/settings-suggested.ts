/** What the settings of a meter could say, and how long its data log lasts. */
import { ratings } from "#meter/ratings.ts";
import type { SuggestedRoom, SuggestedValue, Suggestions } from "#quantity/configuration-history.ts";
import { wiringBy, type InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Setting } from "#quantity/setting.ts";
import { wiringOf } from "#quantity/wiring.ts";

const DAY_S = 86_400;

type SettingOf = (name: Setting) => number;

/** The least energy of a pulse with which the output keeps up at full scale. */
function pulseEnergyOf(design: InstrumentDesign, setting: SettingOf): readonly SuggestedValue[] {
  const rule = design.settings.pulseEnergy;
  if (rule === undefined || !("oneOf" in rule)) return [];
  const wiring = wiringOf(wiringBy(design, setting("systemType")));
  const ratedWith = (wh: number) => ratings(design, wiring, (name) => (name === "pulseEnergy" ? wh : setting(name)));
  const value = rule.oneOf.toSorted((a, b) => a - b).find((wh) => ratedWith(wh).pulsesKeepUp);
  if (value === undefined) return [];
  const now = setting("pulseEnergy");
  const { theoreticalPower, closureMs } = ratedWith(value);
  const watts = Number(theoreticalPower.toPrecision(7));
  const rate = Number((theoreticalPower / value / 3600).toPrecision(4));
  const words = `pulse energy: ${value} Wh is the least with which the output keeps up with full scale, ${watts} W: ${rate} pulses a second of ${closureMs} ms`;
  return [{ key: "pulseEnergy", value, now, fullScale: watts, unit: "Wh", words }];
}

/** One set of entries each sub-interval; with an external sync nobody knows how long that is. */
function roomOf(design: InstrumentDesign, setting: SettingOf, logging: boolean): readonly SuggestedRoom[] {
  const seconds = logging ? setting("demandSubInterval") : 0;
  if (!(seconds > 0)) return [];
  const records = design.logger.entries;
  const days = Number(((records * seconds) / DAY_S).toPrecision(7));
  const every = seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
  return [
    {
      key: "log",
      records,
      days,
      words: `data log, one set of entries each ${every}: has room for ${Math.floor(days)} days`,
    },
  ];
}

export function suggestedSettings(design: InstrumentDesign, setting: SettingOf, logging: boolean): Suggestions {
  return { values: pulseEnergyOf(design, setting), room: roomOf(design, setting, logging) };
}
