/** What is in the meter's case, whatever it is configured to do: boards and their firmware, the battery, the keys. It outlasts outages. */
import type { Origin } from "#quantity/log.ts";
import type { MeterStore } from "#store/store.ts";

export const boards = ["register", "metrology", "service", "pq"] as const;
export type Board = (typeof boards)[number];

/** A low battery wants to be replaced; a dead one has lost what it keeps when power comes back. */
export const batteries = ["good", "low", "dead"] as const;
export type Battery = (typeof batteries)[number];

/** What the meter's own diagnostics find (section Status Word, General Failure), each told apart in the diagnostic log. */
export const failures = [
  "serviceComm",
  "metrologyComm",
  "pqComm",
  "serviceFirmware",
  "metrologyFirmware",
  "pqFirmware",
  "class2Calibration",
  "class20Calibration",
  "pqdifStorage",
  "configuration",
] as const;
export type Failure = (typeof failures)[number];

/** A version for each board that there is. */
export type Firmware = Readonly<Partial<Record<Board, string>>>;

/** The clock's battery "should provide support for 10 years" (section Clock Battery), and is said to be replaced two before. */
const YEAR_MS = 365.25 * 86_400_000;
const LASTS_MS = 10 * YEAR_MS;
const SOON_MS = 8 * YEAR_MS;

const KEY = "hardware";

/** A version, and who uploaded it. */
interface Waiting {
  readonly version: string;
  readonly by: Origin;
}

interface Kept {
  firmware: Partial<Record<Board, string>>;
  battery: Battery;
  /** The warning that stays until somebody resets it. */
  batteryWarning: boolean;
  /** Age of the meter when the battery was reset last, milliseconds. */
  batterySince: number;
  keys: { metering: boolean; reset: boolean };
  /** Both keys are under the manufacturer's seals, whatever somebody says later that was ordered. */
  sealed: boolean;
  failures: Failure[];
  coverOpen: boolean;
  /** Firmware that was uploaded, and runs once the meter has rebooted. */
  waiting: Partial<Record<Board, Waiting>>;
  /** What a key has enabled. */
  option?: string | undefined;
  /** What watts and vars are multiplied by. */
  gains: { w: number; q: number };
}

export class Hardware {
  readonly #store: MeterStore;
  readonly #state: Kept;
  /** Whether it is kept: what was never otherwise than it left the factory is not. */
  #isKept: boolean;

  /** `firmware` is what the boards left the factory with; `sealed` meters (MID) do so with both keys installed. */
  constructor(store: MeterStore, { firmware, sealed }: { readonly firmware: Firmware; readonly sealed: boolean }) {
    this.#store = store;
    const bytes = store.get(KEY);
    this.#isKept = bytes !== undefined;
    store.holds(KEY, () => (this.#isKept ? this.#bytes : undefined));
    // What an earlier version did not keep yet is as it left the factory.
    this.#state = {
      firmware: { ...firmware },
      battery: "good",
      batteryWarning: false,
      batterySince: 0,
      keys: { metering: sealed, reset: sealed },
      sealed,
      failures: [],
      coverOpen: false,
      waiting: {},
      gains: { w: 1, q: 1 },
      ...(bytes === undefined ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Partial<Kept>)),
    };
    if (!sealed && !this.#state.sealed) return;
    // Whatever it was before it was sealed.
    Object.assign(this.#state, { sealed: true, keys: { metering: true, reset: true } });
    this.#keep();
  }

  #keep(): void {
    this.#isKept = true;
    this.#store.put(KEY, this.#bytes);
  }

  get #bytes(): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(this.#state));
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

  get waiting(): Readonly<Partial<Record<Board, Waiting>>> {
    return this.#state.waiting;
  }

  /** Keeps firmware for a board until the meter reboots. */
  await(board: Board, firmware: Waiting): void {
    this.#state.waiting[board] = firmware;
    this.#keep();
  }

  /** It has rebooted: what has waited runs. What is another now. */
  boot(): readonly { readonly board: Board; readonly from: string; readonly to: string; readonly by: Origin }[] {
    const waiting = Object.entries(this.#state.waiting) as [Board, Waiting][];
    if (waiting.length === 0) return [];
    this.#state.waiting = {};
    const booted = waiting.flatMap(([board, { version: to, by }]) => {
      const from = this.#state.firmware[board];
      if (from === undefined) return [];
      this.#state.firmware[board] = to;
      return [{ board, from, to, by }];
    });
    this.#keep();
    return booted;
  }

  /** What a key has enabled; undefined where none has. */
  get option(): string | undefined {
    return this.#state.option;
  }

  set option(option: string | undefined) {
    this.#state.option = option;
    this.#keep();
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

  /** Whether the battery wants to be replaced, of a meter of an age in milliseconds: the monitor counts time alone, and is conservative. */
  batteryWear(age: number): "soon" | "now" | undefined {
    if (this.#state.batteryWarning) return "now";
    const used = age - this.#state.batterySince;
    return used >= LASTS_MS ? "now" : used >= SOON_MS ? "soon" : undefined;
  }

  /** The battery has lasted its time: the warning stays until somebody resets it. */
  wornBattery(): void {
    this.#state.batteryWarning = true;
    this.#keep();
  }

  /** Takes the warning back after the battery was replaced, of a meter of an age; false while it is not good. */
  resetBattery(age: number): boolean {
    if (this.#state.battery !== "good") return false;
    this.#state.batteryWarning = false;
    this.#state.batterySince = age;
    this.#keep();
    return true;
  }

  /** It left the factory as a MID meter. */
  get sealed(): boolean {
    return this.#state.sealed;
  }

  get keys(): Readonly<Kept["keys"]> {
    return this.#state.keys;
  }

  setKey(key: keyof Kept["keys"], installed: boolean): void {
    this.#state.keys[key] = installed;
    this.#keep();
  }

  get coverOpen(): boolean {
    return this.#state.coverOpen;
  }

  set coverOpen(open: boolean) {
    this.#state.coverOpen = open;
    this.#keep();
  }

  /** What the diagnostics find now. */
  get failures(): readonly Failure[] {
    return this.#state.failures;
  }

  setFailure(failure: Failure, failed: boolean): void {
    this.#state.failures = [...this.#state.failures.filter((one) => one !== failure), ...(failed ? [failure] : [])];
    this.#keep();
  }

  /** Calibration: what watts and vars are multiplied by; the same object whatever it says. */
  get gains(): Readonly<Kept["gains"]> {
    return this.#state.gains;
  }

  calibrate(gains: Readonly<Kept["gains"]>): void {
    Object.assign(this.#state.gains, gains);
    this.#keep();
  }
}
