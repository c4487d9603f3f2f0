/**
 * What an event of RMS voltage is by IEEE 1159, table "Categories and typical characteristics of power system electromagnetic
 * phenomena" (2009; the same in 2019), read in Rockwell 1426-UM001J, table 227.
 */

type RmsKind = "sag" | "swell" | "interruption" | "undervoltage" | "overvoltage";
type RmsSpan = "instantaneous" | "momentary" | "temporary" | "sustained";
export type EventKind = RmsKind | "oscillatory transient" | "impulsive transient";
/** Of an oscillatory transient that of its frequency. */
export type EventSpan =
  | RmsSpan
  | "microseconds"
  | "milliseconds"
  | "low frequency"
  | "medium frequency"
  | "unknown frequency";

export interface EventClass {
  readonly kind: EventKind;
  readonly span: EventSpan;
  /** The number in the table: "2.1.1". */
  readonly number: string;
  /** Its magnitude is what the table calls typical of the category. */
  readonly typical: boolean;
}

interface Row {
  readonly number: string;
  readonly span: RmsSpan;
  readonly kind: RmsKind;
  /** Per unit, typical. */
  readonly from: number;
  readonly to: number;
}

// prettier-ignore
const rows: readonly Row[] = [
  { number: "2.1.1", span: "instantaneous", kind: "sag",          from: 0.1, to: 0.9 },
  { number: "2.1.2", span: "instantaneous", kind: "swell",        from: 1.1, to: 1.8 },
  { number: "2.2.1", span: "momentary",     kind: "interruption", from: 0,   to: 0.1 },
  { number: "2.2.2", span: "momentary",     kind: "sag",          from: 0.1, to: 0.9 },
  { number: "2.2.3", span: "momentary",     kind: "swell",        from: 1.1, to: 1.4 },
  { number: "2.3.1", span: "temporary",     kind: "interruption", from: 0,   to: 0.1 },
  { number: "2.3.2", span: "temporary",     kind: "sag",          from: 0.1, to: 0.9 },
  { number: "2.3.3", span: "temporary",     kind: "swell",        from: 1.1, to: 1.2 },
  { number: "3.1",   span: "sustained",     kind: "interruption", from: 0,   to: 0   },
  { number: "3.2",   span: "sustained",     kind: "undervoltage", from: 0.8, to: 0.9 },
  { number: "3.3",   span: "sustained",     kind: "overvoltage",  from: 1.1, to: 1.2 },
];

/** Longest of each, in seconds; an instantaneous one lasts at most 30 cycles. */
const MOMENTARY = 3;
const TEMPORARY = 60;
const INSTANTANEOUS_CYCLES = 30;

/**
 * The category of an event by its duration and by its least (or, of what rises, largest) RMS voltage per unit. Undefined of what is no
 * such event: 0.9 to 1.1, or less than half a cycle, which is a transient.
 */
export function eventClass(seconds: number, perUnit: number, hz: 50 | 60): EventClass | undefined {
  if (!(seconds >= 0) || !(perUnit >= 0)) {
    throw new RangeError(`an event of ${seconds} s at ${perUnit} per unit: expected no less than 0 of both`);
  }
  if ((perUnit >= 0.9 && perUnit <= 1.1) || seconds * hz < 0.5) return undefined;
  const long = seconds > TEMPORARY;
  const kind =
    perUnit > 1.1 ? (long ? "overvoltage" : "swell") : perUnit < 0.1 ? "interruption" : long ? "undervoltage" : "sag";
  const span = long ? "sustained" : spanOf(seconds, hz, kind);
  const row = rows.find((one) => one.kind === kind && one.span === span);
  if (row === undefined) throw new RangeError(`no category of ${span} ${kind}`);
  return { kind, span, number: row.number, typical: perUnit >= row.from && perUnit <= row.to };
}

/** An interruption is at least momentary. */
function spanOf(seconds: number, hz: number, kind: RmsKind): RmsSpan {
  if (seconds > MOMENTARY) return "temporary";
  return kind !== "interruption" && seconds * hz <= INSTANTANEOUS_CYCLES ? "instantaneous" : "momentary";
}

/** "instantaneous sag", "overvoltage": as the table writes it; "oscillatory transient low frequency" as IEEE 1159.3 calls it. */
export function eventClassText({ kind, span }: EventClass): string {
  if (kind === "undervoltage" || kind === "overvoltage" || span === "unknown frequency") return kind;
  return kind === "oscillatory transient" || kind === "impulsive transient" ? `${kind} ${span}` : `${span} ${kind}`;
}
