/** What a meter is made of: its design and identity, and the parts that the site gives it. */
import type { Clock } from "#clock/clock.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Identity, WordSource } from "#quantity/interfaces.ts";
import type { MeterStore } from "#store/store.ts";
import type { Source } from "#waveform/source.ts";

/** Every setting by name. */
type Settings = Readonly<Record<string, number>>;

export interface InstrumentOptions {
  readonly name: string;
  readonly design: InstrumentDesign;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly source: Source;
  readonly store: MeterStore;
  /** Settings are others than they were. */
  readonly changed?: ((before: Settings, after: Settings) => void) | undefined;
  readonly logging: boolean;
  readonly clockDriftPpm?: number;
  /** Given once the model's map exists: what the data log copies. */
  readonly words: WordSource;
}
