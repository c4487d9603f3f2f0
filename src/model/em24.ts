/**
 * Carlo Gavazzi EM24 with Ethernet, as Victron's systems look for it: identification 1648 at 0x000B when that register is read
 * alone, application H at 0xA000. Its own protocol document (EM24_E1 rev. 1.2) was not to be had: registers as Victron's
 * dbus-modbus-client fe12d8c, mbmd fb8f9c2 (CGEM24_E1) and sdm_modbus 0.7 (EM24) read them, all of which name that document.
 * That absent phases read 0 is said of the 300 series, whose registers are the same.
 */
import type { ModbusFace, Row } from "#protocol/modbus/register-table.ts";
import { em24Systems, system, toNeutral, withNeutral } from "./carlo-gavazzi-rows.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

/** EM24DINAV23XE1X; Victron takes 1648 to 1653. */
const IDENTIFICATION = 1648;

// prettier-ignore
const apparentDemand: readonly Row<never>[] = [
  [0x0076, "R", "", "SLong", "Volt-Amps", 0.1, "VA.absolute.demand"],
  [0x0078, "R", "", "SLong", "Volt-Amps", 0.1, "VA.absolute.demand.max"],
];

// prettier-ignore
const identity: readonly Row<never>[] = [
  [0x0302, "R",   "", "UInt",        "",      "", { constant: 0x1001 }],
  [0x0303, "R",   "", "UInt",        "",      "", { constant: 0x1001 }],
  [0x0304, "R",   "", "UInt",        "",      "", { constant: 0x1001 }],
  [0x1002, "R/W", "", "UInt",        "",      "", { wiring: em24Systems }],
  [0x5000, "R",   "", "String (14)", "ASCII", "", { text: "serial" }],
  [0xa000, "R/W", "", "UInt",        "",      "", { reserved: 7 }],
  // The front selector, at "kvarh".
  [0xa100, "R",   "", "UInt",        "",      "", { constant: 0 }],
];

const modbus: ModbusFace<never> = {
  map: {
    base: 0,
    numbers: "hexadecimal",
    scales: {},
    lowWordFirst: true,
    alone: { 0x000b: IDENTIFICATION },
    blocks: [
      { title: "Phases to neutral", absent: "zero", only: withNeutral, rows: toNeutral },
      { title: "System and energies", absent: "zero", fill: 0, rows: [...system, ...apparentDemand] },
      { title: "Identification and configuration", absent: "zero", rows: identity },
    ],
  },
  // Its integers have no invalid value.
  faultWhenUnmeasured: true,
};

export const em24: MeterModel = {
  name: "em24",
  title: "Carlo Gavazzi EM24 Ethernet, for Victron systems",
  manual: "registers as the clients of Victron, mbmd and sdm_modbus read them",
  manufacturer: "Carlo Gavazzi",
  product: "EM24",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: connectedAs("wye", "1-phase-ln", "split-phase", "network", "delta", "two-element", "open-delta"),
  modbus,
};
