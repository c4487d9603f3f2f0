/**
 * Totalization: sixteen channels that add the meter's own registration and pulses of inputs, each with its weight. What a channel
 * comes to is a column like any other, so that registers and profiles take it as they take energies.
 */
import type { Rate } from "#clock/tou-schedule.ts";
import type { TotalizationSettings } from "#revenue/settings/configuration.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { columnsOf, countedColumn, INPUT_CHANNELS, sumOf, worthOf } from "#revenue/measuring/columns.ts";
import type { IoContext } from "./digital-io.ts";

export class Totalization {
  readonly #channels: readonly TotalizationSettings[];
  readonly #context: IoContext;
  /** By channel: the meter's own registration at its terminals, and the pulses of every input, as they were taken last. */
  readonly #taken: readonly Float64Array[];

  constructor(channels: readonly TotalizationSettings[], context: IoContext) {
    this.#channels = channels;
    this.#context = context;
    this.#taken = channels.map((_, k) => context.memory(`totalization.${k + 1}`, 2 + INPUT_CHANNELS));
    // What was measured and counted before there was this channel is none of its.
    this.#channels.forEach((channel, k) => {
      const taken = this.#taken[k];
      if (taken === undefined || taken[1 + INPUT_CHANNELS] === 1) return;
      taken[1 + INPUT_CHANNELS] = 1;
      taken[0] = this.#own(channel);
      for (let input = 1; input <= INPUT_CHANNELS; input++) taken[input] = this.#pulses(input);
    });
  }

  #own({ measure, enabled }: TotalizationSettings): number {
    if (!enabled || measure === undefined) return 0;
    return sumOf(columnsOf(measure), this.#context.total) * worthOf(measure.quantity);
  }

  #pulses(input: number): number {
    return this.#context.total[countedColumn("pulses", input)] ?? 0;
  }

  /** Adds what has come since the last time, to the channels whose rate is active. */
  update(rate: Rate | undefined): void {
    this.#channels.forEach((channel, k) => {
      const taken = this.#taken[k];
      if (taken === undefined) return;
      const own = this.#own(channel);
      const { pt, ct } = this.#context;
      let sum = (own - (taken[0] ?? 0)) * (channel.measure === undefined ? 1 : primaryFactor(channel.measure, pt, ct));
      taken[0] = own;
      for (const { channel: input, weight, subtract } of channel.inputs) {
        const came = this.#pulses(input) - (taken[input] ?? 0);
        taken[input] = this.#pulses(input);
        sum += came * weight * (subtract ? -1 : 1);
      }
      if (channel.tariff !== "total" && channel.tariff !== rate) return;
      const column = countedColumn("totalization", k + 1);
      this.#context.total[column] = (this.#context.total[column] ?? 0) + sum;
    });
  }
}
