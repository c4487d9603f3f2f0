/** What time and the supply bring about by themselves: what somebody armed happens when power is removed, and batteries wear. */
import { ARMED_MS } from "#quantity/authority.ts";
import type { Commanded } from "./commanded.ts";
import { barredByKeys, type Asker } from "./hindrances.ts";
import type { Origin } from "#quantity/log.ts";
import type { Hardware } from "#revenue/people/hardware.ts";
import type { RevenueMeter } from "#revenue/revenue-meter.ts";

type Armable = "resetUsers" | "coldStart";

/** Who does it. */
type Doer = Readonly<Record<Armable, (origin: Origin) => void>> & Commanded;

/** "Remove power from the meter within 15 seconds or it will ignore the request" (sections Reset Users & Passwords, Cold Start). */
export class Armed {
  /** People's time: whoever takes power away does so by it, however fast the site's clock goes. */
  readonly #elapsed: () => number;
  #waiting:
    | { readonly what: Armable; readonly asker: Pick<Asker, "origin" | "peer">; readonly until: number }
    | undefined;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  arm(what: Armable, asker: Pick<Asker, "origin" | "peer">): void {
    this.#waiting = { what, asker, until: this.#elapsed() + ARMED_MS };
  }

  forget(): void {
    this.#waiting = undefined;
  }

  /** Does what is armed once there is no power; a key that came after it was armed bars it as well. */
  fire(site: Doer): void {
    const waiting = this.#waiting;
    if (waiting === undefined || site.meter.powered) return;
    this.#waiting = undefined;
    const { what, asker, until } = waiting;
    if (this.#elapsed() < until && barredByKeys(site, what, asker.peer) === undefined) site[what](asker.origin);
  }
}

/** The clock's battery has lasted its time: that is said once, and stays said until somebody resets it. */
export function wearBattery({ hardware, meter }: { readonly hardware: Hardware; readonly meter: RevenueMeter }): void {
  if (hardware.batteryWarning || hardware.batteryWear(meter.age) !== "now") return;
  hardware.wornBattery();
  meter.status.condition("battery", true);
  meter.log.add("diagnostic", "battery worn", { by: "automatic" });
}
