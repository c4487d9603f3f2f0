/** Definitions of the channels of an examination in PQDIF, made as they are asked for. */
import {
  magnitudeDurationTimeChannel,
  phasorChannel,
  valueLogChannel,
  waveformChannel,
} from "#format/pqdif/channels.ts";
import type { ChannelDefinition, SeriesDefinition } from "#format/pqdif/model.ts";

export interface Measured {
  readonly unit: NonNullable<SeriesDefinition["unit"]>;
  readonly characteristic: NonNullable<SeriesDefinition["characteristic"]>;
}

interface Logged extends Partial<Measured> {
  readonly name: string;
  /** Of which observation it is: names that are the same there are others elsewhere. */
  readonly group: string;
}

const phases: Readonly<Record<string, ChannelDefinition["phase"]>> = {
  a: "A-N",
  b: "B-N",
  c: "C-N",
  ab: "A-B",
  bc: "B-C",
  ca: "C-A",
};

/** What a column is, by the word before its channel: "THD.V.a". */
const characteristics: Readonly<Record<string, Measured["characteristic"]>> = {
  V: "RMS",
  A: "RMS",
  THD: "total THD",
  TDD: "TDD",
  // Of a mains signal there is no other word.
  MSV: "interharmonic RMS",
  unbalance: "negative sequence unbalance",
  Hz: "frequency",
};

export class Definitions {
  readonly list: ChannelDefinition[] = [];
  readonly #known = new Map<string, number>();
  /** The declared volts of a voltage that events are of, or could be. */
  readonly #nominal: (name: string) => number | undefined;

  constructor(nominal: (name: string) => number | undefined) {
    this.#nominal = nominal;
  }

  wave(name: string): number {
    return this.#index(`wave ${name}`, () =>
      waveformChannel(of(name), { unit: unitOf(name), nominal: this.#nominal(name), storage: "values" }),
    );
  }

  /** RMS at times of its own. */
  rms(name: string): number {
    return this.#index(`rms ${name}`, () => {
      const even = phasorChannel(of(name), {
        unit: unitOf(name),
        nominal: this.#nominal(name),
        characteristic: "RMS",
      });
      const series = even.series.map((one) =>
        one.valueType === "time" ? { ...one, storage: "values" as const } : one,
      );
      return { ...even, series };
    });
  }

  events(name: string, characteristic: "RMS" | "peak"): number {
    return this.#index(`events ${name} ${characteristic}`, () => {
      // The nominal voltage is an RMS: of no peak.
      const nominal = characteristic === "RMS" ? this.#nominal(name) : undefined;
      const channel = magnitudeDurationTimeChannel(of(name), { unit: unitOf(name), nominal });
      const series = channel.series.map((one) => (one.valueType === "value" ? { ...one, characteristic } : one));
      return { ...channel, series };
    });
  }

  log(
    { name, unit = unitOf(name), group, ...own }: Logged,
    types: readonly ("average" | "minimum" | "maximum")[],
  ): number {
    const characteristic = own.characteristic ?? characteristics[/^[^.]*/.exec(name)?.[0] ?? ""] ?? "none";
    return this.#index([group, name, characteristic].join(" "), () =>
      valueLogChannel(
        { ...of(name), groupName: group },
        { unit, nominal: characteristic === "RMS" ? this.#nominal(name) : undefined, characteristic },
        types,
      ),
    );
  }

  #index(key: string, make: () => ChannelDefinition): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const index = this.list.push(make()) - 1;
    this.#known.set(key, index);
    return index;
  }
}

function unitOf(name: string): "V" | "A" {
  return /(^|\.)A(\.|$)/.test(name) ? "A" : "V";
}

function of(name: string) {
  const [, of = ""] = /\.(abc|ab|bc|ca|a|b|c)$/.exec(name) ?? [];
  return {
    name,
    phase: phases[of] ?? ("none" as const),
    measured:
      name === "Hz" || name.startsWith("Hz")
        ? ("none" as const)
        : unitOf(name) === "A"
          ? ("current" as const)
          : ("voltage" as const),
  };
}
