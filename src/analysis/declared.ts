/**
 * The declared voltage and frequency of a recording that nobody says them of: its own nominal ones where it says them; else the median of half-cycle RMS over its first minute, brought to
 * the nearest usual one. A guess, and said to be one.
 */
import type { RecordingReader } from "#format/reader.ts";
import { channelsOf } from "#metrology/channels.ts";
import type { GridHalf } from "#metrology/grid-half.ts";
import { wiringOf } from "#quantity/wiring.ts";
import { GridFeed } from "#waveform/grid-feed.ts";
import { Replay } from "#waveform/replay.ts";
import type { Declared } from "./examination.ts";
import type { ExamineSettings } from "./examine-settings.ts";

/** Seconds of the recording that are looked at. */
const LOOK = 60;

/** Low voltages, to neutral or from line to line (IEC 60038, ANSI C84.1, Japan's). */
const low = [100, 110, 120, 127, 200, 208, 220, 230, 240, 277, 347, 380, 400, 415, 440, 480, 600, 690];

/** Higher ones, and those of transformers' secondary sides, from line to line; to neutral they are these over the root of three. */
const high = [
  100, 110, 115, 2400, 3300, 4160, 6600, 10e3, 11e3, 12.47e3, 13.2e3, 13.8e3, 15e3, 20e3, 22e3, 24.9e3, 30e3, 33e3,
  34.5e3, 45e3, 66e3, 69e3, 110e3, 115e3, 132e3, 138e3, 150e3, 161e3, 220e3, 225e3, 230e3, 275e3, 345e3, 380e3, 400e3,
  500e3, 765e3,
];

/** The nearest usual voltage is taken when the median is within this part of it. */
const NEAR = 0.1;

/** Throws FormatError of a recording without samples, RangeError of one without a voltage. The reader is at its beginning again. */
export function declaredOf(reader: RecordingReader, settings: ExamineSettings): Declared {
  const { nominalVolts: asked, hz } = settings;
  const { lineHz } = reader.head;
  const hzOfHead =
    lineHz !== undefined && Math.abs(lineHz - 50) < 3 ? 50 : Math.abs((lineHz ?? 0) - 60) < 3 ? 60 : undefined;
  if (asked !== undefined && !(asked > 0)) {
    throw new RangeError(`nominal ${asked} V: expected more than 0`);
  }
  const own = asked === undefined ? ownVolts(reader, settings) : undefined;
  const nominalVolts = asked ?? own;
  const said = hz === undefined ? hzOfHead : hz;
  const isAllSaid = nominalVolts !== undefined && said !== undefined;
  const seen = isAllSaid ? undefined : look(reader, settings);
  const frequency = said === undefined ? guessHz(seen?.hz ?? NaN) : undefined;
  const volts = nominalVolts === undefined ? guessVolts(seen?.volts ?? NaN, settings) : undefined;
  return {
    volts: nominalVolts ?? volts!.volts,
    voltsFrom: volts?.from ?? (own === undefined ? "settings" : "the recording's own nominal voltage"),
    hz: said ?? frequency!.hz,
    hzFrom: frequency?.from ?? (hz === undefined ? "the recording's own line frequency" : "settings"),
  };
}

/** The nominal voltage that the recording says of the channels of voltage, brought to the voltages that events are of. */
function ownVolts({ head }: RecordingReader, { wiring: name, map, pqVoltage }: ExamineSettings): number | undefined {
  const wiring = wiringOf(name);
  const isOfPairs = pqVoltage === "ll" || wiring.ln.length === 0;
  for (const input of ["va", "vb", "vc"] as const) {
    const { channel, scale = 1 } = map[input] ?? {};
    const found =
      typeof channel === "number" ? head.channels[channel - 1] : head.channels.find((one) => one.name === channel);
    if (found?.nominal === undefined) continue;
    const volts = found.nominal * Math.abs(scale);
    if (isOfPairs === ((found.phase ?? "").length === 2)) return volts;
    // Of pairs nobody knows the voltages to a neutral.
    const ratio = wiring.ln.length > 0 ? wiring.lnOverSystem : 1 / Math.sqrt(3);
    if (isOfPairs && ratio > 0) return volts / ratio;
  }
  return undefined;
}

function look(
  reader: RecordingReader,
  { wiring: name, map, pqVoltage }: ExamineSettings,
): { volts: number; hz: number } {
  const wiring = wiringOf(name);
  const channels = channelsOf(wiring).filter(({ unit }) => unit === "V");
  const isOfPairs = pqVoltage === "ll" || wiring.ln.length === 0;
  const watched = channels.filter(({ minus }) => (minus !== undefined) === isOfPairs);
  const replay = new Replay(reader, map, false);
  const feed = new GridFeed(replay, { grid: 128, wiring, frequency: [42.5, 69], cyclesKept: 4 });
  const volts: number[] = [];
  const hertz: number[] = [];
  const half = ({ ring, from, half, missing, hz }: GridHalf): void => {
    if (!Number.isNaN(hz)) hertz.push(hz);
    for (const { plus, minus, mask } of watched) {
      if ((missing & mask) !== 0) continue;
      const other = minus === undefined ? undefined : ring[minus]!;
      let squares = 0;
      for (let k = from; k < from + half; k++)
        squares += (ring[plus]![k]! - (other === undefined ? 0 : other[k]!)) ** 2;
      volts.push(Math.sqrt(squares / half));
    }
  };
  feed.sinks = [{ half }];
  while (!replay.ended && replay.elapsed < LOOK) feed.run(1);
  reader.rewind();
  return { volts: medianOf(volts), hz: medianOf(hertz) };
}

function medianOf(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function guessHz(median: number): { hz: 50 | 60; from: string } {
  if (Number.isNaN(median)) {
    throw new RangeError("no frequency is found in its first minute; expected hz to be set, 50 or 60");
  }
  const hz = median < 55 ? 50 : 60;
  return { hz, from: `guessed: the median of its first minute is ${median.toFixed(2)} Hz` };
}

/** The usual voltage that a median is near, or that itself to three digits; `of` says what the median is of. Throws RangeError of none. */
export function guessVolts(
  median: number,
  settings: Pick<ExamineSettings, "pqVoltage" | "wiring">,
  of = "the median of its first minute",
): { volts: number; from: string } {
  if (!(median > 0)) {
    throw new RangeError("there is no voltage in its first minute; expected the nominal voltage to be set");
  }
  const isOfPairs = settings.pqVoltage === "ll" || wiringOf(settings.wiring).ln.length === 0;
  const usual = [...low, ...high.map((volts) => (isOfPairs ? volts : volts / Math.sqrt(3)))];
  const off = (volts: number): number => Math.abs(Math.log(median / volts));
  const nearest = usual.toSorted((a, b) => off(a) - off(b))[0]!;
  const found = `${of} is ${Number(median.toPrecision(5))} V`;
  if (Math.abs(median / nearest - 1) > NEAR) {
    return { volts: Number(median.toPrecision(3)), from: `guessed: ${found}, and no usual voltage is near` };
  }
  const volts = Number(nearest.toPrecision(6));
  return { volts, from: `guessed: ${found}, the nearest usual voltage ${volts} V` };
}
