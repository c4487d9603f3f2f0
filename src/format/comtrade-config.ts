/**
 * The .cfg part of COMTRADE (IEEE C37.111-1991, -1999, -2013; IEC 60255-24, clause 5): which channels there are, and
 * how they are scaled, sampled and timed.
 */
import { instantOf } from "#clock/meter-clock.ts";
import { fieldsOf } from "./csv-fields.ts";
import { FormatError } from "./recording.ts";
import type { Remarks } from "./remarks.ts";
import type { StatedRate } from "./stamps.ts";

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
  /** As the file says it; 1991 where it does not. */
  readonly revision: number;
  readonly analogs: readonly AnalogChannel[];
  readonly statuses: readonly string[];
  readonly lineHz: number;
  /** Rates with their last sample, cumulative; empty when the data's own timestamps count. */
  readonly rates: readonly StatedRate[];
  readonly start: number;
  readonly trigger: number;
  readonly type: "ASCII" | "BINARY" | "BINARY32" | "FLOAT32";
  /** What the timestamps of the data must be multiplied by. */
  readonly timeMultiplier: number;
  /** Seconds in one count of a data timestamp: a microsecond, or a nanosecond when the .cfg writes nine decimals. */
  readonly timeUnit: number;
}

const types = ["ASCII", "BINARY", "BINARY32", "FLOAT32"] as const;

/** What some recorders call them. */
const otherNames: Readonly<Record<string, (typeof types)[number]>> = {
  FLOAT: "FLOAT32",
  BINARY16: "BINARY",
  BIN: "BINARY",
};

/** More channels or samples than this are a damaged header, not a recording. */
const MAX_CHANNELS = 100_000;

/** Reads lines one by one and says which one is wrong. */
class Lines {
  readonly #file: string;
  readonly #lines: readonly string[];
  readonly remarks: Remarks;
  #at = 0;

  constructor(file: string, text: string, remarks: Remarks) {
    this.#file = file;
    this.remarks = remarks;
    // Some recorders end files with the end-of-file mark of old systems.
    this.#lines = text.replaceAll("\u001a", "").split(/\r\n|\n|\r/);
  }

  get more(): boolean {
    return this.#lines.slice(this.#at).some((line) => line.trim() !== "");
  }

  remark(kind: string, message: string): void {
    this.remarks.add(kind, `line ${this.#at}`, message);
  }

  /** The next line as it stands, without taking it. */
  get coming(): string {
    return this.#lines[this.#at] ?? "";
  }

  fail(message: string): never {
    throw new FormatError(this.#file, `line ${this.#at}`, message);
  }

  /** The fields of the next line, trimmed; `what` names what it should be. */
  next(what: string): string[] {
    const line = this.#lines[this.#at++];
    if (line === undefined) return this.fail(`the file ends where ${what} was expected`);
    return fieldsOf(line, ",");
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
export function parseComtradeConfig(file: string, text: string, remarks: Remarks): ComtradeConfig {
  const lines = new Lines(file, text.replace(/^\uFEFF/, ""), remarks);
  const [station = "", device = "", year = ""] = lines.next("station, device and revision");
  const revision = revisionOf(lines, year);
  const counts = lines.next("the numbers of channels");
  // "7A,7A,0D": the total is written like a number of channels.
  const [total = "", analogText = "", statusText = "0D"] = counts;
  const analogCount = channelCount(lines, analogText, "A");
  const statusCount = channelCount(lines, statusText === "" ? "0D" : statusText, "D");
  const all = lines.count(total.replace(/[AaDd]$/, ""), "number of channels", 2 * MAX_CHANNELS);
  if (all !== analogCount + statusCount) {
    lines.remark("total", `${total} channels in all are stated, but ${analogCount} analog and ${statusCount} status`);
  }
  const analogs = Array.from({ length: analogCount }, (_, k) => analogChannel(lines, k + 1));
  const statuses = Array.from({ length: statusCount }, (_, k) => {
    const fields = lines.next(`status channel ${k + 1}`);
    if (fields.length < 2) lines.fail(`status channel ${k + 1}: expected number, name, …`);
    return fields[1] ?? "";
  });
  const lineHz = lines.number(lines.next("line frequency")[0]?.replace(/\s*hz$/i, ""), "line frequency", 0);
  const rates = ratesOf(lines);
  const start = instant(lines, "first sample", revision);
  const trigger = instant(lines, "trigger", revision);
  const written = (lines.next("type of the data")[0] ?? "").toUpperCase();
  const type = types.find((known) => known === written) ?? otherNames[written];
  if (type === undefined) return lines.fail(`type of the data: expected ${types.join(", ")}, found "${written}"`);
  const multiplier = lines.more ? Number(lines.next("time multiplier")[0] || 1) : 1;
  const usable = multiplier > 0 && Number.isFinite(multiplier);
  const ahead = lines.more ? zoneOf(lines, lines.next("time code")[0] ?? "") : 0;
  if (!usable) lines.remark("time multiplier", "the time multiplier is no number above 0; 1 is taken");
  return {
    station,
    device,
    revision,
    analogs,
    statuses,
    lineHz,
    rates,
    start: start.at - ahead,
    trigger: trigger.at - ahead,
    type,
    timeMultiplier: usable ? multiplier : 1,
    timeUnit: start.nano || trigger.nano ? 1e-9 : 1e-6,
  };
}

/** Milliseconds by which the stamps of a recorder are ahead of UTC: "+1", "-5h30"; "x" where that means nothing (2013, 7.4.10). */
function zoneOf(lines: Lines, text: string): number {
  if (text === "" || /^x$/i.test(text)) return 0;
  const [, sign, hours, minutes = "0"] = /^([-+]?)(\d{1,2})(?:h(\d{1,2}))?$/i.exec(text) ?? [];
  if (hours === undefined) {
    lines.remark("time code", `expected a time code like "-5h30", found "${text}"; the times are taken for UTC`);
    return 0;
  }
  return (sign === "-" ? -60_000 : 60_000) * (60 * Number(hours) + Number(minutes));
}

function revisionOf(lines: Lines, text: string): number {
  if (text === "") return 1991;
  const year = Number(text);
  if (year === 1991 || year === 1999 || year === 2013) return year;
  const taken = Number.isFinite(year) && year >= 1991 && year < 1999 ? 1991 : year > 2005 ? 2013 : 1999;
  lines.remark("revision", `there is no revision "${text}" of COMTRADE; the file is read as one of ${taken}`);
  return taken;
}

/** The rates with their last samples. A recorder that counts each rate's own samples is understood, too. */
function ratesOf(lines: Lines): StatedRate[] {
  const count = lines.count(lines.next("number of sampling rates")[0], "number of sampling rates", 100_000);
  if (count === 0) {
    // A line of "0" and the last sample follows, but some recorders leave it out.
    if (!lines.coming.includes("/")) lines.next("rate 0 and the last sample");
    return [];
  }
  const written = Array.from({ length: count }, (_, k) => {
    const [rateText, endText] = lines.next(`sampling rate ${k + 1}`);
    const rate = lines.number(rateText, "sampling rate");
    const end = lines.count(endText, "last sample of the rate", Number.MAX_SAFE_INTEGER);
    if (rate < 0) lines.fail(`sampling rate: expected more than 0 Hz, found ${rate}`);
    return { rate, end };
  });
  // A rate of zero says that there is none.
  if (written.some(({ rate }) => rate === 0)) return [];
  const rates: { rate: number; end: number }[] = [];
  const counted = written.some(({ end }, k) => k > 0 && end < (written[k - 1]?.end ?? 0));
  if (counted) lines.remark("rates", "the last sample of each rate is counted from the one before it");
  let last = 0;
  for (const { rate, end } of written) {
    const to = counted ? last + end : end;
    const before = rates.at(-1);
    if (before?.rate === rate) before.end = to;
    else if (to > last) rates.push({ rate, end: to });
    last = to;
  }
  const [only] = written;
  // Samples are counted by the data; a rate that is said to have none has those that there are.
  return rates.length === 0 && only !== undefined ? [{ rate: only.rate, end: Infinity }] : rates;
}

function channelCount(lines: Lines, text: string, letter: "A" | "D"): number {
  if (!text.toUpperCase().endsWith(letter)) lines.fail(`expected a number of channels and ${letter}, found "${text}"`);
  return lines.count(text.slice(0, -1), "number of channels", MAX_CHANNELS);
}

function analogChannel(lines: Lines, k: number): AnalogChannel {
  const fields = lines.next(`analog channel ${k}`);
  const [, name = "", , , unit = "", multiplier, offset, skew, , , primary, secondary, side = "P"] = fields;
  if (fields.length < 10) lines.fail(`analog channel ${k}: expected 10 or 13 fields, found ${fields.length}`);
  const [over, under] = [Number(primary || 1), Number(secondary || 1)];
  const hasRatio = over > 0 && under > 0 && Number.isFinite(over) && Number.isFinite(under);
  const isSecondary = side.toUpperCase() === "S";
  if (isSecondary && !hasRatio)
    lines.remark(`ratio ${k}`, `channel ${name} has secondary values and no ratio; 1 is taken`);
  return {
    name,
    unit,
    multiplier: lines.number(multiplier, `multiplier of ${name}`),
    offset: lines.number(offset, `offset of ${name}`),
    skewUs: lines.number(skew, `skew of ${name}`, 0),
    toPrimary: isSecondary && hasRatio ? over / under : 1,
  };
}

/** dd/mm/yyyy,hh:mm:ss.ssssss; mm/dd/yy in 1991. Empty fields and zeros are a recorder without a clock. */
function instant(lines: Lines, what: string, revision: number): { at: number; nano: boolean } {
  const fields = lines.next(`time of the ${what}`);
  const [date = "", time = ""] = fields;
  const nano = /\.\d{7,}$/.test(time);
  const unknown = { at: NaN, nano };
  if (date === "" && time === "") return unknown;
  const d = /^(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})$/.exec(date);
  const t = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.](\d+))?$/.exec(time);
  const refused = (): { at: number; nano: boolean } => {
    lines.remark(
      `clock ${what}`,
      `there is no such date and time: "${fields.join(",")}"; the time of the ${what} is not known`,
    );
    return unknown;
  };
  if (d === null || t === null) return refused();
  const [first, then, last] = [Number(d[1]), Number(d[2]), Number(d[3])];
  if (first === 0 && then === 0) return unknown;
  // Files of 1991 print the month first, but for those whose "month" cannot be one.
  const monthFirst = revision === 1991 && first <= 12;
  const yearFirst = (d[1] ?? "").length > 2;
  const [day, month, yearText] = yearFirst
    ? [last, then, first]
    : monthFirst
      ? [then, first, last]
      : [first, then, last];
  const year = yearText >= 100 ? yearText : yearText < 70 ? 2000 + yearText : 1900 + yearText;
  // A leap second is written as second 60.
  const second = Number(t[3]) === 60 ? 59 : Number(t[3]);
  const whole = instantOf({ year, month, day, hour: Number(t[1]), minute: Number(t[2]), second });
  return whole === undefined ? refused() : { at: whole + Number(`0.${t[4] ?? "0"}`) * 1000, nano };
}
