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

/** The one array of each buffer: what is of a meter has hundreds of states, and one array for each would be most of its memory. */
const wholes = new WeakMap<ArrayBufferLike, Float64Array>();

function wholeOf({ buffer }: Float64Array): Float64Array {
  let whole = wholes.get(buffer);
  if (whole === undefined) wholes.set(buffer, (whole = new Float64Array(buffer)));
  return whole;
}

export function namedState<const N extends readonly string[]>(...names: N): NamedState<N[number]> {
  class State {
    static readonly size = names.length;
    readonly #whole: Float64Array;
    readonly #at: number;

    constructor(run: Float64Array) {
      this.#whole = wholeOf(run);
      this.#at = run.byteOffset / Float64Array.BYTES_PER_ELEMENT;
    }

    static {
      names.forEach((name, k) =>
        Object.defineProperty(State.prototype, name, {
          get(this: State) {
            return this.#whole[this.#at + k];
          },
          set(this: State, value: number) {
            this.#whole[this.#at + k] = value;
          },
        }),
      );
    }
  }
  return State as unknown as NamedState<N[number]>;
}
