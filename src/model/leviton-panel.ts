/**
 * The front panel of the Leviton Series 4000 and 4100 (Veris E50, E51): its screens in the words of the manuals' "User Interface (UI) Menu
 * Abbreviations Defined", "Quick Setup Instructions" and "UI for Setup". The figures of the menus are lost; what follows from nothing
 * printed is chosen in docs/models/leviton-s4000.md and leviton-s4100.md.
 */
import type { Command } from "#quantity/interfaces.ts";
import type { MeasuredName, State } from "#quantity/quantity.ts";
import type { Setting } from "#quantity/setting.ts";
import { RESET_SYSTEM_VERSION } from "./leviton-design.ts";

/** How units are called: the setting `displayUnits`. */
export type Notation = "IEC" | "IEEE";

/** What a screen shows: a power or an energy, whose unit grows with it; something of one size; a count. */
export type PanelUnit =
  | "power"
  | "reactive"
  | "apparent"
  | "energy"
  | "reactiveEnergy"
  | "apparentEnergy"
  | "amps"
  | "lineVolts"
  | "ab"
  | "bc"
  | "ac"
  | "neutralVolts"
  | "powerFactor"
  | "hertz"
  | "demand"
  | "maximum";

/** Abbreviations, as the manuals print them. */
export const abbreviations: Readonly<Record<PanelUnit, Readonly<Record<Notation, string>>>> = {
  demand: { IEC: "D", IEEE: "D" },
  maximum: { IEC: "MAX", IEEE: "M" },
  power: { IEC: "P", IEEE: "W" },
  reactive: { IEC: "Q", IEEE: "VAR" },
  apparent: { IEC: "S", IEEE: "VA" },
  amps: { IEC: "A", IEEE: "A" },
  ab: { IEC: "UAB", IEEE: "VAB" },
  bc: { IEC: "UBC", IEEE: "VBC" },
  ac: { IEC: "UAC", IEEE: "VAC" },
  neutralVolts: { IEC: "V", IEEE: "VLN" },
  powerFactor: { IEC: "PF", IEEE: "PF" },
  lineVolts: { IEC: "U", IEEE: "VLL" },
  hertz: { IEC: "HZ", IEEE: "HZ" },
  apparentEnergy: { IEC: "Sh", IEEE: "VAh" },
  reactiveEnergy: { IEC: "Qh", IEEE: "VARh" },
  energy: { IEC: "Ph", IEEE: "Wh" },
};

/**
 * Of what a value is, before its unit: a phase, the active phases (their number), an abbreviation of its own, or as it stands ("n" net,
 * "Q1" a quadrant).
 */
export type PanelPrefix = "A" | "B" | "C" | "phases" | "demand" | "maximum" | "n" | "Q1" | "Q2" | "Q3" | "Q4" | "";

export interface ValueScreen {
  readonly value: MeasuredName;
  readonly prefix: PanelPrefix;
  readonly unit: PanelUnit;
  /** The arrow that is on: "↑ Import", "↓ Export". */
  readonly arrow?: "import" | "export";
}

export interface CountScreen {
  readonly count: MeasuredName;
  readonly label: string;
}

/** An alert, of a bit or of three for the phases (register 146). */
export interface AlertScreen {
  readonly label: string;
  readonly bits: { readonly from: number } | { readonly is: readonly (readonly [bit: number, text: string])[] };
}

export interface InfoScreen {
  readonly label: string;
  readonly info: "model" | "operatingSystem" | "resetSystem" | "serial";
}

/** A word for each value of a setting, in the order of the buttons. */
type Words = readonly (readonly [value: number, text: string])[];

/** A parameter of the setup menu. Digits: how many, and how many of them are behind the point. */
export type ParameterScreen =
  | {
      readonly label: string;
      readonly setting: Setting;
      readonly digits: number;
      readonly decimals?: number;
      /** The setting is in percent, and shown as a fraction. */
      readonly percent?: true;
    }
  | {
      readonly label: string;
      readonly setting: Setting;
      readonly words: Words;
      /** Values are a scale: at its end one stays, and "down" goes no further than the next that is allowed. */
      readonly scale?: true;
    }
  | { readonly label: string; readonly shows: State; readonly unit?: PanelUnit; readonly times?: number };

/** What a reset does, once it is chosen. */
export interface ResetScreen {
  readonly label: string;
  readonly command: Command;
}

export type PanelScreen = ValueScreen | CountScreen | AlertScreen | InfoScreen | ParameterScreen | ResetScreen;

/** Screens that + and - go through; most are alone. */
export type Ring = readonly PanelScreen[];

export interface PanelGroup {
  /** Its heading; empty where there is none. */
  readonly label: string;
  /** From left to right. */
  readonly columns: readonly Ring[];
  /** A meter that is set up so does not have it. */
  readonly unless?: readonly [setting: Setting, value: number];
}

/** A screen of the main menu, and what is to its right. */
export type MainScreen =
  | { readonly heading: string; readonly columns: readonly Ring[] }
  /** "_PHASE": with the number of active phases before it. */
  | { readonly summary: string; readonly columns: readonly Ring[] }
  | { readonly first: ValueScreen; readonly columns: readonly Ring[] }
  | { readonly guarded: string; readonly password: "setup" | "reset"; readonly groups: readonly PanelGroup[] };

export interface PanelMenus {
  readonly main: readonly MainScreen[];
  readonly passwordLabel: string;
  readonly passwordDigits: number;
  /** Digits of the number row. */
  readonly digits: number;
  /** MODEL: the series. */
  readonly model: string;
  readonly resetSystem: string;
}

// ── data ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const letters = ["A", "B", "C"] as const;

/** A value of the active phases together, and of each. */
const ring = (total: ValueScreen["value"], each: readonly MeasuredName[], unit: PanelUnit): Ring => [
  { value: total, prefix: "phases", unit },
  ...each.map((value, k): ValueScreen => ({ value, prefix: letters[k] ?? "", unit })),
];

const alone = (...screens: readonly PanelScreen[]): readonly Ring[] => screens.map((screen) => [screen]);

function phaseColumns(vars: readonly [MeasuredName, readonly MeasuredName[]]): readonly Ring[] {
  return [
    ring("A", ["A.a", "A.b", "A.c"], "amps"),
    [
      { value: "V.ll", prefix: "phases", unit: "lineVolts" },
      { value: "V.ab", prefix: "", unit: "ab" },
      { value: "V.bc", prefix: "", unit: "bc" },
      { value: "V.ca", prefix: "", unit: "ac" },
    ],
    ring("W", ["W.a", "W.b", "W.c"], "power"),
    ring("V.ln", ["V.a", "V.b", "V.c"], "neutralVolts"),
    ring("VA", ["VA.a", "VA.b", "VA.c"], "apparent"),
    ring("PF", ["PF.a", "PF.b", "PF.c"], "powerFactor"),
    ring(vars[0], vars[1], "reactive"),
    [{ value: "Hz", prefix: "", unit: "hertz" }],
  ];
}

const demand: readonly ValueScreen[] = [
  { value: "W.demand", prefix: "demand", unit: "power" },
  { value: "var.demand", prefix: "demand", unit: "reactive" },
  { value: "VA.demand", prefix: "demand", unit: "apparent" },
];

const importMaxima: readonly ValueScreen[] = [
  { value: "W.import.demand.max", prefix: "maximum", unit: "power" },
  { value: "var.import.demand.max", prefix: "maximum", unit: "reactive" },
  { value: "VA.import.demand.max", prefix: "maximum", unit: "apparent" },
];

const exportMaxima: readonly ValueScreen[] = [
  { value: "W.export.demand.max", prefix: "maximum", unit: "power" },
  { value: "var.export.demand.max", prefix: "maximum", unit: "reactive" },
  { value: "VA.export.demand.max", prefix: "maximum", unit: "apparent" },
];

const arrowed = (screens: readonly ValueScreen[], arrow: "import" | "export"): readonly ValueScreen[] =>
  screens.map((screen) => ({ ...screen, arrow }));

// ── alerts, information, resets ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function alerts(frequency: "F ERR" | "FERR"): MainScreen {
  return {
    heading: "ALERT",
    columns: alone(
      { label: "PLOSS", bits: { from: 8 } },
      { label: "LOWPF", bits: { from: 11 } },
      { label: frequency, bits: { is: [[6, "Error"]] } },
      { label: "I OVR", bits: { from: 3 } },
      { label: "V OVR", bits: { from: 0 } },
      // An overrun says more than the configuration that made it.
      {
        label: "PULSE",
        bits: {
          is: [
            [14, "Error"],
            [15, "ConF"],
          ],
        },
      },
    ),
  };
}

const info: MainScreen = {
  heading: "INFO",
  columns: alone(
    { label: "MODEL", info: "model" },
    { label: "OS", info: "operatingSystem" },
    { label: "RS", info: "resetSystem" },
    { label: "SN", info: "serial" },
  ),
};

const reset: MainScreen = {
  guarded: "RESET",
  password: "reset",
  groups: [
    {
      label: "",
      columns: alone({ label: "ENERG", command: "clearEnergy" }, { label: "DEMND", command: "resetMaxDemand" }),
    },
  ],
};

// ── setup ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** How many phases a system type has: the quantity of its current transformers ("Supported System Types"). */
export const activePhases: Readonly<Record<number, number>> = { 10: 1, 11: 1, 12: 2, 31: 3, 40: 3 };

/** The screen of the system voltage, and what it is called where that is to neutral. */
export const systemVoltage = {
  setting: "systemVoltage",
  label: "VLL",
  toNeutral: { systemType: 10, label: "VLN" },
} as const;

const setup: MainScreen = {
  guarded: "SETUP",
  password: "setup",
  groups: [
    {
      label: "S COM",
      // "If the unit has an RS-485 interface": a third output that gives VAR pulses stands in its place.
      unless: ["outputConfiguration", 2],
      columns: alone(
        { label: "ADDR", setting: "address", digits: 3 },
        {
          label: "BAUD",
          setting: "baud",
          words: [1200, 2400, 4800, 9600, 19200, 38400].map((baud) => [baud, String(baud)] as const),
        },
        {
          label: "PAR",
          setting: "parity",
          words: [
            [0, "nonE"],
            [1, "EvEn"],
            [2, "odd"],
          ],
        },
      ),
    },
    {
      label: "S CT",
      columns: alone(
        {
          label: "CT V",
          setting: "ctSecondary",
          words: [
            [1, "1.0"],
            [3, ".33"],
          ],
        },
        { label: "CT SZ", setting: "ctPrimary", digits: 5 },
      ),
    },
    {
      label: "S SYS",
      columns: alone({
        label: "SYSTM",
        setting: "systemType",
        words: [
          [40, "3L-1n"],
          [31, "3L"],
          [12, "2L-1n"],
          [11, "2L"],
          [10, "1L-1n"],
        ],
      }),
    },
    { label: "S PT", columns: alone({ label: "RATIO", setting: "ptRatio", digits: 5, decimals: 2 }) },
    { label: "S V", columns: alone({ label: systemVoltage.label, setting: systemVoltage.setting, digits: 5 }) },
    { label: "S PWR", columns: alone({ label: "MX", shows: "W.theoretical", unit: "power" }) },
    {
      label: "SPLOS",
      columns: alone(
        { label: "VOLTS", setting: "phaseLossVoltage", digits: 2, decimals: 2, percent: true },
        { label: "IMBAL", setting: "phaseLossImbalance", digits: 2, decimals: 2, percent: true },
      ),
    },
    {
      label: "SPULS",
      columns: alone(
        {
          label: "Wh/P",
          setting: "pulseEnergy",
          words: [10, 100, 1000, 10000].map((wh) => [wh, String(wh)] as const),
          scale: true,
        },
        { label: "mS/P", shows: "s.pulse.closure", times: 1000 },
      ),
    },
    {
      label: "S DEM",
      columns: alone(
        { label: "INTRV", setting: "demandSubIntervals", digits: 1 },
        { label: "SEC", setting: "demandSubInterval", digits: 5 },
      ),
    },
    {
      label: "S UNT",
      columns: alone({
        label: "UNITS",
        setting: "displayUnits",
        words: [
          [1, "IEEE"],
          [0, "IEC"],
        ],
      }),
    },
    {
      label: "S PAS",
      columns: alone(
        { label: "SETUP", setting: "setupPassword", digits: 5 },
        { label: "RESET", setting: "resetPassword", digits: 5 },
      ),
    },
  ],
};

const common = { passwordLabel: "PASWD", passwordDigits: 5, digits: 5, resetSystem: RESET_SYSTEM_VERSION } as const;

export const s4000Panel: PanelMenus = {
  ...common,
  model: "4000",
  main: [
    {
      first: { value: "Wh.import", prefix: "", unit: "energy" },
      columns: alone(
        { value: "varh.absolute", prefix: "", unit: "reactiveEnergy" },
        { value: "VAh.import", prefix: "", unit: "apparentEnergy" },
      ),
    },
    {
      summary: "PHASE",
      columns: phaseColumns(["var.absolute", ["var.a.absolute", "var.b.absolute", "var.c.absolute"]]),
    },
    { heading: "DEMND", columns: alone(...demand, ...importMaxima) },
    alerts("F ERR"),
    info,
    reset,
    setup,
  ],
};

const quadrants = ["Q1", "Q2", "Q3", "Q4"] as const;
const quadrantEnergies: readonly MeasuredName[] = ["varh.q1", "varh.q2", "varh.q3", "varh.q4"];

export const s4100Panel: PanelMenus = {
  ...common,
  model: "4100",
  main: [
    {
      first: { value: "Wh.net", prefix: "n", unit: "energy" },
      columns: alone(
        { value: "Wh.import", prefix: "", unit: "energy", arrow: "import" },
        { value: "Wh.export", prefix: "", unit: "energy", arrow: "export" },
        ...quadrantEnergies.map((value, k): ValueScreen => ({
          value,
          prefix: quadrants[k] ?? "",
          unit: "reactiveEnergy",
        })),
        { value: "VAh.net", prefix: "n", unit: "apparentEnergy" },
        { value: "VAh.import", prefix: "", unit: "apparentEnergy", arrow: "import" },
        { value: "VAh.export", prefix: "", unit: "apparentEnergy", arrow: "export" },
        { count: "pulses.1", label: "PULS1" },
        { count: "pulses.2", label: "PULS2" },
      ),
    },
    { summary: "PHASE", columns: phaseColumns(["var", ["var.a", "var.b", "var.c"]]) },
    {
      heading: "DEMND",
      columns: alone(...demand, ...arrowed(importMaxima, "import"), ...arrowed(exportMaxima, "export")),
    },
    alerts("FERR"),
    info,
    reset,
    setup,
  ],
};

/** By the model's name. */
export const levitonPanels: Readonly<Record<string, PanelMenus>> = {
  "leviton-s4000k": s4000Panel,
  "leviton-s4000r": s4000Panel,
  "leviton-s4100": s4100Panel,
};
