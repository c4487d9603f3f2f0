/** What a meter knows for the registers that show no measurement. */
import type { Periphery } from "#revenue/contacts/periphery.ts";
import type { StatusWord } from "#revenue/events/status-word.ts";
import type { Window } from "#revenue/measuring/window.ts";
import type { ItemFacts } from "#revenue/registers/item-registers.ts";
import type { RevenueClock } from "#revenue/time/revenue-clock.ts";
import type { Billing } from "./billing.ts";
import type { MeterLife } from "./meter-life.ts";
import type { RevenueMeterOptions } from "./revenue-options.ts";
import type { Tariffs } from "./tariffs.ts";

export interface FactParts {
  readonly clock: RevenueClock;
  readonly tariffs: Tariffs;
  readonly billing: Billing;
  readonly life: MeterLife;
  readonly status: StatusWord;
  readonly periphery: Periphery;
  readonly window: Window;
}

export function factsOf({ configuration, display }: RevenueMeterOptions, parts: FactParts): ItemFacts {
  const { clock, tariffs, billing, life, status, periphery, window } = parts;
  return {
    now: clock.stamp(),
    lastBillingReset: billing.lastReset,
    lastFreeze: billing.lastFreeze,
    lastSeasonChange: tariffs.lastSeasonChange,
    onBattery: life.onBattery,
    systemBits: status.bits,
    triggerBits: periphery.triggers.bits,
    rate: tariffs.rate ?? "none",
    strings: configuration.identification.strings,
    isClosed: (channel) => periphery.io.isClosed(channel),
    average: window.average,
    alarms: periphery.triggers.active(),
    ...display?.(),
  };
}
