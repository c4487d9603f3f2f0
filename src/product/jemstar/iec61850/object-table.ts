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

export type MeasuredRow = readonly [
  node: "MMXU" | "MSQI" | "MHAI" | "MFLK",
  name: string,
  /** Of the object in it: "phsA"; empty of what has none. */
  part: string,
  /** As measures are written; and its angle, of a phasor. */
  measure: string,
  unit: SiUnit,
  kind: Kind,
  angle?: string,
];

const letters = { phsA: "a", phsB: "b", phsC: "c" } as const;
const pairs = { phsAB: "ab", phsBC: "bc", phsCA: "ca" } as const;

/** A row for each phase: `of` is the measure with a "?" where the phase stands. */
function phased(
  node: MeasuredRow[0],
  name: string,
  of: string,
  [unit, kind, angle]: readonly [SiUnit, Kind, (string | undefined)?],
): readonly MeasuredRow[] {
  return rowsOf(letters, node, name, of, [unit, kind, angle]);
}

function paired(
  node: MeasuredRow[0],
  name: string,
  of: string,
  [unit, kind]: readonly [SiUnit, Kind],
): readonly MeasuredRow[] {
  return rowsOf(pairs, node, name, of, [unit, kind]);
}

function rowsOf(
  places: Readonly<Record<string, string>>,
  node: MeasuredRow[0],
  name: string,
  of: string,
  [unit, kind, angle]: readonly [SiUnit, Kind, (string | undefined)?],
): readonly MeasuredRow[] {
  return Object.entries(places).map(([part, letter]) => {
    const row = [node, name, part, of.replace("?", letter), unit, kind] as const;
    return angle === undefined ? row : [...row, angle.replace("?", letter)];
  });
}

function sequence(
  name: "SeqA" | "SeqV",
  letter: "A" | "V",
  [unit, kind]: readonly [SiUnit, Kind],
): readonly MeasuredRow[] {
  return (["positive", "negative", "zero"] as const).map((one, k) => [
    "MSQI",
    name,
    `c${k + 1}`,
    `${letter}.${one}`,
    unit,
    kind,
    `${letter}.${one}.angle`,
  ]);
}

/** By odd and even harmonics, too. */
function distorted(name: string, of: string, make: typeof phased | typeof paired): readonly MeasuredRow[] {
  return [
    ...make("MHAI", `${name.replace("*", "")}`, of, ["none", "percent"]),
    ...make("MHAI", `${name.replace("*", "Odd")}`, `${of}.odd`, ["none", "percent"]),
    ...make("MHAI", `${name.replace("*", "Evn")}`, `${of}.even`, ["none", "percent"]),
  ];
}

// prettier-ignore
export const measuredRows: readonly MeasuredRow[] = [
  ["MMXU", "TotW",   "", "W",   "W",        "powers"],
  ["MMXU", "TotVAr", "", "var", "VAr",      "powers"],
  ["MMXU", "TotVA",  "", "VA",  "VA",       "apparents"],
  ["MMXU", "TotPF",  "", "PF",  "cos(phi)", "factor"],
  ["MMXU", "Hz",     "", "Hz",  "Hz",       "hertz"],
  ...paired("MMXU", "PPV", "V.?", ["V", "volts"]),
  ...phased("MMXU", "PhV", "V.?", ["V", "volts", "deg.V.?"]),
  ...phased("MMXU", "A", "A.?", ["A", "amps", "deg.A.?"]),
  ["MMXU", "A", "neut", "A.n", "A", "amps"],
  ...phased("MMXU", "W", "W.?", ["W", "power"]),
  ...phased("MMXU", "VAr", "var.?", ["VAr", "power"]),
  ...phased("MMXU", "VA", "VA.?", ["VA", "apparent"]),
  ...phased("MMXU", "PF", "PF.?", ["cos(phi)", "factor"]),
  ...sequence("SeqA", "A", ["A", "amps"]),
  ...sequence("SeqV", "V", ["V", "volts"]),
  ["MSQI", "ImbNgA",  "", "unbalance.A",      "none", "percent"],
  ["MSQI", "ImbNgV",  "", "unbalance.V",      "none", "percent"],
  ["MSQI", "ImbZroA", "", "unbalance.A.zero", "none", "percent"],
  ["MSQI", "ImbZroV", "", "unbalance.V.zero", "none", "percent"],
  ["MHAI", "Hz", "", "Hz", "Hz", "hertz"],
  ...distorted("Thd*A", "THD.A.?", phased),
  ...distorted("Tdd*A", "TDD.A.?", phased),
  ...distorted("Thd*PhV", "THD.V.?", phased),
  ...distorted("Thd*PPV", "THD.V.?", paired),
  ...phased("MHAI", "HCfPhV", "crest.V.?", ["none", "crest"]),
  ...paired("MHAI", "HCfPPV", "crest.V.?", ["none", "crest"]),
  ...phased("MHAI", "HCfA", "crest.A.?", ["none", "crest"]),
  ...paired("MFLK", "PPPst", "Pst.?", ["none", "flicker"]),
  ...phased("MFLK", "PhPst", "Pst.?", ["none", "flicker"]),
  ...paired("MFLK", "PPPlt", "Plt.?", ["none", "flicker"]),
  ...phased("MFLK", "PhPlt", "Plt.?", ["none", "flicker"]),
];

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
