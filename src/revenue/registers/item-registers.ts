/** What the registers show that are no measurements. */
import type { RegisterSettings } from "#revenue/settings/configuration.ts";
import { columnsOf, level, levelColumn, sumOf } from "#revenue/measuring/columns.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { systemBit } from "#revenue/events/status-word.ts";

export interface ItemFacts {
  readonly now: Stamp;
  /** Undefined while something has not been. */
  readonly lastBillingReset: Stamp | undefined;
  readonly lastFreeze: Stamp | undefined;
  readonly lastSeasonChange: Stamp | undefined;
  /** Seconds that the battery has kept the clock. */
  readonly onBattery: number;
  readonly systemBits: number;
  readonly triggerBits: number;
  readonly rate: string;
  readonly strings: readonly string[];
  readonly isClosed: (channel: number) => boolean;
  /** Averages of the last window, by column. */
  readonly average: Float64Array;
  readonly alarms: readonly { readonly id: number; readonly label: string; readonly value: number }[];
  /** What only whoever runs the meter knows: its ports, and its boards' versions. */
  readonly communication?: string | undefined;
  readonly firmware?: string | undefined;
}

/** "Va 120.0 V, Ia 5.00 A 36.9 deg" of each phase: its current's angle behind its voltage. Dashes are of what is not known. */
function phasors(average: Float64Array): string {
  return (["a", "b", "c"] as const)
    .map((phase, k) => {
      const [volts, amps] = [average[levelColumn(k, level.v)] ?? NaN, average[levelColumn(k, level.a)] ?? NaN];
      const of = (quantity: "W" | "var"): number =>
        sumOf(columnsOf({ quantity, phase, direction: "bidirectional", compensated: false }), average);
      const degrees = (Math.atan2(of("var"), of("W")) * 180) / Math.PI;
      const [v, a, deg] = [digits(volts, 1), digits(amps, 2), digits(degrees, 1)];
      return `V${phase} ${v} V, I${phase} ${a} A ${deg} deg`;
    })
    .join("; ");
}

function digits(value: number, decimals: number): string {
  return Number.isNaN(value) ? "---" : value.toFixed(decimals);
}

/** Conditions of the system bits that mean trouble. */
const TROUBLE = (1 << (systemBit.battery - 1)) | (1 << (systemBit.generalFailure - 1));

/** What a register shows that is no measurement: a number, an instant, or only a text. */
export interface ItemShown {
  readonly value?: number;
  readonly time?: Stamp | undefined;
  readonly text?: string;
}

export function itemOf(settings: RegisterSettings, facts: ItemFacts): ItemShown {
  const number = "number" in settings ? (settings.number ?? 1) : 1;
  const closed = facts.isClosed(number);
  const { type } = settings;
  switch (type) {
    case "presentTime":
      return { time: facts.now };
    case "meterStatus": {
      const trouble = facts.systemBits & TROUBLE;
      return { value: trouble, text: trouble === 0 ? "normal" : "trouble" };
    }
    case "alarmDisplay": {
      const text = facts.alarms.map(({ id, label, value }) => `${id} ${label} ${value.toPrecision(6)}`).join("; ");
      return { value: facts.alarms.length, text: text === "" ? "no alarms" : text };
    }
    case "phasorDisplay":
      return { text: phasors(facts.average) };
    case "communicationStatus":
      return { text: facts.communication ?? "" };
    case "firmwareVersions":
      return { text: facts.firmware ?? "" };
    case "segmentCheck":
      return { value: 88_888_888, text: "88888888" };
    case "lastBillingReset":
    case "lastFreeze":
    case "lastSeasonChange":
      return { time: facts[type] };
    case "daysOnBattery": {
      const days = Math.floor(facts.onBattery / 86_400);
      return { value: days, text: String(days) };
    }
    case "systemBits":
    case "triggerBits":
      return { value: facts[type], text: `0x${facts[type].toString(16).padStart(4, "0")}` };
    case "rate":
      return { text: facts.rate };
    case "idString":
      return { text: facts.strings[number - 1] ?? "" };
    case "inputState":
      return { value: closed ? 1 : 0, text: closed ? "closed" : "open" };
    default:
      return { text: "" };
  }
}
