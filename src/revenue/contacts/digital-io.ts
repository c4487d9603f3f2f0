/**
 * Digital inputs and outputs: eight channels, the last of them an input only. A pulse is one change of state, on an input as on
 * an output; only an output that is set to single shots closes and opens for each.
 */
import type { ChannelView } from "#quantity/meter-surface.ts";
import type { InputOutputSettings } from "#revenue/settings/configuration.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { columnsOf, countedColumn, INPUT_CHANNELS, sumOf, worthOf } from "#revenue/measuring/columns.ts";

/** Transitions that an output gives in a second, how many pulses may be due before that is an overflow, and what an input sees. */
const MOST_PER_SECOND = 25;
const OVERFLOW_PER_SECOND = 10;
export const MOST_INPUT_PER_SECOND = 100;

export interface IoContext {
  readonly total: Float64Array;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly pt: number;
  readonly ct: number;
  /** Elapsed milliseconds. */
  readonly elapsed: () => number;
}

/** Pulses that an output gives one after the other: since when, how far apart, how many; milliseconds. */
interface Train {
  from: number;
  apart: number;
  count: number;
}

/** Pulses that an output can give in a second. */
function mostPulses({ contact, pulseMs }: InputOutputSettings): number {
  return contact === "oneShot" ? Math.min(MOST_PER_SECOND / 2, 500 / pulseMs) : MOST_PER_SECOND;
}

export class DigitalIo {
  readonly #settings: readonly InputOutputSettings[];
  readonly #context: IoContext;
  /** By channel: [closed, mode], which outlast a configuration as long as the mode is the same. */
  readonly #contacts: readonly Float64Array[];
  /** By channel: energy at the terminals of which pulses were given, pulses given, pulses owed, begun. */
  readonly #state: readonly Float64Array[];
  /** When each input changed last, elapsed milliseconds. */
  readonly #changedAt = new Float64Array(INPUT_CHANNELS).fill(-Infinity);
  /** By channel. What was measured in a stretch is given in the one after it. */
  readonly #trains: readonly Train[];
  #overflowed = false;

  constructor(settings: readonly InputOutputSettings[], context: IoContext) {
    this.#settings = settings;
    this.#context = context;
    this.#contacts = settings.map(({ mode }, k) => {
      const contact = context.memory(`contact.${k + 1}`, 2);
      const known = 1 + [...mode].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 65_521, 7);
      if (contact[1] !== known) contact.set([0, known]);
      return contact;
    });
    this.#trains = settings.map(() => ({ from: 0, apart: 1, count: 0 }));
    this.#state = settings.map((one, k) => {
      const state = context.memory(`io.${k + 1}`, 4);
      // Energy from before there was this output is none of its.
      if (state[3] !== 1) state.set([this.#energy(one), 0, 0, 1]);
      return state;
    });
  }

  #energy({ measure }: InputOutputSettings): number {
    return measure === undefined ? 0 : sumOf(columnsOf(measure), this.#context.total) * worthOf(measure.quantity);
  }

  /** Energy pulses are due faster than ten a second. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /**
   * An input is opened or closed; false for a channel that is none. Changes within the debounce time are the contact's bouncing;
   * without power (`counts`) nobody counts them.
   */
  set(channel: number, closed: boolean, elapsed: number, counts = true): boolean {
    const settings = this.#settings[channel - 1];
    const contact = this.#contacts[channel - 1];
    if (settings === undefined || contact === undefined || !settings.mode.startsWith("input")) return false;
    if ((contact[0] === 1) === closed) return true;
    if (elapsed - (this.#changedAt[channel - 1] ?? 0) < settings.debounceMs) return true;
    this.#changedAt[channel - 1] = elapsed;
    contact[0] = closed ? 1 : 0;
    if (counts && settings.mode === "inputPulseCounter") this.#pulses(channel, 1);
    return true;
  }

  /**
   * So many pulses come on a pulse counter within `seconds`; undefined for a channel that is none. Returns how many were
   * seen: an input sees a hundred a second.
   */
  pulses(channel: number, count: number, seconds: number): number | undefined {
    const contact = this.#contacts[channel - 1];
    if (contact === undefined || this.#settings[channel - 1]?.mode !== "inputPulseCounter") return undefined;
    const seen = Math.min(count, Math.floor(seconds * MOST_INPUT_PER_SECOND));
    this.#pulses(channel, seen);
    if (seen % 2 === 1) contact[0] = 1 - (contact[0] ?? 0);
    return seen;
  }

  #pulses(channel: number, count: number): void {
    const column = countedColumn("pulses", channel);
    this.#context.total[column] = (this.#context.total[column] ?? 0) + count;
  }

  isClosed(channel: number): boolean {
    const train = this.#trains[channel - 1];
    const closed = this.#contacts[channel - 1]?.[0] === 1;
    if (train === undefined || train.count === 0) return closed;
    const since = this.#context.elapsed() - train.from;
    // The first comes at once, so that the last is over when the next train begins.
    const given = Math.min(train.count, 1 + Math.floor(since / train.apart));
    const settings = this.#settings[channel - 1];
    if (settings?.contact === "oneShot") return since - (given - 1) * train.apart < settings.pulseMs;
    // The contact's own state is the one after the last of them.
    return closed !== ((train.count - given) % 2 === 1);
  }

  /** Closes or opens outputs that somebody else drives: an alarm, the end of an interval. */
  drive(mode: InputOutputSettings["mode"], closes: (channel: number) => boolean): void {
    this.#settings.forEach((settings, k) => {
      if (settings.mode === mode && this.isClosed(k + 1) !== closes(k + 1)) this.#give(k, 1);
    });
  }

  /** The clock's pulses that are due at this minute of local time. */
  clock(minute: number): void {
    this.#settings.forEach(({ mode, everyMinutes }, k) => {
      if (mode === "outputClockPulse" && minute % everyMinutes === 0) this.#give(k, 1);
    });
  }

  /** Forces an output; false for a channel that is none. */
  force(channel: number, closed: boolean): boolean {
    if (!this.isOutput(channel)) return false;
    if (this.isClosed(channel) !== closed) this.#give(channel - 1, 1);
    return true;
  }

  isOutput(channel: number): boolean {
    return this.#settings[channel - 1]?.mode.startsWith("output") === true;
  }

  #give(index: number, count: number): void {
    const [state, contact] = [this.#state[index], this.#contacts[index]];
    if (state === undefined || contact === undefined) return;
    state[1] = (state[1] ?? 0) + count;
    if (count % 2 === 1 && this.#settings[index]?.contact !== "oneShot") contact[0] = 1 - (contact[0] ?? 0);
  }

  /** Gives so many pulses evenly over the next `seconds`. */
  #giveOver(index: number, count: number, seconds: number): void {
    const train = this.#trains[index];
    if (train === undefined) return;
    this.#give(index, count);
    train.from = this.#context.elapsed();
    train.apart = (1000 * seconds) / Math.max(1, count);
    train.count = count;
  }

  /** A stretch of so many seconds has been measured: outputs give the pulses that its energy is worth. */
  window(seconds: number): void {
    this.#overflowed = false;
    this.#settings.forEach((settings, k) => {
      const state = this.#state[k];
      const { measure } = settings;
      if (settings.mode !== "outputEnergyPulse" || state === undefined || measure === undefined) return;
      const { pt, ct } = this.#context;
      const ke = settings.ke / primaryFactor(measure, pt, ct);
      const due = Math.floor((this.#energy(settings) - (state[0] ?? 0)) / ke + 1e-9);
      if (due > 0) state[0] = (state[0] ?? 0) + due * ke;
      const owed = (state[2] ?? 0) + Math.max(0, due);
      if (owed > OVERFLOW_PER_SECOND * seconds) this.#overflowed = true;
      const made = Math.min(owed, Math.floor(mostPulses(settings) * seconds + 1e-9));
      state[2] = owed - made;
      this.#giveOver(k, made, seconds);
    });
  }

  view(): ChannelView[] {
    return this.#settings.map(({ mode }, k) => {
      const counts = this.#context.total[countedColumn("pulses", k + 1)] ?? 0;
      const count = mode.startsWith("input") ? counts : (this.#state[k]?.[1] ?? 0);
      return { channel: k + 1, mode, closed: this.isClosed(k + 1), count };
    });
  }
}
