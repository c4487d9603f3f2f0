/**
 * Recordings of disturbances with what was before: high-speed RMS (two a cycle) and waveforms of 16, 128 or 512 values a cycle, each kind with its own
 * settings. It stands on the grid beside the instrument; whoever looks for causes says when one begins and when it is over.
 * While nothing is recorded a half cycle allocates nothing: what was before lies in the grid's rings, and RMS in one of its own.
 */
import { channelsOf, type MeasuredChannel } from "#metrology/channels.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import type { Urms } from "#metrology/urms.ts";
import type { Wiring } from "#quantity/wiring.ts";
import { type CaptureSettings, captureTrouble, perCycleOf } from "./capture-settings.ts";
import { type CaptureCut, type Captured, type CaptureKind, captureKinds } from "#quantity/captured.ts";
import { LastHalves } from "./last-halves.ts";
import { Recorder, type Triggered } from "./recorder.ts";
import { RmsValues } from "./rms-values.ts";
import { WaveValues } from "./wave-values.ts";

export interface CapturesOptions {
  readonly wiring: Wiring;
  /** Nominal frequency: seconds of the settings' ranges are cycles of it. */
  readonly hz: 50 | 60;
  /** Instants a cycle of the grid that it stands on. */
  readonly grid: number;
  /** The declared voltage: to neutral where the wiring has voltages to neutral, else from line to line. */
  readonly nominalVolts: number;
  /** Which voltages are recorded where the wiring has both; to neutral unless said. */
  readonly pqVoltage?: "ln" | "ll";
  /** The kinds that are recorded. */
  readonly kinds: Readonly<Partial<Record<CaptureKind, CaptureSettings>>>;
  /** Milliseconds of UTC now; NaN where nobody knows. */
  readonly utc: () => number;
  /** Takes a recording that has ended. */
  readonly onCapture: (captured: Captured) => void;
}

export class Captures {
  readonly #options: CapturesOptions;
  readonly #halves: LastHalves;
  readonly #rms: RmsValues | undefined;
  readonly #recorders: readonly Recorder[];
  readonly #byKind: ReadonlyMap<CaptureKind, Recorder>;
  #utcOfSource = NaN;

  constructor(options: CapturesOptions) {
    const { wiring, grid, kinds, pqVoltage = "ln", onCapture } = options;
    this.#options = options;
    const channels = recordedOf(wiring, pqVoltage);
    this.#halves = new LastHalves(grid / 2);
    const utcAt = (seconds: number): number => this.#utcOfSource + 1000 * seconds;
    const byKind = new Map<CaptureKind, Recorder>();
    if (kinds.rms !== undefined) {
      this.#rms = new RmsValues(channels, (channel) => this.#declaredVolts(channel), grid / 2);
    }
    for (const kind of captureKinds) {
      const settings = kinds[kind];
      if (settings === undefined) continue;
      this.#check(kind, settings);
      const values = kind === "rms" ? this.#rms! : new WaveValues(channels, this.#halves, perCycleOf[kind]);
      byKind.set(kind, new Recorder({ kind, settings, values, utcAt, onCapture }));
    }
    this.#byKind = byKind;
    this.#recorders = [...byKind.values()];
  }

  #check(kind: CaptureKind, settings: CaptureSettings): void {
    const { hz, grid } = this.#options;
    const trouble = captureTrouble(kind, settings, hz);
    if (trouble !== undefined) throw new RangeError(trouble);
    const perCycle = perCycleOf[kind];
    if (grid % perCycle === 0) return;
    throw new RangeError(
      `captures: ${kind} has ${perCycle} values a cycle: expected a grid of as many, not of ${grid}`,
    );
  }

  #declaredVolts({ minus }: MeasuredChannel): number {
    const { wiring, nominalVolts } = this.#options;
    return minus === undefined || wiring.ln.length === 0 ? nominalVolts : nominalVolts / wiring.lnOverSystem;
  }

  /** What comes next begins at so many seconds of the source, which is now. */
  begin(at: number): void {
    this.#utcOfSource = this.#options.utc() - 1000 * at;
  }

  /**
   * Takes a half cycle of the grid. Where the fundamental is lost there are no cycles: that is a gap. `urms`, where an instrument has them of this
   * half cycle and the same channels (its `onUrms`), spare measuring them again: then they are given with each.
   */
  half(half: GridHalf, urms?: Urms): void {
    const isCycle = half.lock !== "lost";
    if (!half.joined || !isCycle) this.pause();
    this.#rms?.half(half, isCycle, urms);
    if (!isCycle) return;
    this.#halves.take(half);
    for (let k = 0; k < this.#recorders.length; k++) this.#recorders[k]!.advance();
  }

  /** Nothing comes for now. */
  pause(): void {
    this.#cut("gap");
  }

  /** The meter has no power from now on: what is recorded ends here. */
  powerDown(): void {
    this.#cut("power");
  }

  /** The meter is configured otherwise, or stopped: what is recorded ends here. */
  end(why: Extract<CaptureCut, "configuration" | "stop">): void {
    this.#cut(why);
  }

  #cut(why: Exclude<CaptureCut, "limit">): void {
    for (let k = 0; k < this.#recorders.length; k++) this.#recorders[k]!.cut(why);
    this.#halves.clear();
    this.#rms?.clear();
  }

  /** A cause began at so many seconds of the source; undefined where this kind is not recorded. */
  trigger(kind: CaptureKind, id: number, at: number): Triggered | undefined {
    return this.#byKind.get(kind)?.trigger(id, at);
  }

  /** A cause is over, of all kinds that it triggered. */
  clear(id: number, at: number): void {
    for (const recorder of this.#recorders) recorder.clear(id, at);
  }

  /** A cause that is over at once. */
  pulse(kind: CaptureKind, id: number, at: number): Triggered | undefined {
    const recorder = this.#byKind.get(kind);
    const triggered = recorder?.trigger(id, at);
    recorder?.clear(id, at);
    return triggered;
  }

  isRunning(kind: CaptureKind): boolean {
    return this.#byKind.get(kind)?.isRunning === true;
  }
}

/** The voltages that are wanted, or those that there are; and the amps. */
function recordedOf(wiring: Wiring, wanted: "ln" | "ll"): readonly MeasuredChannel[] {
  const channels = channelsOf(wiring);
  const volts = channels.filter(({ unit }) => unit === "V");
  const ofWanted = volts.filter(({ minus }) => (minus === undefined) === (wanted === "ln"));
  return [...(ofWanted.length > 0 ? ofWanted : volts), ...channels.filter(({ unit }) => unit === "A")];
}
