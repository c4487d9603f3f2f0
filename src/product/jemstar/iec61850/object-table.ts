/**
 * Data objects of a JEMStar II that measure (Appendix E, Logical Nodes), row by row: what each is of. One that the meter does not measure,
 * as it is connected and was ordered, is not there.
 */
import { parseMeasure } from "#quantity/measure-name.ts";
import type { Measure } from "#quantity/measure.ts";
import type { SiUnit } from "#protocol/iec61850/model/enumerations.ts";

/** What a value can be, by which the range is that dead bands are of. */
export type Kind =
  | "volts"
  | "amps"
  | "power"
  | "powers"
  | "apparent"
  | "apparents"
  | "hertz"
  | "factor"
  | "percent"
  | "flicker"
  | "crest";

/** What there is to say of a row besides. */
export interface RowMore {
  /** The measure of its angle, of a phasor. */
  readonly angle?: string;
  /**
   * Of connections with a neutral alone, or of those without: there volts are from line to line, and the two elements (ab with a's amps, cb
   * with c's) are no phases.
   */
  readonly on?: "neutral" | "lines";
  /** What the class has to have and nobody measures. */
  readonly isUnknown?: true;
  /** A sequence of volts from line to line, as the one to neutral that makes it: by the root of 3 smaller, and 30 degrees off. */
  readonly toNeutral?: "positive" | "negative";
}

export type MeasuredRow = readonly [
  node: "MMXU" | "MSQI" | "MHAI" | "MFLK",
  name: string,
  /** Of the object in it: "phsA"; empty of what has none. */
  part: string,
  /** As measures are written. */
  measure: string,
  unit: SiUnit,
  kind: Kind,
  more?: RowMore,
];

type Measured = readonly [unit: SiUnit, kind: Kind, more?: RowMore | undefined];

const letters = { phsA: "a", phsB: "b", phsC: "c" } as const;
const pairs = { phsAB: "ab", phsBC: "bc", phsCA: "ca" } as const;

/** A row for each phase: `of` is the measure with a "?" where the phase stands, and so is that of its angle. */
function phased(node: MeasuredRow[0], name: string, of: string, [unit, kind, more]: Measured): readonly MeasuredRow[] {
  return rowsOf(letters, [node, name, of], [unit, kind, more]);
}

function paired(node: MeasuredRow[0], name: string, of: string, [unit, kind, more]: Measured): readonly MeasuredRow[] {
  return rowsOf(pairs, [node, name, of], [unit, kind, more]);
}

function rowsOf(
  places: Readonly<Record<string, string>>,
  [node, name, of]: readonly [MeasuredRow[0], string, string],
  [unit, kind, more]: Measured,
): readonly MeasuredRow[] {
  return Object.entries(places).map(([part, letter]) => {
    const row = [node, name, part, of.replace("?", letter), unit, kind] as const;
    if (more === undefined) return row;
    return [...row, more.angle === undefined ? more : { ...more, angle: more.angle.replace("?", letter) }];
  });
}

/** Without a neutral there is no zero sequence, which the class has to have. */
function sequence(
  name: "SeqA" | "SeqV",
  letter: "A" | "V",
  [unit, kind]: readonly [SiUnit, Kind],
): readonly MeasuredRow[] {
  return (["positive", "negative", "zero"] as const).flatMap((one, k): MeasuredRow[] => {
    const row = ["MSQI", name, `c${k + 1}`, `${letter}.${one}`, unit, kind] as const;
    const angle = `${letter}.${one}.angle`;
    const lines: RowMore =
      one === "zero" ? { isUnknown: true } : letter === "V" ? { angle, toNeutral: one } : { angle };
    return [
      [...row, { angle, on: "neutral" }],
      [...row, { angle, ...lines, on: "lines" }],
    ];
  });
}

/** By odd and even harmonics, too. */
function distorted(name: string, of: string, make: typeof phased): readonly MeasuredRow[] {
  return [...make("MHAI", name.replace("*", ""), of, ["none", "percent"]), ...byParity(name, of, make)];
}

function byParity(name: string, of: string, make: typeof phased): readonly MeasuredRow[] {
  return [
    ...make("MHAI", `${name.replace("*", "Odd")}`, `${of}.odd`, ["none", "percent"]),
    ...make("MHAI", `${name.replace("*", "Evn")}`, `${of}.even`, ["none", "percent"]),
  ];
}

// prettier-ignore
const everyRow: readonly MeasuredRow[] = [
  ["MMXU", "TotW",   "", "W",   "W",        "powers"],
  ["MMXU", "TotVAr", "", "var", "VAr",      "powers"],
  ["MMXU", "TotVA",  "", "VA",  "VA",       "apparents"],
  ["MMXU", "TotPF",  "", "PF",  "cos(phi)", "factor"],
  ["MMXU", "Hz",     "", "Hz",  "Hz",       "hertz"],
  // Of ca no angle is measured.
  ["MMXU", "PPV", "phsAB", "V.ab", "V", "volts", { on: "lines", angle: "deg.V.ab" }],
  ["MMXU", "PPV", "phsBC", "V.bc", "V", "volts", { on: "lines", angle: "deg.V.bc" }],
  ...paired("MMXU", "PPV", "V.?", ["V", "volts"]),
  ...phased("MMXU", "PhV", "V.?", ["V", "volts", { on: "neutral", angle: "deg.V.?" }]),
  ...phased("MMXU", "A", "A.?", ["A", "amps", { angle: "deg.A.?" }]),
  ["MMXU", "A", "neut", "A.n", "A", "amps"],
  ...phased("MMXU", "W", "W.?", ["W", "power", { on: "neutral" }]),
  ...phased("MMXU", "VAr", "var.?", ["VAr", "power", { on: "neutral" }]),
  ...phased("MMXU", "VA", "VA.?", ["VA", "apparent", { on: "neutral" }]),
  ...phased("MMXU", "PF", "PF.?", ["cos(phi)", "factor", { on: "neutral" }]),
  ...sequence("SeqA", "A", ["A", "amps"]),
  ...sequence("SeqV", "V", ["V", "volts"]),
  ["MSQI", "ImbNgA",  "", "unbalance.A",      "none", "percent"],
  ["MSQI", "ImbNgV",  "", "unbalance.V",      "none", "percent"],
  ["MSQI", "ImbZroA", "", "unbalance.A.zero", "none", "percent", { on: "neutral" }],
  ["MSQI", "ImbZroV", "", "unbalance.V.zero", "none", "percent", { on: "neutral" }],
  ["MHAI", "Hz", "", "Hz", "Hz", "hertz"],
  ...distorted("Thd*A", "THD.A.?", phased),
  ...distorted("Tdd*A", "TDD.A.?", phased),
  ...phased("MHAI", "ThdPhV", "THD.V.?", ["none", "percent", { on: "neutral" }]),
  ...byParity("Thd*PhV", "THD.V.?", phased),
  // Without harmonics of its own the meter knows the distortion of what its elements measure: ab, and cb.
  ...paired("MHAI", "ThdPPV", "THD.V.?", ["none", "percent"]),
  ["MHAI", "ThdPPV", "phsAB", "THD.V.a", "none", "percent", { on: "lines" }],
  ["MHAI", "ThdPPV", "phsBC", "THD.V.c", "none", "percent", { on: "lines" }],
  ...byParity("Thd*PPV", "THD.V.?", paired),
  ...phased("MHAI", "HCfPhV", "crest.V.?", ["none", "crest"]),
  ...paired("MHAI", "HCfPPV", "crest.V.?", ["none", "crest"]),
  ...phased("MHAI", "HCfA", "crest.A.?", ["none", "crest"]),
  ...paired("MFLK", "PPPst", "Pst.?", ["none", "flicker"]),
  ...phased("MFLK", "PhPst", "Pst.?", ["none", "flicker"]),
  ...paired("MFLK", "PPPlt", "Plt.?", ["none", "flicker"]),
  ...phased("MFLK", "PhPlt", "Plt.?", ["none", "flicker"]),
];

/** Of volts to neutral, or from line to line alone: of several rows of a place the first is it. */
function rowsOn(on: "neutral" | "lines"): readonly MeasuredRow[] {
  return everyRow.filter(([, , , , , , more]) => more?.on === undefined || more.on === on);
}

const rows = { neutral: rowsOn("neutral"), lines: rowsOn("lines") };

/** Rows of a meter, by how it is connected. */
export function measuredRows(hasNeutral: boolean): readonly MeasuredRow[] {
  return hasNeutral ? rows.neutral : rows.lines;
}

/** Energies of MMTR, which a meter of the option counts whatever its registers are: supplied is what it delivers, demanded what it receives. */
// prettier-ignore
export const energyRows: readonly (readonly [name: string, measure: string, unit: SiUnit])[] = [
  ["TotVAh",  "VAh.absolute",  "VAh"],
  ["TotWh",   "Wh.net",        "Wh"],
  ["TotVArh", "varh.net",      "VArh"],
  ["SupWh",   "Wh.import",     "Wh"],
  ["SupVArh", "varh.import",   "VArh"],
  ["DmdWh",   "Wh.export",     "Wh"],
  ["DmdVArh", "varh.export",   "VArh"],
];

/** What a meter of the option has to count for it. */
export const standingEnergies: readonly Measure[] = energyRows.flatMap(([, name]) => parseMeasure(name) ?? []);

/** What MSTA has the average, the largest and the least of: means of the phases, and totals. */
// prettier-ignore
export const statisticRows: readonly (readonly [name: string, measure: string, unit: SiUnit, kind: Kind])[] = [
  ["Amps",  "A",    "A",   "amps"],
  ["Volts", "V.ln", "V",   "volts"],
  ["VA",    "VA",   "VA",  "apparents"],
  ["W",     "W",    "W",   "powers"],
  ["VAr",   "var",  "VAr", "powers"],
];

/** Without volts to neutral there are those from line to line. */
export const LINE_VOLTS = "V.ll";
