/** What the registers show that are no measurements. */
import type { RegisterSettings } from "./configuration.ts";
import { timeText } from "./registers.ts";

export interface ItemFacts {
  /** Local milliseconds since 1970; 0 while something has not been. */
  readonly local: number;
  readonly lastBillingReset: number;
  readonly lastFreeze: number;
  readonly lastSeasonChange: number;
  /** Seconds that the battery has kept the clock. */
  readonly onBattery: number;
  readonly systemBits: number;
  readonly triggerBits: number;
  readonly rate: string;
  readonly strings: readonly string[];
  readonly isClosed: (channel: number) => boolean;
}

export function itemOf(
  settings: RegisterSettings,
  facts: ItemFacts,
): { readonly value: number; readonly text: string } {
  const number = "number" in settings ? (settings.number ?? 1) : 1;
  const closed = facts.isClosed(number);
  const { type } = settings;
  const time = (ms: number) => ({ value: ms / 1000, text: timeText(ms / 1000) });
  switch (type) {
    case "presentTime":
      return time(facts.local);
    case "lastBillingReset":
      return time(facts.lastBillingReset);
    case "lastFreeze":
      return time(facts.lastFreeze);
    case "lastSeasonChange":
      return time(facts.lastSeasonChange);
    case "daysOnBattery": {
      const days = Math.floor(facts.onBattery / 86_400);
      return { value: days, text: String(days) };
    }
    case "systemBits":
    case "triggerBits":
      return { value: facts[type], text: `0x${facts[type].toString(16).padStart(4, "0")}` };
    case "rate":
      return { value: facts.rate.charCodeAt(0), text: facts.rate };
    case "idString":
      return { value: number, text: facts.strings[number - 1] ?? "" };
    case "inputState":
      return { value: closed ? 1 : 0, text: closed ? "closed" : "open" };
    default:
      return { value: 0, text: "" };
  }
}
