/**
 * Digital inputs and outputs: eight channels, the last of them an input only. A pulse is one change of state, on an input as on
 * an output.
 */
import type { InputOutputSettings } from "./configuration.ts";
import { columnsOf, countedColumn, INPUT_CHANNELS, primaryFactor, sumOf, worthOf } from "./measure.ts";

/** Transitions that an output gives in a second, and how many may be due before that is an overflow. */
const MOST_PER_SECOND = 25;
const OVERFLOW_PER_SECOND = 10;

export interface IoContext {
  readonly total: Float64Array;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly pt: number;
  readonly ct: number;
}

export interface ChannelView {
  readonly channel: number;
  readonly mode: string;
  /** Closed, of an input or an output. */
  readonly closed: boolean;
  /** Changes of state that an input counted, or transitions that an output made. */
  readonly count: number;
}

export class DigitalIo {
  readonly #settings: readonly InputOutputSettings[];
  readonly #context: IoContext;
  /** By channel: closed, energy of which transitions were made, transitions made, transitions owed. */
  readonly #state: readonly Float64Array[];
  /** When each input changed last, elapsed milliseconds. */
  readonly #changedAt = new Float64Array(INPUT_CHANNELS).fill(-Infinity);
  #overflowed = false;

  constructor(settings: readonly InputOutputSettings[], context: IoContext) {
    this.#settings = settings;
    this.#context = context;
    this.#state = settings.map((_, k) => context.memory(`io.${k + 1}`, 4));
  }

  /** Energy pulses are due faster than ten a second. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** An input is opened or closed; false for a channel that is none. Changes within the debounce time are the contact's bouncing. */
  set(channel: number, closed: boolean, elapsed: number): boolean {
    const settings = this.#settings[channel - 1];
    const state = this.#state[channel - 1];
    if (settings === undefined || state === undefined || !settings.mode.startsWith("input")) return false;
    if ((state[0] === 1) === closed) return true;
    if (elapsed - (this.#changedAt[channel - 1] ?? 0) < settings.debounceMs) return true;
    this.#changedAt[channel - 1] = elapsed;
    state[0] = closed ? 1 : 0;
    if (settings.mode === "inputPulseCounter") this.#pulses(channel, 1);
    return true;
  }

  /** So many pulses come on a pulse counter, as a train of them would; false for a channel that is none. */
  pulses(channel: number, count: number): boolean {
    const state = this.#state[channel - 1];
    if (state === undefined || this.#settings[channel - 1]?.mode !== "inputPulseCounter") return false;
    this.#pulses(channel, count);
    if (count % 2 === 1) state[0] = 1 - (state[0] ?? 0);
    return true;
  }

  #pulses(channel: number, count: number): void {
    const column = countedColumn("pulses", channel);
    this.#context.total[column] = (this.#context.total[column] ?? 0) + count;
  }

  isClosed(channel: number): boolean {
    return this.#state[channel - 1]?.[0] === 1;
  }

  /** Closes or opens an output that somebody else drives: an alarm, the end of an interval. */
  drive(mode: InputOutputSettings["mode"], closes: (channel: number) => boolean): void {
    this.#settings.forEach((settings, k) => {
      if (settings.mode === mode && this.isClosed(k + 1) !== closes(k + 1)) this.#transition(k, 1);
    });
  }

  /** Gives an output one transition. */
  toggle(mode: InputOutputSettings["mode"]): void {
    this.#settings.forEach((settings, k) => {
      if (settings.mode === mode) this.#transition(k, 1);
    });
  }

  /** Forces an output; false for a channel that is none. */
  force(channel: number, closed: boolean): boolean {
    if (!this.isOutput(channel)) return false;
    if (this.isClosed(channel) !== closed) this.#transition(channel - 1, 1);
    return true;
  }

  isOutput(channel: number): boolean {
    return this.#settings[channel - 1]?.mode.startsWith("output") === true;
  }

  #transition(index: number, count: number): void {
    const state = this.#state[index];
    if (state === undefined) return;
    state[2] = (state[2] ?? 0) + count;
    if (count % 2 === 1) state[0] = 1 - (state[0] ?? 0);
  }

  /** A stretch of so many seconds has been measured: outputs give the transitions that its energy is worth. */
  window(seconds: number): void {
    this.#overflowed = false;
    this.#settings.forEach((settings, k) => {
      const state = this.#state[k];
      if (settings.mode !== "outputEnergyPulse" || state === undefined || settings.measure === undefined) return;
      const { total, pt, ct } = this.#context;
      const energy = sumOf(columnsOf(settings.measure), total) * worthOf(settings.measure.quantity);
      const primary = energy * primaryFactor(settings.measure, pt, ct);
      const due = Math.floor((primary - (state[1] ?? 0)) / settings.ke + 1e-9);
      if (due > 0) state[1] = (state[1] ?? 0) + due * settings.ke;
      const owed = (state[3] ?? 0) + Math.max(0, due);
      if (owed > OVERFLOW_PER_SECOND * seconds) this.#overflowed = true;
      const made = Math.min(owed, Math.floor(MOST_PER_SECOND * seconds));
      state[3] = owed - made;
      this.#transition(k, made);
    });
  }

  view(): ChannelView[] {
    return this.#settings.map(({ mode }, k) => {
      const input = mode.startsWith("input");
      const counts = this.#context.total[countedColumn("pulses", k + 1)] ?? 0;
      const state = this.#state[k];
      return { channel: k + 1, mode, closed: state?.[0] === 1, count: input ? counts : (state?.[2] ?? 0) };
    });
  }
}
