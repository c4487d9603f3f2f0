/** What the columns of a text mean: which is time, in what unit, what the channels are called and in what unit they are. */
import { channelFacts, rateOf } from "./csv-facts.ts";
import { kindOf, stampOf, type DateOrder } from "./csv-fields.ts";
import type { Layout } from "./csv-layout.ts";
import { DAY, DAY_ZERO, inDays, isDayWithTime, isInDays } from "./csv-serial.ts";
import { numberOf } from "./number-text.ts";
import type { ChannelHead } from "./recording.ts";
import type { Remarks } from "./remarks.ts";
import { timeUnitOf, unitOf, unitScale } from "./unit.ts";

export type TimeColumn =
  /**
   * Numbers: `scale` seconds each, of so many decimals. `epoch` is the instant from which they count, in milliseconds since 1970; undefined
   * where nothing says it. `date` is the column of whole days where it is another one.
   */
  | {
      readonly kind: "number";
      readonly column: number;
      readonly scale: number;
      readonly epoch: number | undefined;
      readonly date: number | undefined;
      readonly quantum: number;
    }
  /** Dates and times; `date` is the column of the date where it is another one. */
  | {
      readonly kind: "stamp";
      readonly column: number;
      readonly date: number | undefined;
      readonly order: DateOrder;
      /** The column of milliseconds where they have their own. */
      readonly milliseconds: number | undefined;
      readonly quantum: number;
    }
  | undefined;

interface Named {
  readonly column: number;
  readonly name: string;
  readonly unit: string;
}

export interface Columns {
  readonly time: TimeColumn;
  /** The column of dates and times, though another one may be more exact. */
  readonly calendar: TimeColumn;
  readonly channels: readonly (ChannelHead & { readonly column: number })[];
  /** Samples a second, by the preamble. */
  readonly rate: number | undefined;
}

const timeName =
  /^(((elapsed|relative|rel\.?|sample|sampling|absolute|abs\.?|trigger|recording|event|local|utc|gps|unix|system|log) )?time|t|ts|x|x-axis|x axis|elapsed|[munµ]?secs?|seconds?|sekunden|zeit|uhrzeit|datum|date|date ?time|date\/time|time ?stamp|timestamp|stamp|temps|tiempo|tempo|tijd|tid|czas|aika|hora|heure|время|дата|时间|日期|epoch|unix|clock|utc|ms|us|µs|ns|millis|micros|milliseconds?|microseconds?|nanoseconds?)(?![a-z0-9])/iu;
/** What no column of time is called. */
const channelName = /^(v|u|i|a|l|n|ch|chan|channel|in|input|kanal|voie|volt|curr|amp|span|strom|ток|напр|电)/iu;
const indexName =
  /^(sample|samples|sample ?(no\.?|number|nr\.?|#)|index|idx|no\.?|nr\.?|n|#|number|point|record|row|sequence)$/iu;

/** Fewer steps than this may be even by chance. */
const EVEN_STEPS = 7;

/** A rate below this carries no mains: a time without a unit is then counted in a smaller one. */
const SLOWEST = 100;

/** A rate above this is none of a recorder of the mains: its stamps may be of another unit. */
const FASTEST = 1e8;

const unitsOfTime = [1, 1e-3, 1e-6, 1e-9] as const;

/** `given` is the rate that is said with the file. */
export function columnsOf(layout: Layout, remarks: Remarks, given: number | undefined): Columns {
  const { columns } = layout;
  const stated = rateOf(layout.facts);
  const rate = given ?? stated;
  const named = columns.map((column) => ({ column, ...nameAndUnit(layout, column) }));
  const stamps = columns.filter((column) => mostly(layout, column, "stamp"));
  const index =
    named.find(
      ({ name, unit, column }) => (indexName.test(name) || /^sequence$/i.test(unit)) && isNumeric(layout, column),
    ) ?? unnamedIndex(layout, named);
  const calendar = stampColumn(layout, stamps, remarks);
  let time: TimeColumn = calendar;
  let used = new Set(stamps);
  const byName = named.filter(
    ({ name, unit, column }) => isNumeric(layout, column) && isTime(name, unit) && column !== index?.column,
  );
  const rising = byName.filter(({ column }) => rises(layout, column));
  if (calendar?.kind === "stamp") {
    for (const { column } of byName) used.add(column);
    const [beside] = byName;
    if (beside !== undefined && isCoarse(layout, calendar.column)) {
      if (isMilliseconds(layout, beside)) time = withMilliseconds(layout, calendar, beside.column);
      else if (rising[0] !== undefined) time = numberColumn(layout, rising[0], rate, remarks);
    }
  } else {
    const daily = dayAndTime(layout, byName, remarks);
    const chosen = byName[0] ?? plainTime(layout, named, { index: index?.column, stated, rate, remarks });
    // Oscilloscopes may write a column of time beside each channel.
    used = new Set(rising.map(({ column }) => column));
    if (chosen !== undefined) {
      used.add(chosen.column);
      if (daily !== undefined) {
        used.add(daily.column);
        time = daily;
      } else if (rate === undefined || !isCount(layout, chosen.column, rate))
        time = numberColumn(layout, chosen, rate, remarks);
      else time = counted(chosen.column, rate);
    }
  }
  if (index !== undefined) {
    used.add(index.column);
    // Numbers of samples are a time when the rate is known: they tell what is missing.
    if (time === undefined && rate !== undefined) {
      time = counted(index.column, rate);
    }
  }
  const facts = channelFacts(layout.facts);
  const channels = named
    .filter(({ column }) => !used.has(column))
    .map(({ column, name, unit: printed }, c) => {
      const unit = printed === "" ? (facts.units[c] ?? facts.units[0] ?? "") : printed;
      return { column, name: name || (facts.names[c] ?? String(c + 1)), unit, scale: unitScale(unit), skew: 0 };
    });
  return { time, calendar, channels, rate };
}

/** A column whose name says nothing, and which is time by what it has: the first one, rising in even steps. */
function plainTime(
  layout: Layout,
  named: readonly Named[],
  {
    index,
    stated,
    rate,
    remarks,
  }: { index: number | undefined; stated: number | undefined; rate: number | undefined; remarks: Remarks },
): Named | undefined {
  const [first] = named;
  if (first === undefined || named.length < 2 || first.column === index || !isNumeric(layout, first.column))
    return undefined;
  const headless = layout.names.length === 0 && layout.units.length === 0;
  const even = isEven(layout, first.column);
  if (headless && stated === undefined) return rises(layout, first.column) ? first : undefined;
  if (!even || unitOf(first.unit) !== undefined || channelName.test(first.name)) return undefined;
  const step = stepOf(layout, first.column);
  if (rate !== undefined && !fitting(step, rate) && !isCount(layout, first.column, rate)) return undefined;
  if (!headless) {
    const what = `column "${first.name}" rises in even steps: it is taken for the time`;
    remarks.add("column of time", `line ${layout.first + 1}`, what);
  }
  return first;
}

/** Numbers of samples of a known rate. */
function counted(column: number, rate: number): NonNullable<TimeColumn> & { kind: "number" } {
  return { kind: "number", column, scale: 1 / rate, epoch: undefined, date: undefined, quantum: 1e-3 / rate };
}

/** Columns of time of which one counts days and the other one is the part of the day. */
function dayAndTime(
  layout: Layout,
  [one, other]: readonly Named[],
  remarks: Remarks,
): (NonNullable<TimeColumn> & { kind: "number" }) | undefined {
  if (one === undefined || other === undefined) return undefined;
  const days = numbersOf(layout, one.column);
  if (!isDayWithTime(days, numbersOf(layout, other.column))) return undefined;
  remarks.add("days", `line ${layout.first + 1}`, inDays(days[0] ?? NaN));
  const quantum = 10 ** -decimalsOf(layout, other.column) * DAY;
  return { kind: "number", column: other.column, scale: DAY, epoch: DAY_ZERO, date: one.column, quantum };
}

/** The number of the row, which spreadsheets and data frames write in front without a name though all others have one. */
function unnamedIndex(layout: Layout, [first, ...others]: readonly Named[]): Named | undefined {
  if (first === undefined || first.name !== "" || others.length < 2 || others.some(({ name }) => name === ""))
    return undefined;
  return isNumeric(layout, first.column) && stepsOf(layout, first.column).every((step) => step === 1)
    ? first
    : undefined;
}

/** The unit of time in which steps are those of a rate. */
function fitting(step: number, rate: number): number | undefined {
  return unitsOfTime.find((unit) => Math.abs(step * unit * rate - 1) < 0.01);
}

/** Whether a column counts samples of a known rate rather than time. */
function isCount(layout: Layout, column: number, rate: number): boolean {
  return isEven(layout, column) && stepOf(layout, column) === 1 && fitting(1, rate) === undefined;
}

/** Whether stamps are printed more coarsely than the rows follow one another. */
function isCoarse(layout: Layout, column: number): boolean {
  return 2 * new Set(layout.sample.map((row) => row[column] ?? "")).size <= layout.sample.length + 1;
}

function isMilliseconds(layout: Layout, { column, name, unit }: Named): boolean {
  const numbers = numbersOf(layout, column);
  return (timeUnitOf(unit) ?? timeUnitOf(name)) === 1e-3 && numbers.every((x) => x >= 0 && x < 1000);
}

function withMilliseconds(
  layout: Layout,
  calendar: NonNullable<TimeColumn> & { kind: "stamp" },
  column: number,
): TimeColumn {
  const decimals = decimalsOf(layout, column);
  return { ...calendar, milliseconds: column, quantum: 1e-3 * 10 ** -decimals };
}

function isTime(name: string, unit: string): boolean {
  return timeName.test(name) || (timeUnitOf(unit) !== undefined && !/^[vai]/i.test(name));
}

/** "va [kV]", "va (kV)", "va/kV", "U1 in kV", "CH1_mV", or the line of units. */
function nameAndUnit({ names, units }: Layout, column: number): { name: string; unit: string } {
  const whole = names[column] ?? "";
  const inBrackets = /^(.*?)\s*[[({]\s*([^\])}]*)\s*[\])}]\s*$/.exec(whole);
  if (inBrackets !== null) {
    const [, name = "", unit = ""] = inBrackets;
    if (unitOf(unit) !== undefined || timeUnitOf(unit) !== undefined) return { name: name || unit, unit };
    // Circuit simulators: "V(out)", "I(R1)".
    if (/^[viu]$/i.test(name)) return { name: whole, unit: /i/i.test(name) ? "A" : "V" };
    // "Voltage (phase A)" is a name.
    return /\s/.test(unit) ? { name: whole, unit: units[column] ?? "" } : { name: name || unit, unit };
  }
  // Rohde & Schwarz: "in s,CH1 in V".
  const inTime = /^(?:(.*?)\s+)?in\s+(\S+)$/.exec(whole);
  if (inTime !== null && timeUnitOf(inTime[2] ?? "") !== undefined)
    return { name: inTime[1] ?? "time", unit: inTime[2] ?? "" };
  const [, suffix] = /(?:\/\s*|\bin\s+|,\s*|[_ ](?=[kmuµMK][VA]$))([^\s,/_]+(?: ?rms)?)$/u.exec(whole) ?? [];
  const known = suffix === undefined ? undefined : unitOf(suffix)?.quantity;
  if (suffix !== undefined && (known === "V" || known === "A" || (known === "other" && /\bin\s/.test(whole))))
    return { name: whole, unit: suffix };
  return { name: whole, unit: units[column] ?? "" };
}

function mostly(layout: Layout, column: number, kind: "stamp" | "number"): boolean {
  const kinds = layout.sample.map((row) => kindOf(row[column] ?? "", layout.decimal));
  return kinds.filter((one) => one === kind).length > layout.sample.length / 2;
}

function isNumeric(layout: Layout, column: number): boolean {
  return mostly(layout, column, "number");
}

function numbersOf({ sample, decimal }: Layout, column: number): number[] {
  return sample.map((row) => numberOf(row[column] ?? "", decimal)).filter((x): x is number => x !== undefined);
}

/** Whether a column goes up all the time, but for steps back that gaps and restarts make. */
function rises(layout: Layout, column: number): boolean {
  const steps = stepsOf(layout, column);
  return (
    steps.length > 0 && steps.filter((step) => step < 0).length <= steps.length / 20 && steps.some((step) => step > 0)
  );
}

function stampColumn({ sample, first }: Layout, stamps: readonly number[], remarks: Remarks): TimeColumn {
  const [one, other] = stamps;
  if (one === undefined) return undefined;
  const text = (column: number): string[] => sample.map((row) => row[column] ?? "");
  const has = (column: number) =>
    text(column)
      .map((field) => stampOf(field, "day first") ?? stampOf(field, "month first"))
      .find((stamp) => stamp !== undefined)?.has;
  const date =
    other !== undefined && has(one) === "date" ? one : other !== undefined && has(other) === "date" ? other : undefined;
  const column = date === one && other !== undefined ? other : one;
  // Americans write the month first: only a day that no month is can tell, or a clock of twelve hours.
  const dates = text(date ?? column);
  const dayFirst = dates.filter((field) => stampOf(field, "day first") !== undefined).length;
  const monthFirst = dates.filter((field) => stampOf(field, "month first") !== undefined).length;
  const twelve = text(column).some((field) => /[ap]m\b/i.test(field));
  const order = monthFirst > dayFirst || (monthFirst === dayFirst && twelve) ? "month first" : "day first";
  // Between points days come first everywhere.
  const either = dates.find((field) => /^(\d{1,2})[/-](?!\1[/-])\d{1,2}[/-]/.test(field));
  if (either !== undefined && monthFirst === dayFirst && !twelve) {
    const what = `a date like "${either}" can be read in two ways; taken for ${order}`;
    remarks.add("order of dates", `line ${first + 1}`, what);
  }
  const digits = Math.max(0, ...text(column).map((field) => stampOf(field, order)?.fraction.length ?? 0));
  return { kind: "stamp", column, date, order, milliseconds: undefined, quantum: 10 ** -digits };
}

function numberColumn(
  layout: Layout,
  { column, name, unit }: Named,
  rate: number | undefined,
  remarks: Remarks,
): TimeColumn {
  const first = Math.abs(numbersOf(layout, column)[0] ?? 0);
  const decimals = decimalsOf(layout, column);
  const horizontal =
    layout.facts.get("horizontal units")?.[0] ??
    layout.facts.get("hunit")?.[0] ??
    layout.facts.get("x units")?.[0] ??
    "";
  const named =
    timeUnitOf(unit) ?? timeUnitOf(/(?:[_ .,/]|^)([a-zµ]+)$/iu.exec(name)?.[1] ?? "") ?? timeUnitOf(horizontal);
  // What counts from 1970 is a number that nothing else is: 2001 to 2096.
  const epoch = unitsOfTime.find((scale) => first * scale > 1e9 && first * scale < 4e9);
  const step = stepOf(layout, column);
  const isDays = named === undefined && epoch === undefined && isInDays(name, first, step);
  if (isDays) {
    remarks.add("days", `line ${layout.first + 1}`, inDays(first));
    // A float of so many days has fewer decimals than may be printed.
    const quantum = DAY * Math.max(10 ** -decimals, 2 * Number.EPSILON * first);
    return { kind: "number", column, scale: DAY, epoch: DAY_ZERO, date: undefined, quantum };
  }
  let scale = named ?? epoch ?? (rate === undefined ? undefined : fitting(step, rate));
  if (scale === undefined) {
    scale = unitsOfTime.find((one) => 1 / (step * one) >= 0.999 * SLOWEST) ?? 1;
    const word = { 1: "", 1e-3: "milliseconds", 1e-6: "microseconds", 1e-9: "nanoseconds" }[scale];
    if (word !== "")
      remarks.add("unit of time", `line ${layout.first + 1}`, `no unit of time is named; taken for ${word}`);
  }
  const hertz = 1 / (step * scale);
  if (hertz > FASTEST || isInDays("", first, step * scale))
    remarks.add(
      "fast",
      `line ${layout.first + 1}`,
      `the stamps are of ${Number(hertz.toPrecision(3))} Hz: they may count in another unit`,
    );
  const from = epoch === scale ? 0 : undefined;
  return { kind: "number", column, scale, epoch: from, date: undefined, quantum: 10 ** -decimals * scale };
}

/** What a column mostly rises by from row to row; NaN of one that does not. */
function stepOf(layout: Layout, column: number): number {
  const steps = stepsOf(layout, column).filter((step) => step > 0);
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? NaN;
}

function stepsOf(layout: Layout, column: number): number[] {
  const numbers = numbersOf(layout, column);
  return numbers.slice(1).map((x, k) => x - (numbers[k] ?? 0));
}

/** Whether a column rises by the same in all rows but a few, as far as its digits go. */
function isEven(layout: Layout, column: number): boolean {
  const steps = stepsOf(layout, column);
  const step = stepOf(layout, column);
  const decimals = decimalsOf(layout, column);
  // What counts nanoseconds from 1970 has more digits than a float.
  const float = 4 * Number.EPSILON * Math.abs(numbersOf(layout, column)[0] ?? 0);
  const beside = 1.05 * 10 ** -decimals + 1e-6 * step + float;
  const even = steps.filter((one) => one > 0 && Math.abs(one - step) <= beside).length;
  return (
    steps.length >= EVEN_STEPS &&
    step > 3 * 10 ** -decimals * (Number.isInteger(step) ? 0 : 1) &&
    even >= 0.9 * steps.length
  );
}

/** The most decimals in a column. */
function decimalsOf({ sample, decimal }: Layout, column: number): number {
  return Math.max(0, ...sample.map((row) => digitsAfter(row[column] ?? "", decimal)));
}

/** Decimals of a printed number, with its exponent; as good as none of what is no number. */
function digitsAfter(text: string, decimal: "." | ","): number {
  if (numberOf(text, decimal) === undefined) return -Infinity;
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split(/[ed]/);
  const at = mantissa.indexOf(decimal);
  if (/^[-+]?[0.,]*$/.test(mantissa)) return -Infinity;
  return (at < 0 ? 0 : mantissa.length - at - 1) - Number(exponent);
}
