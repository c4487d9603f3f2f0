/** How a parameter of the setup menu, or a reset, is entered, and what is to be done about what was entered. */
import type { PanelScreen } from "#model/leviton-panel.ts";
import type { MeterCommand } from "#quantity/authority.ts";
import type { Setting } from "#quantity/setting.ts";
import { ChoiceEntry, DigitEntry, type Entry } from "./entry.ts";

const NO = 0;
const YES = 1;
const resetWords = [
  [NO, "no"],
  [YES, "rES"],
] as const;

export type SettingsSeen = Readonly<Record<string, number>>;

/** Undefined of what is only shown. `takes` asks the meter about a value. */
export function entryOf(
  screen: PanelScreen,
  settings: SettingsSeen,
  takes: (setting: Setting, value: number) => boolean,
): Entry | undefined {
  if ("command" in screen) return new ChoiceEntry(NO, { words: resetWords, isScale: false, takes: () => true });
  if (!("setting" in screen)) return undefined;
  const { setting } = screen;
  // What is secret is not shown: it is entered from zeros.
  const value = settings[setting] ?? 0;
  if ("digits" in screen) {
    const { digits, decimals = 0, percent = false } = screen;
    return new DigitEntry(value, { digits, decimals, isWhole: percent || decimals === 0 });
  }
  const { words, scale: isScale = false } = screen;
  return new ChoiceEntry(value, { words, isScale, takes: (one) => takes(setting, one) });
}

/** Undefined where what was entered changes nothing. */
export function commandOf(
  screen: PanelScreen,
  { value, isTouched }: Entry,
  settings: SettingsSeen,
): MeterCommand | undefined {
  if ("command" in screen) return value === YES ? { command: screen.command } : undefined;
  if (!("setting" in screen) || !isTouched || settings[screen.setting] === value) return undefined;
  return configure(screen.setting, value, false);
}

export function configure(setting: Setting, value: number, check: boolean): MeterCommand {
  return { command: "configure", configuration: JSON.stringify({ [setting]: value }), check };
}
