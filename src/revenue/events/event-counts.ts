/** How often supply and voltage have failed since the meter was made: its logs keep the newest only. */
import { namedState } from "#meter/named-state.ts";
import { LONG_OUTAGE_SECONDS, type EventCounts, type EventPhase } from "#quantity/log.ts";

const CountState = namedState(
  "outages",
  "longOutages",
  "lastLongSeconds",
  "sagA",
  "sagB",
  "sagC",
  "swellA",
  "swellB",
  "swellC",
);

const places = {
  sag: { a: "sagA", b: "sagB", c: "sagC" },
  swell: { a: "swellA", b: "swellB", c: "swellC" },
} as const;

export class EventCounter {
  readonly #state: InstanceType<typeof CountState>;

  /** `memory` gives numbers that outlast everything. */
  constructor(memory: (name: string, count: number, initial: number) => Float64Array) {
    this.#state = new CountState(memory("events.counts", CountState.size, 0));
  }

  outage(seconds: number): void {
    this.#state.outages++;
    if (seconds < LONG_OUTAGE_SECONDS) return;
    this.#state.longOutages++;
    this.#state.lastLongSeconds = Math.round(seconds);
  }

  /** A sag or a swell that has ended, by the phase that began it: "a", or of volts from line to line "ab". */
  voltage(kind: keyof typeof places, phase: string): void {
    const [first] = phase;
    if (first === "a" || first === "b" || first === "c") this.#state[places[kind][first]]++;
  }

  get view(): EventCounts {
    const { outages, longOutages, lastLongSeconds } = this.#state;
    const of = (kind: keyof typeof places) => (phase: EventPhase) => this.#state[places[kind][phase]];
    return {
      outages,
      longOutages,
      lastLongOutageSeconds: longOutages === 0 ? undefined : lastLongSeconds,
      sags: of("sag"),
      swells: of("swell"),
    };
  }
}
