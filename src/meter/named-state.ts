/**
 * Named numbers of non-volatile memory. A run of the memory is an array; what a part of the meter keeps in it has names:
 *
 *     const PeakState = namedState("value", "at");
 *     const peak = new PeakState(memory("register.5.peak", PeakState.size));
 *     peak.value = 3600;
 *
 * The order of the names is the layout on disk: names are added at the end, and never change their place.
 */
export interface NamedState<N extends string> {
  /** How many numbers of the run it takes. */
  readonly size: number;
  new (run: Float64Array): Record<N, number>;
}

export function namedState<const N extends readonly string[]>(...names: N): NamedState<N[number]> {
  class State {
    static readonly size = names.length;
    readonly run: Float64Array;

    constructor(run: Float64Array) {
      this.run = run;
    }
  }
  names.forEach((name, k) =>
    Object.defineProperty(State.prototype, name, {
      get(this: State) {
        return this.run[k];
      },
      set(this: State, value: number) {
        this.run[k] = value;
      },
    }),
  );
  return State as unknown as NamedState<N[number]>;
}
