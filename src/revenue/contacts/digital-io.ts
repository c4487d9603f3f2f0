/**
 * Digital inputs and outputs: eight channels, the last of them an input only. A pulse is one change of state, on an input as on
 * an output; only an output that is set to single shots closes and opens for each.
 */
import type { ChannelView } from "#quantity/meter-surface.ts";
import type { InputOutputSettings } from "#revenue/settings/configuration.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { namedState } from "#meter/named-state.ts";
import { countedColumn } from "#revenue/measuring/columns.ts";
import type { Integral, Integrals } from "#revenue/measuring/integrals.ts";

/** Transitions that an output gives in a second, how many pulses may be due before that is an overflow, and what an input sees. */
const MOST_PER_SECOND = 25;
const OVERFLOW_PER_SECOND = 10;
export const MOST_INPUT_PER_SECOND = 100;

export interface IoContext {
  readonly integrals: Integrals;
  readonly memory: (name: string, count: number, initial?: number) => Float64Array;
  readonly pt: number;
  readonly ct: number;
  /** Elapsed milliseconds. */
  readonly elapsed: () => number;
  /** Whether somebody talks on the optical port; nobody does unless said. */
  readonly opticalTalks?: (() => boolean) | undefined;
  /** An input is another: its contact moved at an elapsed time. Nobody is told without power. */
  readonly inputChanged?: ((channel: number, closed: boolean, movedAt: number) => void) | undefined;
}

/** Pulses that an output gives one after the other: since when, how far apart, how many; milliseconds. */
interface Train {
  from: number;
  apart: number;
  count: number;
}

/**
 * An input, or what an output was driven to: closed, or active; `contact` is what is wired to an input, `driven` what an alarm, or the end of an
 * interval, has driven an output to. They outlast a configuration as long as the mode is the same.
 */
const ContactState = namedState("closed", "mode", "contact", "driven");
/** Of an energy output: energy at the terminals of which pulses were given, pulses given and owed; whether it has begun. */
const OutputState = namedState("energy", "given", "owed", "begun");

/** Pulses that an output can give in a second. */
function mostPulses({ contact, pulseMs }: InputOutputSettings): number {
  return contact === "oneShot" ? Math.min(MOST_PER_SECOND / 2, 500 / pulseMs) : MOST_PER_SECOND;
}

const unchanged: readonly number[] = [];

/** Outputs that something of the meter closes and opens. */
const driven: ReadonlySet<InputOutputSettings["mode"]> = new Set(["outputAlarm", "outputEndOfInterval"]);

/** An output that gives energy pulses: by its place, the energy of one at the meter's terminals, and how many it can give in a second. */
interface EnergyOutput {
  readonly place: number;
  readonly energy: Integral;
  readonly ke: number;
  readonly most: number;
}

export class DigitalIo {
  readonly #settings: readonly InputOutputSettings[];
  readonly #context: IoContext;
  readonly #contacts: readonly InstanceType<typeof ContactState>[];
  readonly #state: readonly InstanceType<typeof OutputState>[];
  /** By channel: elapsed time at which an input is what its contact is now; Infinity where it is so. */
  readonly #settles: number[];
  /** By channel: elapsed time at which the contact of an input moved last, as far as is known. */
  readonly #moved: number[];
  /** Elapsed time at which the next input follows its contact; Infinity while all are what their contacts are. */
  settlesAt: number;
  /** By channel. What was measured in a stretch is given in the one after it. */
  readonly #trains: readonly Train[];
  readonly #energyOutputs: readonly EnergyOutput[];
  #overflowed = false;

  constructor(settings: readonly InputOutputSettings[], context: IoContext) {
    this.#settings = settings;
    this.#context = context;
    this.#contacts = settings.map(({ mode }, k) => {
      // Memory that an earlier version left has no contact beside its input, and does not say who drove an output.
      const contact = new ContactState(context.memory(`contact.${k + 1}`, ContactState.size, NaN));
      const known = 1 + [...mode].reduce((sum, letter) => (31 * sum + letter.charCodeAt(0)) % 65_521, 7);
      if (contact.mode !== known) Object.assign(contact, { closed: 0, mode: known, contact: 0, driven: 0 });
      if (Number.isNaN(contact.contact)) contact.contact = contact.closed;
      if (Number.isNaN(contact.driven)) contact.driven = contact.closed;
      // What drove it is over until it begins again: alarms are found anew.
      if (driven.has(mode) && contact.driven === 1) contact.closed = contact.driven = 0;
      return contact;
    });
    const now = context.elapsed();
    // Nothing is wired to an output: it stays as it was driven.
    this.#settles = this.#contacts.map(({ closed, contact }, k) =>
      closed === contact || !this.isInput(k + 1) ? Infinity : now + (settings[k]?.debounceMs ?? 0),
    );
    this.settlesAt = Math.min(Infinity, ...this.#settles);
    this.#moved = settings.map(() => now);
    this.#trains = settings.map(() => ({ from: 0, apart: 1, count: 0 }));
    const outputs: EnergyOutput[] = [];
    this.#energyOutputs = outputs;
    this.#state = settings.map((one, k) => {
      const state = new OutputState(context.memory(`io.${k + 1}`, OutputState.size));
      const { measure, mode } = one;
      const energy = measure === undefined ? undefined : context.integrals.of(measure);
      if (measure !== undefined && energy !== undefined && mode === "outputEnergyPulse") {
        const ke = one.ke / primaryFactor(measure, context.pt, context.ct);
        outputs.push({ place: k, energy, ke, most: mostPulses(one) });
      }
      // Energy from before there was this output is none of its.
      if (state.begun !== 1) Object.assign(state, { energy: energy?.value ?? 0, given: 0, owed: 0, begun: 1 });
      return state;
    });
  }

  /** Energy pulses are due faster than ten a second. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  /** The contact at an input opens or closes; false for a channel that is no input. The input follows when it has settled. */
  set(channel: number, closed: boolean, elapsed: number): boolean {
    const [settings, state] = [this.#settings[channel - 1], this.#contacts[channel - 1]];
    if (settings === undefined || state === undefined || !settings.mode.startsWith("input")) return false;
    const contact = closed ? 1 : 0;
    if (state.contact === contact) return true;
    state.contact = contact;
    this.#moved[channel - 1] = elapsed;
    this.#settles[channel - 1] = contact === state.closed ? Infinity : elapsed + settings.debounceMs;
    this.settlesAt = Math.min(Infinity, ...this.#settles);
    return true;
  }

  /**
   * Inputs become what their contacts have been for long enough; the channels that change with it. Without power nobody counts, or waits
   * for anything: when it is back, inputs are what their contacts are.
   */
  settle(elapsed: number, powered: boolean): readonly number[] {
    if (this.settlesAt === Infinity || (powered && elapsed < this.settlesAt)) return unchanged;
    const changed: number[] = [];
    this.#contacts.forEach((state, k) => {
      const at = this.#settles[k] ?? Infinity;
      if (at === Infinity || (powered && elapsed < at)) return;
      this.#settles[k] = Infinity;
      state.closed = state.contact;
      changed.push(k + 1);
      if (!powered) return;
      if (this.#settings[k]?.mode === "inputPulseCounter") this.#pulses(k + 1, 1);
      this.#context.inputChanged?.(k + 1, state.closed === 1, this.#moved[k] ?? elapsed);
    });
    this.settlesAt = Math.min(Infinity, ...this.#settles);
    return changed;
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
    if (seen % 2 === 0) return seen;
    contact.closed = contact.contact = 1 - contact.closed;
    this.#context.inputChanged?.(channel, contact.closed === 1, this.#context.elapsed());
    return seen;
  }

  #pulses(channel: number, count: number): void {
    this.#context.integrals.count(countedColumn("pulses", channel), count);
  }

  /** Whether an input is closed, or the contact of an output. */
  isClosed(channel: number): boolean {
    return this.#isActive(channel) !== (this.isOutput(channel) && this.#settings[channel - 1]?.normally === "closed");
  }

  /** Whether an input is closed, or an output is not as it rests. */
  #isActive(channel: number): boolean {
    const train = this.#trains[channel - 1];
    const active = this.#contacts[channel - 1]?.closed === 1;
    if (train === undefined || train.count === 0) return active;
    const since = this.#context.elapsed() - train.from;
    // The first comes at once, so that the last is over when the next train begins.
    const given = Math.min(train.count, 1 + Math.floor(since / train.apart));
    const settings = this.#settings[channel - 1];
    if (settings?.contact === "oneShot") return since - (given - 1) * train.apart < settings.pulseMs;
    // The contact's own state is the one after the last of them.
    return active !== ((train.count - given) % 2 === 1);
  }

  /** Outputs that an alarm or the end of an interval drives: active, or at rest. One that it has driven so already stays as it is, whoever forced it. */
  drive(mode: "outputAlarm" | "outputEndOfInterval", active: (channel: number) => boolean): void {
    this.#settings.forEach((settings, k) => {
      const contact = this.#contacts[k];
      if (settings.mode !== mode || contact === undefined) return;
      const isActive = active(k + 1);
      if (isActive === (contact.driven === 1)) return;
      contact.driven = isActive ? 1 : 0;
      if (this.#isActive(k + 1) !== isActive) this.#give(k, 1);
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

  isInput(channel: number): boolean {
    return this.#settings[channel - 1]?.mode.startsWith("input") === true;
  }

  isOutput(channel: number): boolean {
    return this.#settings[channel - 1]?.mode.startsWith("output") === true;
  }

  #give(index: number, count: number): void {
    const [state, contact] = [this.#state[index], this.#contacts[index]];
    if (state === undefined || contact === undefined) return;
    state.given += count;
    if (count % 2 === 1 && this.#settings[index]?.contact !== "oneShot") contact.closed = 1 - contact.closed;
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
    for (const { place, energy, ke, most } of this.#energyOutputs) {
      const state = this.#state[place];
      if (state === undefined) continue;
      const due = Math.floor((energy.value - state.energy) / ke + 1e-9);
      if (due > 0) state.energy += due * ke;
      const owed = state.owed + Math.max(0, due);
      if (owed > OVERFLOW_PER_SECOND * seconds) this.#overflowed = true;
      const made = Math.min(owed, Math.floor(most * seconds + 1e-9));
      state.owed = owed - made;
      this.#giveOver(place, made, seconds);
    }
  }

  view(): ChannelView[] {
    return this.#settings.map(({ mode }, k) => {
      const counts = this.#context.integrals.at(countedColumn("pulses", k + 1));
      const count = mode.startsWith("input") ? counts : (this.#state[k]?.given ?? 0);
      return { channel: k + 1, mode, closed: this.isClosed(k + 1), count };
    });
  }
}
