/**
 * Totalization: sixteen channels that add the meter's own registration and pulses of inputs, each with its weight. What a channel
 * comes to is a column like any other, so that registers and profiles take it as they take energies.
 */
import type { Rate } from "#clock/tou-schedule.ts";
import type { TotalizationSettings } from "#revenue/settings/configuration.ts";
import { primaryFactor } from "#quantity/measure.ts";
import { namedState } from "#meter/named-state.ts";
import { countedColumn } from "#revenue/measuring/columns.ts";
import type { Integral } from "#revenue/measuring/integrals.ts";
import type { IoContext } from "./digital-io.ts";

const inputs = ["input1", "input2", "input3", "input4", "input5", "input6", "input7", "input8"] as const;
/** What was taken last: the meter's own registration at its terminals, and the pulses of every input; whether it has begun. */
const TakenState = namedState("own", ...inputs, "begun");

export class Totalization {
  readonly #channels: readonly TotalizationSettings[];
  readonly #context: IoContext;
  readonly #taken: readonly InstanceType<typeof TakenState>[];
  /** The meter's own registration, of the channels that take it. */
  readonly #own: readonly (Integral | undefined)[];

  constructor(channels: readonly TotalizationSettings[], context: IoContext) {
    this.#channels = channels;
    this.#context = context;
    this.#own = channels.map(({ measure, enabled }) =>
      enabled && measure !== undefined ? context.integrals.of(measure) : undefined,
    );
    this.#taken = channels.map((_, k) => new TakenState(context.memory(`totalization.${k + 1}`, TakenState.size)));
    // What was measured and counted before there was this channel is none of its.
    this.#taken.forEach((taken, k) => {
      if (taken.begun === 1) return;
      taken.begun = 1;
      taken.own = this.#own[k]?.value ?? 0;
      inputs.forEach((name, place) => (taken[name] = this.#pulses(place + 1)));
    });
  }

  #pulses(input: number): number {
    return this.#context.integrals.at(countedColumn("pulses", input));
  }

  /** Adds what has come since the last time, to the channels whose rate is active. */
  update(rate: Rate | undefined): void {
    this.#channels.forEach((channel, k) => {
      const taken = this.#taken[k];
      if (taken === undefined) return;
      const own = this.#own[k]?.value ?? 0;
      const { pt, ct } = this.#context;
      let sum = (own - taken.own) * (channel.measure === undefined ? 1 : primaryFactor(channel.measure, pt, ct));
      taken.own = own;
      for (const { channel: input, weight, subtract } of channel.inputs) {
        const name = inputs[input - 1];
        if (name === undefined) continue;
        const came = this.#pulses(input) - taken[name];
        taken[name] = this.#pulses(input);
        sum += came * weight * (subtract ? -1 : 1);
      }
      if (channel.tariff !== "total" && channel.tariff !== rate) return;
      this.#context.integrals.count(countedColumn("totalization", k + 1), sum);
    });
  }
}
