/**
 * Writes COMTRADE: IEEE C37.111-2013 (IEC 60255-24), as a pair of .cfg and .dat or as one .cff, with data in BINARY, BINARY32 or FLOAT32.
 */
import { wallTimeOf } from "#clock/meter-clock.ts";
import { codingOf, encodeRecords, limitsOf, type Coding } from "./comtrade-writer-data.ts";
import type { ComtradeAnalog, ComtradeType, NewComtrade } from "./comtrade-writer-recording.ts";
import { FormatError } from "./recording.ts";
import { unitScale } from "./unit.ts";

export type { ComtradeAnalog, ComtradeStatus, ComtradeType, NewComtrade } from "./comtrade-writer-recording.ts";

/** The text of the .cfg and the bytes of the .dat. Throws FormatError, with the place in what was to be written. */
export function writeComtrade(
  recording: NewComtrade,
  type: ComtradeType,
): { readonly cfg: string; readonly dat: Uint8Array<ArrayBuffer> } {
  check(recording);
  const codings = recording.channels.map((channel) => codingOf(stored(channel), type));
  return { cfg: configOf(recording, type, codings), dat: encodeRecords(recording, type, codings) };
}

/** Both in one file, with empty sections INF and HDR. */
export function writeComtradeCff(recording: NewComtrade, type: ComtradeType): Uint8Array<ArrayBuffer> {
  const { cfg, dat } = writeComtrade(recording, type);
  const marks = [
    `--- file type: CFG ---\r\n${cfg}`,
    "--- file type: INF ---\r\n",
    "--- file type: HDR ---\r\n",
    `--- file type: DAT ${type}: ${dat.length} ---\r\n`,
  ];
  const head = new TextEncoder().encode(marks.join(""));
  const bytes = new Uint8Array(head.length + dat.length);
  bytes.set(head);
  bytes.set(dat, head.length);
  return bytes;
}

/** A channel's samples and what makes numbers in its unit, on the side that is stored, of them. */
function stored({ samples, unit, isSecondary = false, primary = 1, secondary = 1 }: ComtradeAnalog): {
  readonly samples: Float64Array;
  readonly gain: number;
} {
  return { samples, gain: (isSecondary ? secondary / primary : 1) / (unitScale(unit) ?? 1) };
}

function configOf(recording: NewComtrade, type: ComtradeType, codings: readonly Coding[]): string {
  const { station, device, lineHz, channels, statuses = [], rates, start, trigger = start } = recording;
  const { clockQuality = 15, leapSecond = 3 } = recording;
  const [low, high] = limitsOf(type);
  const lines = [
    `${station},${device},2013`,
    `${channels.length + statuses.length},${channels.length}A,${statuses.length}D`,
    ...channels.map(
      ({ name, phase = "", component = "", unit, primary = 1, secondary = 1, isSecondary, skew = 0 }, c) => {
        const { multiplier = 1, offset = 0 } = codings[c] ?? {};
        const numbers = [multiplier, offset, skew * 1e6, low, high, primary, secondary].map(printed);
        return [c + 1, name, phase, component, unit, ...numbers, isSecondary === true ? "S" : "P"].join(",");
      },
    ),
    ...statuses.map(({ name, phase = "", component = "", normal = 0 }, c) =>
      [c + 1, name, phase, component, normal].join(","),
    ),
    printed(lineHz),
    String(rates.length),
  ];
  let end = 0;
  for (const { rate, count } of rates) lines.push(`${printed(rate)},${(end += count)}`);
  const quality = clockQuality.toString(16).toUpperCase();
  // Times are UTC, and so is the local time; stamps need no multiplier.
  lines.push(dateOf(start), dateOf(trigger), type, "1", "0,0", `${quality},${leapSecond}`);
  return `${lines.join("\r\n")}\r\n`;
}

/** A number without loss; exponents are written as the standard has them (7.4, "real numeric"). */
function printed(value: number): string {
  return String(value).toUpperCase();
}

/** dd/mm/yyyy,hh:mm:ss.ssssss, rounded to the microsecond. */
function dateOf(instant: number): string {
  const micros = Math.round(instant * 1000);
  const { year, month, day, hour, minute, second } = wallTimeOf(Math.floor(micros / 1000));
  const digits = (value: number, length: number): string => String(value).padStart(length, "0");
  const fraction = digits(((micros % 1e6) + 1e6) % 1e6, 6);
  const clock = [hour, minute, second].map((part) => digits(part, 2)).join(":");
  return `${digits(day, 2)}/${digits(month, 2)}/${digits(year, 4)},${clock}.${fraction}`;
}

/** More than these cannot be numbered. */
const MAX_SAMPLES = 0xffff_ffff;
const MAX_CHANNELS = 999_999;

function check(recording: NewComtrade): void {
  const { station, device, lineHz, channels, statuses = [], rates, start, trigger, clockQuality = 15 } = recording;
  const refuse = (place: string, what: string): never => {
    throw new FormatError(`${station}-${device}`, place, what);
  };
  // A comma would end the field, a line's end the line.
  const name = (text: string, place: string): void => {
    if (/[,\r\n]/.test(text)) refuse(place, `expected a text without commas and line ends, found "${text}"`);
  };
  name(station, "station");
  name(device, "device");
  if (!(lineHz >= 0 && Number.isFinite(lineHz)))
    refuse("line frequency", `expected a number of 0 or more, found ${lineHz}`);
  const total = rates.reduce((sum, { count }) => sum + count, 0);
  rates.forEach(({ rate, count }, k) => {
    if (!(rate > 0 && Number.isFinite(rate))) refuse(`rate ${k + 1}`, `expected samples a second, found ${rate}`);
    if (!Number.isInteger(count) || count < 1) refuse(`rate ${k + 1}`, `expected a number of samples, found ${count}`);
  });
  if (total < 1 || total > MAX_SAMPLES) refuse("rates", `expected from 1 to ${MAX_SAMPLES} samples, found ${total}`);
  if (channels.length > MAX_CHANNELS || statuses.length > MAX_CHANNELS)
    refuse("channels", `expected up to ${MAX_CHANNELS}`);
  for (const [instant, place] of [
    [start, "start"],
    [trigger ?? start, "trigger"],
  ] as const) {
    const year = Number.isFinite(instant) ? wallTimeOf(instant).year : NaN;
    if (!(year >= 1 && year <= 9999)) refuse(place, `expected milliseconds since 1970, found ${instant}`);
  }
  if (!Number.isInteger(clockQuality) || clockQuality < 0 || clockQuality > 15) {
    refuse("clock", `expected a quality from 0 to 15, found ${clockQuality}`);
  }
  channels.forEach((channel, c) => {
    const place = `channel ${c + 1}`;
    for (const text of [channel.name, channel.phase ?? "", channel.component ?? "", channel.unit]) name(text, place);
    if (channel.samples.length !== total)
      refuse(place, `expected ${total} samples as the rates have, found ${channel.samples.length}`);
    for (const [value, what] of [
      [channel.primary ?? 1, "primary"],
      [channel.secondary ?? 1, "secondary"],
    ] as const) {
      if (!(value > 0 && Number.isFinite(value)))
        refuse(place, `expected a number above 0 for ${what}, found ${value}`);
    }
    if (!Number.isFinite(channel.skew ?? 0)) refuse(place, `expected seconds of skew, found ${channel.skew}`);
  });
  statuses.forEach((status, c) => {
    const place = `status ${c + 1}`;
    for (const text of [status.name, status.phase ?? "", status.component ?? ""]) name(text, place);
    if (status.samples.length !== total)
      refuse(place, `expected ${total} samples as the rates have, found ${status.samples.length}`);
  });
}
