/**
 * The .cfg part of COMTRADE (IEEE C37.111-1991, -1999, -2013; IEC 60255-24, clause 5): which channels there are, and
 * how they are scaled, sampled and timed.
 */
import { instantOf } from "#clock/meter-clock.ts";
import { FormatError } from "./recording.ts";

interface AnalogChannel {
  readonly name: string;
  readonly unit: string;
  /** Value = multiplier x number + offset, in `unit`, then `toPrimary`. */
  readonly multiplier: number;
  readonly offset: number;
  /** 1, or primary / secondary when the data are secondary values. */
  readonly toPrimary: number;
  /** A constant lag of this channel behind the sample instants, in microseconds. */
  readonly skewUs: number;
}

export interface ComtradeConfig {
  readonly station: string;
  readonly device: string;
  readonly revision: 1991 | 1999 | 2013;
  readonly analogs: readonly AnalogChannel[];
  readonly statuses: readonly string[];
  readonly lineHz: number;
  /** Rates with their last sample, cumulative; empty when the data's own timestamps count. */
  readonly rates: readonly { readonly rate: number; readonly end: number }[];
  /** Samples in all, when there is no rate. */
  readonly end: number;
  readonly start: number;
  readonly trigger: number;
  readonly type: "ASCII" | "BINARY" | "BINARY32" | "FLOAT32";
  /** What the timestamps of the data must be multiplied by. */
  readonly timeMultiplier: number;
  /** Seconds in one count of a data timestamp: a microsecond, or a nanosecond when the .cfg writes nine decimals. */
  readonly timeUnit: number;
}

const types = ["ASCII", "BINARY", "BINARY32", "FLOAT32"] as const;

/** More channels or samples than this are a damaged header, not a recording. */
const MAX_CHANNELS = 100_000;

/** Reads lines one by one and says which one is wrong. */
class Lines {
  readonly #file: string;
  readonly #lines: readonly string[];
  #at = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    // Some recorders end files with the end-of-file mark of old systems.
    this.#lines = text.replaceAll("\u001a", "").split(/\r\n|\n|\r/);
  }

  get more(): boolean {
    return this.#lines.slice(this.#at).some((line) => line.trim() !== "");
  }

  fail(message: string): never {
    throw new FormatError(this.#file, `line ${this.#at}`, message);
  }

  /** The fields of the next line, trimmed; `what` names what it should be. */
  next(what: string): string[] {
    const line = this.#lines[this.#at++];
    if (line === undefined) return this.fail(`the file ends where ${what} was expected`);
    return line.split(",").map((field) => field.trim());
  }

  number(text: string | undefined, what: string, fallback?: number): number {
    if ((text === undefined || text === "") && fallback !== undefined) return fallback;
    const value = Number(text);
    if (text === undefined || text === "" || !Number.isFinite(value)) {
      return this.fail(`${what}: expected a number, found "${text ?? ""}"`);
    }
    return value;
  }

  count(text: string | undefined, what: string, most: number): number {
    const value = this.number(text, what);
    if (!Number.isInteger(value) || value < 0 || value > most) {
      this.fail(`${what}: expected a whole number from 0 to ${most}, found ${value}`);
    }
    return value;
  }
}

/** Reads a .cfg; throws FormatError with the line. */
export function parseComtradeConfig(file: string, text: string): ComtradeConfig {
  const lines = new Lines(file, text);
  const [station = "", device = "", year] = lines.next("station, device and revision");
  const revision = year === undefined || year === "" ? 1991 : lines.number(year, "revision year");
  if (revision !== 1991 && revision !== 1999 && revision !== 2013) {
    return lines.fail(`revision year: expected 1991, 1999 or 2013, found "${year}"`);
  }
  const [total, analogText = "", statusText = ""] = lines.next("the numbers of channels");
  const analogCount = channelCount(lines, analogText, "A");
  const statusCount = channelCount(lines, statusText, "D");
  if (lines.count(total, "number of channels", 2 * MAX_CHANNELS) !== analogCount + statusCount) {
    lines.fail(`${total} channels in all, but ${analogCount} analog and ${statusCount} status`);
  }
  const analogs = Array.from({ length: analogCount }, (_, k) => analogChannel(lines, k + 1));
  const statuses = Array.from({ length: statusCount }, (_, k) => {
    const fields = lines.next(`status channel ${k + 1}`);
    if (fields.length < 2) lines.fail(`status channel ${k + 1}: expected number, name, …`);
    return fields[1] ?? "";
  });
  const lineHz = lines.number(lines.next("line frequency")[0], "line frequency", 0);
  const rateCount = lines.count(lines.next("number of sampling rates")[0], "number of sampling rates", 1000);
  const rates: { rate: number; end: number }[] = [];
  let end = 0;
  for (let k = 0; k < Math.max(1, rateCount); k++) {
    const [rateText, endText] = lines.next(`sampling rate ${k + 1}`);
    const rate = lines.number(rateText, "sampling rate");
    const last = lines.count(endText, "last sample of the rate", 2 ** 32);
    if (last < end) lines.fail(`last sample of the rate: ${last} lies before ${end}, that of the rate before`);
    end = last;
    if (rateCount > 0 && rate <= 0) lines.fail(`sampling rate: expected more than 0 Hz, found ${rate}`);
    if (rateCount > 0) rates.push({ rate, end });
  }
  const start = instant(lines, lines.next("time of the first sample"), revision);
  const trigger = instant(lines, lines.next("time of the trigger"), revision);
  const written = (lines.next("type of the data")[0] ?? "").toUpperCase();
  const type = types.find((known) => known === written);
  if (type === undefined) return lines.fail(`type of the data: expected ${types.join(", ")}`);
  const timeMultiplier = lines.more ? lines.number(lines.next("time multiplier")[0], "time multiplier", 1) : 1;
  return {
    station,
    device,
    revision,
    analogs,
    statuses,
    lineHz,
    rates,
    end,
    start: start.at,
    trigger: trigger.at,
    type,
    timeMultiplier,
    timeUnit: start.nano || trigger.nano ? 1e-9 : 1e-6,
  };
}

function channelCount(lines: Lines, text: string, letter: "A" | "D"): number {
  if (!text.toUpperCase().endsWith(letter)) lines.fail(`expected a number of channels and ${letter}, found "${text}"`);
  return lines.count(text.slice(0, -1), "number of channels", MAX_CHANNELS);
}

function analogChannel(lines: Lines, k: number): AnalogChannel {
  const fields = lines.next(`analog channel ${k}`);
  const [, name = "", , , unit = "", multiplier, offset, skew, , , primary, secondary, side = "P"] = fields;
  if (fields.length < 10) lines.fail(`analog channel ${k}: expected 10 or 13 fields, found ${fields.length}`);
  const over = lines.number(primary, "primary", 1);
  const under = lines.number(secondary, "secondary", 1);
  return {
    name,
    unit,
    multiplier: lines.number(multiplier, `multiplier of ${name}`),
    offset: lines.number(offset, `offset of ${name}`),
    skewUs: lines.number(skew, `skew of ${name}`, 0),
    toPrimary: side.toUpperCase() === "S" && over !== 0 && under !== 0 ? over / under : 1,
  };
}

/** dd/mm/yyyy,hh:mm:ss.ssssss; mm/dd/yy in 1991. Empty fields are a recorder without a clock. */
function instant(lines: Lines, fields: string[], revision: number): { at: number; nano: boolean } {
  const [date = "", time = ""] = fields;
  const d = /^(\d{1,2})\/(\d{1,2})\/(\d{2,4})$/.exec(date);
  const t = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?$/.exec(time);
  if (d === null || t === null) {
    if (date === "" && time === "") return { at: NaN, nano: false };
    return lines.fail(`expected a date and a time, found "${fields.join(",")}"`);
  }
  const [first, then, yearText] = [Number(d[1]), Number(d[2]), Number(d[3])];
  const year = yearText >= 100 ? yearText : yearText < 70 ? 2000 + yearText : 1900 + yearText;
  // Files of 1991 print the month first, but for those whose "month" cannot be one.
  const monthFirst = revision === 1991 && first <= 12;
  const [day, month] = monthFirst ? [then, first] : [first, then];
  const fraction = t[4] ?? "";
  // A leap second is written as second 60.
  const second = Math.min(59, Number(t[3]));
  const whole = instantOf({ year, month, day, hour: Number(t[1]), minute: Number(t[2]), second });
  if (whole === undefined) return lines.fail(`there is no such date and time: "${fields.join(",")}"`);
  return { at: whole + Number(`0.${fraction || "0"}`) * 1000, nano: fraction.length > 6 };
}
