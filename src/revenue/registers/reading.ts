/** A register's reading, put together from what it holds and how it is set up. */
import { timeText } from "#clock/time-text.ts";
import { sideOf } from "#quantity/measure.ts";
import type { RegisterReading } from "#quantity/register.ts";
import { localOf, type Stamp } from "#quantity/stamp.ts";
import { isMeasured, type MeasuredRegister, type RegisterSettings } from "#revenue/settings/configuration.ts";
import { inDigits, NO_TIME, nothing, unitOf } from "./display-digits.ts";
import type { ItemShown } from "./item-registers.ts";
import { UNSET, type EarlierReading } from "./stored-readings.ts";

type Facts = Omit<RegisterReading, "value" | "valid" | "at" | "text" | "counts" | "time">;

function factsOf(settings: RegisterSettings): Facts {
  const { id, label, type: kind } = settings;
  if (!isMeasured(settings)) {
    // Phasors are shown as they are at the terminals.
    const side = kind === "phasorDisplay" ? ({ side: "secondary" } as const) : {};
    return {
      id,
      label,
      kind,
      ...side,
      tariff: "total",
      storage: "working",
      digits: 0,
      decimals: 0,
      unit: "",
      scale: 1,
    };
  }
  const { measure, tariff, storage, digits, decimals, scaling } = settings;
  const isPlain = kind === "timeOfPeak" || kind.endsWith("PowerFactor");
  const side = isPlain ? undefined : sideOf(measure, scaling);
  const sided = side === undefined ? {} : { side };
  return { id, label, kind, measure, ...sided, tariff, storage, digits, decimals, ...unitOf(settings) };
}

/** Of a value in the register's units; undefined where there is none. */
export function measuredReading(settings: MeasuredRegister, value: number | undefined, at: Stamp): RegisterReading {
  const facts = factsOf(settings);
  if (value === undefined) return { ...facts, at, value, valid: "invalid", text: nothing(settings) };
  return { ...facts, at, valid: "good", ...inDigits(value, settings) };
}

/**
 * Of what is no measurement. A time shows seconds since 1970 by the wall clock; one that has not been has no value, of which a
 * protocol of numbers makes 0: midnight, January 1, 1970 (section Default Time Displays).
 */
export function itemReading(settings: RegisterSettings, item: ItemShown, at: Stamp): RegisterReading {
  const { time } = item;
  const seconds = time === undefined ? undefined : Math.round(localOf(time) / 1000);
  const value = "time" in item ? seconds : item.value;
  const text = "time" in item ? (seconds === undefined ? NO_TIME : timeText(seconds)) : (item.text ?? "");
  const valid = "time" in item && time === undefined ? "invalid" : "good";
  const counts = value === undefined ? undefined : BigInt(value);
  return { ...factsOf(settings), at, value, valid, text, counts, time, digits: 0, decimals: 0 };
}

/** What an earlier version kept of a register, which did not say when: as far as it is set up as it was. */
export function earlierReading(
  earlier: EarlierReading,
  settings: RegisterSettings | undefined,
  at: Stamp,
): RegisterReading {
  const { id, label, value, text } = earlier;
  const facts = factsOf(settings ?? { id, label, selfRead: false, type: "blank" });
  if (text === UNSET) return { ...facts, id, label, at, value: undefined, valid: "invalid", text: NO_TIME };
  const digits = /^-?\d+(\.\d+)?$/.test(text) ? BigInt(text.replace(".", "")) : undefined;
  return { ...facts, id, label, value, text, counts: digits, valid: "questionable", at };
}
