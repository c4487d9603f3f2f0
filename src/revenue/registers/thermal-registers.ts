/** Thermal demand: it follows its input so that it shows 90 % of a step after the thermal time. */
import { namedState } from "#meter/named-state.ts";
import type { MeasuredRegister } from "#revenue/settings/configuration.ts";
import { columnsOf, sumOf, type Columns } from "#revenue/measuring/columns.ts";
import { instantIn, isMore, RunningRegister, type RegisterContext } from "./running-register.ts";
import type { Window } from "#revenue/measuring/window.ts";

/** The demand now, its peak and when that was; whether the running sub-interval, and the one before it, has a new peak. */
const ThermalState = namedState("now", "peak", "peakAt", "raised", "peaked");

export class Thermal extends RunningRegister {
  readonly #columns: Columns;
  readonly #state: InstanceType<typeof ThermalState>;
  readonly #context: RegisterContext;
  readonly #isPeak: boolean;

  constructor(settings: MeasuredRegister, context: RegisterContext) {
    super();
    this.#columns = columnsOf(settings.measure);
    this.#state = new ThermalState(context.memory(ThermalState.size));
    this.#context = context;
    this.#isPeak = settings.type === "peakThermalDemand";
  }

  get working(): number {
    return this.#isPeak ? this.#state.peak : this.#state.now;
  }

  override get looks(): boolean {
    return true;
  }

  override window({ average, seconds, isKnown }: Window, on: boolean): void {
    const state = this.#state;
    const input = on ? sumOf(this.#columns, average) : 0;
    // What nobody knows of neither heats it nor cools it.
    if (!isKnown || Number.isNaN(input)) return;
    const share = 1 - 0.1 ** (seconds / (60 * this.#context.demand().thermalMinutes));
    state.now += (input - state.now) * share;
    if (!on || !isMore(state.now, state.peak)) return;
    state.peak = state.now;
    state.peakAt = this.#context.utc();
    state.raised = 1;
  }

  override subInterval(): void {
    this.#state.peaked = this.#state.raised;
    this.#state.raised = 0;
  }

  override get peaked(): boolean {
    return this.#state.peaked === 1;
  }

  override get peakAt(): number | undefined {
    return instantIn(this.#state.peakAt);
  }

  /** The peak begins at zero: what is left of the demand then is a peak with the time at which it is measured next. */
  override billingReset(): void {
    this.#state.peak = 0;
    this.#state.peakAt = NaN;
  }

  override preset(value: number): void {
    if (!this.#isPeak) {
      this.#state.now = value;
      return;
    }
    this.#state.peak = value;
    this.#state.peakAt = value === 0 ? NaN : this.#context.utc();
  }
}
