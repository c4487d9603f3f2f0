/** The meters of a place, each with what it publishes and follows there, by whatever they are told apart. */
import type { GooseMeter } from "./goose-meter.ts";
import { GooseReceiver } from "./receiver.ts";

export class Meters<Station> {
  /** Whatever comes is understood once, for all of them. */
  readonly receiver = new GooseReceiver();
  readonly #make: (station: Station, receiver: GooseReceiver) => GooseMeter;
  #meters: ReadonlyMap<Station, GooseMeter> = new Map();

  constructor(stations: readonly Station[], make: (station: Station, receiver: GooseReceiver) => GooseMeter) {
    this.#make = make;
    this.change(stations)();
  }

  /** Others are to be there; those who stay go on as they are. What it returns makes it so. */
  change(stations: readonly Station[]): () => void {
    const meters = new Map(
      stations.map((station) => [station, this.#meters.get(station) ?? this.#make(station, this.receiver)]),
    );
    return () => {
      for (const [station, meter] of this.#meters) if (!meters.has(station)) meter.end();
      this.#meters = meters;
    };
  }

  /** What each cannot do of what is asked of it. */
  get shortcomings(): readonly { readonly station: Station; readonly words: string }[] {
    return [...this.#meters].flatMap(([station, meter]) => meter.shortcomings.map((words) => ({ station, words })));
  }

  begin(): void {
    for (const meter of this.#meters.values()) meter.begin();
  }

  end(): void {
    for (const meter of this.#meters.values()) meter.end();
  }
}
