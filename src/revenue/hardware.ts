/** What is in the meter's case, whatever it is configured to do: boards and their firmware, the battery, the keys. It outlasts outages. */
import type { MeterStore } from "#store/store.ts";

export const boards = ["register", "metrology", "service", "pq"] as const;
export type Board = (typeof boards)[number];

/** A low battery wants to be replaced; a dead one has lost what it keeps when power comes back. */
export const batteries = ["good", "low", "dead"] as const;
export type Battery = (typeof batteries)[number];

/** A version for each board that there is. */
export type Firmware = Readonly<Partial<Record<Board, string>>>;

const KEY = "hardware";

interface Kept {
  firmware: Partial<Record<Board, string>>;
  battery: Battery;
  /** The warning that stays until somebody resets it. */
  batteryWarning: boolean;
  keys: { metering: boolean; reset: boolean };
}

export class Hardware {
  readonly #store: MeterStore;
  readonly #state: Kept;

  /** `firmware` is what the boards left the factory with; `sealed` meters (MID) do so with both keys installed. */
  constructor(store: MeterStore, { firmware, sealed }: { readonly firmware: Firmware; readonly sealed: boolean }) {
    this.#store = store;
    const bytes = store.get(KEY);
    this.#state =
      bytes === undefined
        ? {
            firmware: { ...firmware },
            battery: "good",
            batteryWarning: false,
            keys: { metering: sealed, reset: sealed },
          }
        : (JSON.parse(new TextDecoder().decode(bytes)) as Kept);
  }

  #keep(): void {
    this.#store.keep(KEY, new TextEncoder().encode(JSON.stringify(this.#state)));
  }

  get firmware(): Firmware {
    return this.#state.firmware;
  }

  /** Puts other firmware on a board; false when the meter has no such board. */
  upgrade(board: Board, version: string): boolean {
    if (this.#state.firmware[board] === undefined) return false;
    this.#state.firmware[board] = version;
    this.#keep();
    return true;
  }

  get battery(): Battery {
    return this.#state.battery;
  }

  set battery(battery: Battery) {
    this.#state.battery = battery;
    this.#state.batteryWarning ||= battery !== "good";
    this.#keep();
  }

  get batteryWarning(): boolean {
    return this.#state.batteryWarning;
  }

  /** Takes the warning back after the battery was replaced; false while it is not good. */
  resetBattery(): boolean {
    if (this.#state.battery !== "good") return false;
    this.#state.batteryWarning = false;
    this.#keep();
    return true;
  }

  get keys(): Readonly<Kept["keys"]> {
    return this.#state.keys;
  }

  setKey(key: keyof Kept["keys"], installed: boolean): void {
    this.#state.keys[key] = installed;
    this.#keep();
  }
}
