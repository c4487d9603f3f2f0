/**
 * The way to a register on the front panels of PowerLogic meters, in the words of their manuals: Circuit Monitor 2000 (FA211912: Setup mode, diAg),
 * Circuit Monitor 3000 and 4000 (FA202951: Diagnostics, Read/Write Regs), Power Meter 800 (63230-500-225A2, "Read and Write Registers": MAINT, DIAG, REG).
 */

/** A place that is chosen of several, one after the other. */
export interface PanelChoice {
  /** What is shown while it is to be chosen. */
  readonly words: string;
  /** What it leads to; nothing where only its words are shown here. */
  readonly leads?: readonly PanelChoice[] | "registers";
}

export interface RegisterPanelDesign {
  /** The four buttons, and what stands on them. */
  readonly labels: { readonly menu: string; readonly down: string; readonly up: string; readonly enter: string };
  readonly top: readonly PanelChoice[];
  readonly password: string;
  /** What stands before the number, the hexadecimal and the decimal value; the value's is left out of a display that has room for one. */
  readonly number: string;
  readonly hexadecimal?: string;
  readonly decimal?: string;
  /** The register that is shown first. */
  readonly first: number;
}

const circuitMonitor: RegisterPanelDesign = {
  labels: { menu: "Menu", down: "▼", up: "▲", enter: "Enter" },
  top: [
    { words: "METERS" },
    { words: "DIAGNOSTICS", leads: [{ words: "METER INFORMATION" }, { words: "READ/WRITE REGS", leads: "registers" }] },
  ],
  password: "PASSWORD",
  number: "Reg",
  hexadecimal: "Hex",
  decimal: "Dec",
  first: 1000,
};

export const registerPanels = {
  "powerlogic-cm2000": {
    labels: { menu: "MODE", down: "SELECT METER [Value] ▼", up: "SELECT METER [Value] ▲", enter: "PHASE [Enter]" },
    top: [{ words: "ConFig" }, { words: "rESEtS" }, { words: "ALr rLY" }, { words: "diAg", leads: "registers" }],
    password: "P",
    number: "rEg No",
    first: 1000,
  },
  "powerlogic-cm3000": circuitMonitor,
  "powerlogic-cm4000": circuitMonitor,
  "powerlogic-pm800": {
    labels: { menu: "back", down: "▼", up: "▲", enter: "OK" },
    top: [
      {
        words: "MAINT",
        leads: [
          { words: "RESET" },
          { words: "DIAG", leads: [{ words: "METER" }, { words: "REG", leads: "registers" }] },
        ],
      },
    ],
    password: "PASSW",
    number: "REG",
    hexadecimal: "HEX",
    decimal: "DEC",
    first: 1000,
  },
} satisfies Readonly<Record<string, RegisterPanelDesign>>;
