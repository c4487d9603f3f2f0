/** Carlo Gavazzi ET340: "EM/ET300 Series Communication Protocol" rev. 2.6 (14 November 2014), tables 2.4-1 to 2.7.9. */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { series300Systems, system, toNeutral, withNeutral } from "./carlo-gavazzi-rows.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

/** "Only ET series": export of each phase. */
// prettier-ignore
const exported: readonly Row<never>[] = [
  [0x0060, "R", "", "SLong", "kWh", 0.1, "Wh.a.export"],
  [0x0062, "R", "", "SLong", "kWh", 0.1, "Wh.b.export"],
  [0x0064, "R", "", "SLong", "kWh", 0.1, "Wh.c.export"],
];

/** "Only ET series if THD calculation is enabled": as it leaves the factory. */
// prettier-ignore
const distortion: readonly Row<never>[] = [
  [0x0082, "R", "", "SLong", "", 0.01, "THD.A.a"],
  [0x0084, "R", "", "SLong", "", 0.01, "THD.A.b"],
  [0x0086, "R", "", "SLong", "", 0.01, "THD.A.c"],
  [0x0088, "R", "", "SLong", "", 0.01, "THD.V"],
  [0x008a, "R", "", "SLong", "", 0.01, "THD.V.a"],
  [0x008c, "R", "", "SLong", "", 0.01, "THD.V.b"],
  [0x008e, "R", "", "SLong", "", 0.01, "THD.V.c"],
];

// prettier-ignore
const configuration: readonly Row<never>[] = [
  // Version and revision: "A", 0.
  [0x0302, "R",   "", "UInt",        "",      "", { constant: 0 }],
  [0x0303, "R",   "", "UInt",        "",      "", { constant: 0 }],
  // Password: "In ET always 0".
  [0x1000, "R/W", "", "UInt",        "",      "", { reserved: 0 }],
  [0x1002, "R/W", "", "UInt",        "",      "", { wiring: series300Systems }],
  // Ratios of current and voltage transformers, of 10: what it shows is primary.
  [0x1003, "R",   "", "ULong",       "",      "", { constant: 10 }],
  [0x1005, "R",   "", "ULong",       "",      "", { constant: 10 }],
  [0x1010, "R",   "", "ULong",       "",      60, { setting: "demandSubInterval" }],
  // Display, tariffs and home page; measurement mode B, both directions.
  [0x1100, "R/W", "", "UInt",        "",      "", { reserved: 0 }],
  [0x1101, "R/W", "", "UInt",        "",      "", { reserved: 0 }],
  [0x1102, "R/W", "", "UInt",        "",      "", { reserved: 0 }],
  [0x1103, "R/W", "", "UInt",        "",      "", { reserved: 1 }],
  // Help with wrong connections, off; calculation of distortion, on.
  [0x1104, "R/W", "", "UInt",        "",      "", { reserved: 1 }],
  [0x1106, "R/W", "", "UInt",        "",      "", { reserved: 1 }],
  [0x2000, "R",   "", "UInt",        "",      "", { identity: "unit" }],
  [0x5000, "R",   "", "String (14)", "ASCII", "", { text: "serial" }],
];

/** What has no value, up to here, is "not available, value = 0". */
const last: Row<never> = [0x0096, "R", "", "SLong", "", "", { constant: 0 }];

/** A meter of the 300 series by its identification code, and what its own has beside the common registers. */
function series300(identification: number, own: readonly Row<never>[]): ModbusFace<never> {
  const rows = [...system, ...own, last].toSorted((a, b) => a[0] - b[0]);
  return {
    map: {
      base: 0,
      numbers: "hexadecimal",
      scales: {},
      lowWordFirst: true,
      alone: { 0x000b: identification },
      blocks: [
        { title: "Phases to neutral", absent: "zero", only: withNeutral, rows: toNeutral },
        { title: "System and energies", absent: "zero", fill: 0, rows },
        { title: "Identification and configuration", absent: "zero", rows: configuration },
      ],
    },
    // "Maximum 50 registers with a single request."
    reads: { most: 50 },
    faultWhenUnmeasured: true,
  };
}

const common: Omit<MeterModel, "name" | "title" | "product" | "modbus"> = {
  manual: "EM/ET300 Series Communication Protocol rev. 2.6",
  manufacturer: "Carlo Gavazzi",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: connectedAs("wye", "1-phase-ln", "split-phase", "network", "delta", "two-element", "open-delta"),
};

export const et340: MeterModel = {
  ...common,
  name: "et340",
  title: "Carlo Gavazzi ET340",
  product: "ET340",
  // ET340-DIN AV2 3 X S1 X.
  modbus: series300(345, [...exported, ...distortion]),
};

export const em340: MeterModel = {
  ...common,
  name: "em340",
  title: "Carlo Gavazzi EM340",
  product: "EM340",
  // EM340-DIN AV2 3 X S1 X.
  modbus: series300(341, []),
};
