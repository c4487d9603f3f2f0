/** Which channels of a recording are the inputs of a meter. */
import type { ChannelHead } from "#format/recording.ts";
import { unitOf } from "#format/unit.ts";

export const inputs = ["va", "vb", "vc", "ia", "ib", "ic"] as const;
export type Input = (typeof inputs)[number];

export interface ChannelMap {
  /** Its name, or its number in the file, from 1. */
  readonly channel: string | number;
  /** What the recording's values are multiplied by: a ratio, or -1 for a transformer the wrong way round. 1 unless said. */
  readonly scale?: number | undefined;
}

/** Which channel of a recording feeds which input; inputs that are not named stay at zero. */
export type InputMap = Readonly<Partial<Record<Input, ChannelMap>>>;

/** Why a map does not fit its recording. */
export class MapError extends Error {
  readonly input: Input;

  constructor(input: Input, message: string) {
    super(message);
    this.name = "MapError";
    this.input = input;
  }
}

/** What feeds an input. */
export interface Feed {
  readonly input: number;
  /** The channel's index in the recording. */
  readonly channel: number;
  readonly scale: number;
  readonly skew: number;
}

/**
 * Throws MapError when the map names a channel that the recording lacks, or one that is of neither volts nor amps; of the other of the two
 * where no scale says what one of them is.
 */
export function feedsOf(channels: readonly ChannelHead[], map: InputMap): Feed[] {
  return inputs.flatMap((input, k) => {
    const mapped = map[input];
    if (mapped === undefined) return [];
    const channel = channelOf(channels, input, mapped.channel);
    const { name, unit, skew } = channels[channel] ?? { name: "", unit: "", skew: 0 };
    const quantity = unit.trim() === "" ? "none" : unitOf(unit)?.quantity;
    if (quantity === undefined || quantity === "other") {
      const why = quantity === undefined ? "is not known" : "is of neither volts nor amps";
      throw new MapError(input, `the unit "${unit}" of the channel "${name}" ${why}; expected one like "kV" or "A"`);
    }
    const own = input.startsWith("v") ? "V" : "A";
    if (quantity !== "none" && quantity !== own && mapped.scale === undefined) {
      const [is, takes] = own === "V" ? ["amps", "volts"] : ["volts", "amps"];
      const why = `the channel "${name}" is of ${is} ("${unit}"), and ${input} takes ${takes}`;
      throw new MapError(input, `${why}; with a scale it is taken: how many ${takes} one of its ${is} is`);
    }
    return [{ input: k, channel, scale: mapped.scale ?? 1, skew }];
  });
}

function channelOf(channels: readonly ChannelHead[], input: Input, wanted: string | number): number {
  const matches = (same: (name: string) => boolean): number[] =>
    channels.flatMap(({ name }, c) => (same(name) ? [c] : []));
  const text = String(wanted);
  const exact = typeof wanted === "number" ? [] : matches((name) => name === text);
  const found =
    exact.length > 0 ? exact : typeof wanted === "number" ? [] : matches((name) => name.trim() === text.trim());
  const [one, other] = found;
  if (one !== undefined && other === undefined) return one;
  if (one !== undefined) {
    const numbers = found.map((c) => c + 1).join(" and ");
    throw new MapError(input, `channels ${numbers} of the recording are called "${text}"; say which by its number`);
  }
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= channels.length) return number - 1;
  const names = channels.map(({ name }) => `"${name}"`).join(", ");
  throw new MapError(input, `the recording has no channel "${text}"; it has ${names}`);
}
