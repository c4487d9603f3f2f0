/**
 * Leviton VerifEye Series 4000-R (Veris E50C2A, with data logging E50C3A): the 4000-K for rope-style current transformers
 * (Rogowski coils). Manual ZL0139-0A: CT primary 20 to 5000 A, register 132 reserved, its own identification.
 */
import type { Block } from "#protocol/modbus/register-table.ts";
import type { LevitonScale } from "./leviton-blocks.ts";
import { levitonS4000k, s4000Instrument, s4000Map } from "./leviton-s4000k.ts";
import { levitonServerId } from "./leviton-design.ts";
import type { MeterModel } from "./model.ts";

function withReserved132(block: Block<LevitonScale>): Block<LevitonScale> {
  return {
    ...block,
    rows: block.rows.map((row) => (row[0] === 132 ? [132, "R/W", "NV", "UInt", "", "", { reserved: 0 }] : row)),
  };
}

const { ctSecondary: _absent, ...settings } = s4000Instrument.settings;

export const levitonS4000r: MeterModel = {
  ...levitonS4000k,
  name: "leviton-s4000r",
  title: "Leviton VerifEye Series 4000-R",
  manual: "Series 4000-R Compact Modbus Power and Energy Meter, ZL0139-0A",
  instrument: {
    ...s4000Instrument,
    settings: { ...settings, ctPrimary: { default: 100, within: [[20, 5000]], means: "CT primary, A" } },
  },
  modbus: {
    ...levitonS4000k.modbus,
    map: { ...s4000Map, blocks: s4000Map.blocks.map(withReserved132) },
    serverId: levitonServerId("Leviton Series 4000R Power Meter Full Data Set"),
  },
};
