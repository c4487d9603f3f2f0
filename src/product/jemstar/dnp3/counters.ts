/**
 * Registers as counters (Appendix G, Counters): a value times its scaling, whole, in as many digits as are configured. Times are
 * seconds since 1970, UTC as all time over DNP3; words of bits are masks; texts are 0.
 */
import type { CounterPoint } from "#product/points.ts";
import { pointFlags, type CounterImage } from "#protocol/dnp3/outstation/host.ts";
import { isInstant } from "#quantity/register-name.ts";
import type { RegisterReading } from "#quantity/register.ts";

/** Nine digits: "a value as large as 999,999,999". */
const NINE_DIGITS = 1e9;
const WORD = 0x1_00_00;
const LONG = 0x1_00_00_00_00;
/** A millionth is rounding, not a missing count. */
const ROUNDING = 1e-6;

const masks: ReadonlySet<string> = new Set(["systemBits", "triggerBits"]);
/** What is no measurement, and a number all the same. */
const numbers: ReadonlySet<string> = new Set(["daysOnBattery", "inputState"]);
const { online, restart } = pointFlags;

/** Of what has not been: a time, a peak, a freeze. */
export const notYet: number = restart;

type Digits = "any" | number;

/** From so many on counters begin at zero, of 32 bits and of 16: what is restricted to five digits or more is so in 32 bits only. */
export function rolloversOf(digits: Digits): { readonly long: number; readonly short: number } {
  const long = digits === "any" ? NINE_DIGITS : 10 ** digits;
  return { long, short: Math.min(long, WORD) };
}

/** A counter of what came in less what went out runs backwards, and through zero to its last digit. */
function wrapped(whole: number, rollover: number): number {
  const rest = whole % rollover;
  return rest < 0 ? rest + rollover : rest;
}

interface Counted {
  readonly long: number;
  readonly short: number;
  readonly flags: number;
}

/** What a register is as a counter; `unknown` are the flags of what is measured and has no value now. */
export function counterOf(
  reading: RegisterReading | undefined,
  { scaling, digits, unknown }: { readonly scaling: number; readonly digits: Digits; readonly unknown: number },
): Counted {
  if (reading === undefined) return { long: 0, short: 0, flags: notYet };
  const { kind, value, time, measure } = reading;
  const nothing = { long: 0, short: 0, flags: kind === "instantaneous" ? unknown : notYet };
  if (isInstant(kind)) {
    if (time === undefined) return nothing;
    // The instant itself, whatever the wall clock made of it.
    const seconds = Math.floor(time.utc / 1000);
    return { long: wrapped(seconds, LONG), short: wrapped(seconds, WORD), flags: online };
  }
  if (masks.has(kind)) {
    const bits = (value ?? 0) >>> 0;
    return { long: bits, short: bits % WORD, flags: online };
  }
  if (measure === undefined && !numbers.has(kind)) return { long: 0, short: 0, flags: online };
  if (value === undefined) return nothing;
  const whole = wholeOf(value * scaling);
  const { long, short } = rolloversOf(digits);
  return { long: wrapped(whole, long), short: wrapped(whole, short), flags: online };
}

/** The whole number of a value, toward zero: 236 of 236.439. */
export function wholeOf(value: number): number {
  // Not the zero below zero.
  return Math.trunc(value + Math.sign(value) * ROUNDING) + 0;
}

/** The counters of a list; `of` is asked once a register. */
export function counterImage(
  points: readonly CounterPoint[],
  { digits, unknown }: { readonly digits: Digits; readonly unknown: number },
  of: (register: number) => RegisterReading | undefined,
): CounterImage {
  const values32 = new Float64Array(points.length);
  const values16 = new Float64Array(points.length);
  const flags = new Uint8Array(points.length);
  const readings = new Map<number, RegisterReading | undefined>();
  points.forEach(({ register, scaling }, k) => {
    if (!readings.has(register)) readings.set(register, of(register));
    const counted = counterOf(readings.get(register), { scaling, digits, unknown });
    values32[k] = counted.long;
    values16[k] = counted.short;
    flags[k] = counted.flags;
  });
  return { values32, values16, flags };
}
