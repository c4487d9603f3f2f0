/** Channels of an observation as they are put together: definitions once each, and the instances that refer to them. */
import type { ChannelDefinition, ChannelInstance, SeriesInstance } from "#format/pqdif/pqdif.ts";

export class MadeChannels {
  readonly definitions: ChannelDefinition[] = [];
  readonly instances: ChannelInstance[] = [];
  readonly #indices = new Map<string, number>();

  /** Adds a channel, of which other instances may be there already; its number. */
  add(
    definition: ChannelDefinition,
    series: readonly SeriesInstance[],
    more: Omit<ChannelInstance, "definition" | "series"> = {},
  ): number {
    const key = JSON.stringify(definition);
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.definitions.push(definition) - 1;
      this.#indices.set(key, index);
    }
    return this.instances.push({ definition: index, ...more, series }) - 1;
  }
}
