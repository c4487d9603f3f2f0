/** A power-quality instrument on samples that go on for hours: what its intervals had when they ended. */
import { Grid } from "#metrology/grid.ts";
import { type WiringName, wirings } from "#quantity/wiring.ts";
import { CHANNEL_COLUMNS, channelColumn, serviceColumn } from "#quality/columns.ts";
import { QualityInstrument, type QualityOptions } from "#quality/instrument.ts";
import type { Interval } from "#quality/intervals.ts";

export interface HoursOfSamples {
  readonly rate: number;
  readonly seconds: number;
  readonly hz: 50 | 60;
  readonly wiring: WiringName;
  readonly nominalVolts: number;
  /** Milliseconds of UTC when so many seconds have gone by: what the meter's clock says. */
  readonly utc: (elapsed: number) => number;
  /** Instants of a cycle; those of the meter's own grid unless said. */
  readonly grid?: number;
  /** Samples of a run; as many as are nearest to a fifth of a second unless said. */
  readonly count?: number;
  /** Puts samples from number `first` on into the six channels. */
  readonly fill: (channels: readonly Float64Array[], first: number) => void;
  readonly options?: Partial<QualityOptions>;
  /** Is told after each run. */
  readonly watch?: (instrument: QualityInstrument, elapsed: number) => void;
}

/** An interval as it ended; its numbers are its own. */
export class EndedInterval {
  readonly length: Interval["length"];
  readonly utcStart: number;
  readonly utcEnd: number;
  readonly complete: boolean;
  readonly count: number;
  readonly lost: number;
  readonly flagged: boolean;
  readonly #mean: Float64Array;
  readonly #channels: readonly string[];

  constructor({ length, utcStart, utcEnd, complete, aggregate }: Interval, channels: readonly string[]) {
    this.length = length;
    this.utcStart = utcStart;
    this.utcEnd = utcEnd;
    this.complete = complete;
    this.count = aggregate.count;
    this.lost = aggregate.lost;
    this.flagged = aggregate.flagged;
    this.#mean = Float64Array.from(aggregate.mean);
    this.#channels = channels;
  }

  of(channel: string, column: keyof typeof channelColumn, order = 0): number {
    return this.#mean[this.#channels.indexOf(channel) * CHANNEL_COLUMNS + channelColumn[column] + order]!;
  }

  service(column: keyof typeof serviceColumn): number {
    return this.#mean[this.#channels.length * CHANNEL_COLUMNS + serviceColumn[column]]!;
  }
}

export interface Played {
  readonly instrument: QualityInstrument;
  readonly intervals: readonly EndedInterval[];
}

export function playHours(given: HoursOfSamples): Played {
  const { rate, seconds, hz, wiring: wiringName, nominalVolts, utc, fill, grid: instants = 256 } = given;
  const count = given.count ?? Math.round(rate / 5);
  const wiring = wirings[wiringName];
  const intervals: EndedInterval[] = [];
  let elapsed = 0;
  let names: readonly string[] = [];
  const instrument = new QualityInstrument({
    wiring,
    hz,
    nominalVolts,
    rotation: "abc",
    flickerLamp: hz === 50 ? 230 : 120,
    utc: () => utc(elapsed),
    onInterval: (interval) => intervals.push(new EndedInterval(interval, names)),
    ...given.options,
  });
  names = instrument.channels.map(({ name }) => name);
  const grid = new Grid({ grid: instants, wiring, frequency: [42.5, 69], cyclesKept: 16 });
  grid.floorVolts = nominalVolts / 50;
  const channels = Array.from({ length: 6 }, () => new Float64Array(count));
  for (let first = 0; first < seconds * rate; first += count) {
    const at = first / rate;
    elapsed = at;
    instrument.begin(at);
    fill(channels, first);
    const samples = { channels, count, rate, perCycle: 0, at, joined: first > 0, missing: undefined };
    instrument.run(samples);
    grid.push(samples);
    while (grid.next()) instrument.half(grid);
    given.watch?.(instrument, at + count / rate);
  }
  grid.finish();
  while (grid.next()) instrument.half(grid);
  return { instrument, intervals };
}
