/** What OBIS codes of electricity mean in names of the glossary (Blue Book 6.1, value groups A = 1, C, D and E). */
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { parseMeasure } from "#quantity/measure-name.ts";

/** What a value of group C measures: quantity, direction, and of what only all phases together have its place. */
interface Measured {
  readonly instant: string;
  /** Its integral over time, where it has one. */
  readonly integral?: string;
  readonly direction?: string;
  readonly place?: string;
}

/** Group C from 1 to 20: all phases; the same from 21 of A, from 41 of B, from 61 of C. */
// oxfmt-ignore
const measured: Readonly<Record<number, Measured>> = {
  1: { instant: "W", integral: "Wh", direction: "import" },
  2: { instant: "W", integral: "Wh", direction: "export" },
  3: { instant: "var", integral: "varh", direction: "import" },
  4: { instant: "var", integral: "varh", direction: "export" },
  5: { instant: "var", integral: "varh", direction: "q1" },
  6: { instant: "var", integral: "varh", direction: "q2" },
  7: { instant: "var", integral: "varh", direction: "q3" },
  8: { instant: "var", integral: "varh", direction: "q4" },
  9: { instant: "VA", integral: "VAh", direction: "import" },
  10: { instant: "VA", integral: "VAh", direction: "export" },
  11: { instant: "A", integral: "Ah" },
  12: { instant: "V", place: "ln" },
  13: { instant: "PF" },
  14: { instant: "Hz" },
  15: { instant: "W", integral: "Wh", direction: "absolute" },
  // The net of an instant goes without saying.
  16: { instant: "W", integral: "Wh", direction: "net" },
};
const PHASES = ["", "a", "b", "c"] as const;
const A_PHASE = 20;

const others: Readonly<Record<number, Measured>> = {
  88: { instant: "A2", integral: "A2h", place: "sum" },
  89: { instant: "V2", integral: "V2h", place: "ln" },
  90: { instant: "A", integral: "Ah", place: "sum" },
  91: { instant: "A", integral: "Ah", place: "n" },
};

/** Angles (C = 81): E says of what, against the voltage of A. */
const angles: Readonly<Record<number, string>> = {
  0: "deg.V.a",
  1: "deg.V.b",
  2: "deg.V.c",
  4: "deg.A.a",
  5: "deg.A.b",
  6: "deg.A.c",
  7: "deg.A.n",
};

/** Group D: how it is processed, and what that is called; an integral where it is one. */
const processed: Readonly<Record<number, { readonly of: "instant" | "integral"; readonly tail: string }>> = {
  3: { of: "instant", tail: "demand.min" },
  4: { of: "instant", tail: "demand" },
  5: { of: "instant", tail: "demand" },
  6: { of: "instant", tail: "demand.max" },
  7: { of: "instant", tail: "" },
  8: { of: "integral", tail: "" },
  24: { of: "instant", tail: "mean" },
  27: { of: "instant", tail: "mean" },
  29: { of: "integral", tail: "interval" },
};
const INSTANT = 7;
const AVERAGE_3 = 24;
/** E of the total harmonic distortion, of volts and amperes now or on average. */
const DISTORTION = 124;
const ANGLES = 81;

/** Rates; of volts and amperes now harmonics, too. */
const LAST_RATE = 8;
const LAST_HARMONIC = 127;

interface Groups {
  readonly c: number;
  readonly d: number;
  readonly e: number;
}

function measuredBy(c: number): Measured | undefined {
  const phase = PHASES[Math.floor((c - 1) / A_PHASE)];
  const found = phase === undefined ? undefined : measured[((c - 1) % A_PHASE) + 1];
  if (found === undefined || phase === "") return found ?? others[c];
  return { ...found, place: phase ?? "" };
}

function nameIn({ c, d, e }: Groups): string | undefined {
  if (c === ANGLES) return d === INSTANT ? angles[e] : undefined;
  const how = processed[d];
  const what = measuredBy(c);
  if (how === undefined || what === undefined) return undefined;
  const quantity = what[how.of];
  if (quantity === undefined) return undefined;
  const { place = "", direction = "" } = what;
  const isLevel = quantity === "V" || quantity === "A";
  if (isLevel && (d === INSTANT || d === AVERAGE_3) && e !== 0) {
    if (e === DISTORTION) return named(`THD.${quantity}`, place, how.tail);
    return d === INSTANT ? named(quantity, place, `h${e}`) : undefined;
  }
  const said = how.of === "instant" && direction === "net" ? "" : direction;
  const name = named(quantity, place, said, how.tail);
  if (name === undefined || e === 0) return name;
  // Rates are numbered; here they have letters.
  return e <= LAST_RATE ? `${name}.rate${String.fromCharCode(64 + e)}` : undefined;
}

/** The name where it is one of a measure. */
function named(...words: readonly string[]): string | undefined {
  const name = words.filter((word) => word !== "").join(".");
  return parseMeasure(name) === undefined ? undefined : name;
}

/** Electricity, no channel, the value of now: the other groups say that it is another thing. */
const OURS = /^1\.0\.(\d+)\.(\d+)\.(\d+)\.255$/;

/** The glossary's name of what a code means; undefined where it has none. */
export function obisName(code: LogicalName): string | undefined {
  const [, c, d, e] = OURS.exec(code) ?? [];
  return c === undefined ? undefined : nameIn({ c: Number(c), d: Number(d), e: Number(e) });
}

let codes: ReadonlyMap<string, LogicalName> | undefined;

/** The code that means a name; of several the lowest. */
export function obisCodeOf(name: string): LogicalName | undefined {
  codes ??= everyCode();
  return codes.get(name);
}

const LAST_C = 91;

function everyCode(): ReadonlyMap<string, LogicalName> {
  const found = new Map<string, LogicalName>();
  const how = Object.keys(processed)
    .map(Number)
    .toSorted((a, b) => Number(a !== INSTANT) - Number(b !== INSTANT) || a - b);
  for (const d of how)
    for (let c = 1; c <= LAST_C; c++) {
      const { instant } = measuredBy(c) ?? {};
      const last = (instant === "V" || instant === "A") && d !== 8 ? LAST_HARMONIC : LAST_RATE;
      for (let e = 0; e <= last; e++) {
        const name = nameIn({ c, d, e });
        if (name !== undefined && !found.has(name)) found.set(name, `1.0.${c}.${d}.${e}.255`);
      }
    }
  return found;
}

const WRITTEN = /^(\d+)[.-](\d+)[.:](\d+)\.(\d+)(?:\.(\d+))?(?:[.*&](\d+))?$/;

/** A code as people write it: "1.0.1.8.0.255", "1-0:1.8.0*255", "1-0:1.8.0"; undefined of what is none. */
export function obisCodeIn(text: string): LogicalName | undefined {
  const [, a, b, c, d, e = "0", f = "255"] = WRITTEN.exec(text) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  const groups = [a, b, c, d, e, f].map(Number);
  return groups.every((one) => one <= 255) ? groups.join(".") : undefined;
}
