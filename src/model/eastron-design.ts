/** What Eastron's meters have in common: settings as they leave the factory, and holding registers of the line. */
import type { Row } from "#protocol/modbus/register-table.ts";
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { connectedAs } from "./virtual-design.ts";

/** "Default 60" minutes of demand, 9,600 baud. */
export function eastronDesignOf(first: WiringName, ...others: readonly WiringName[]): InstrumentDesign {
  const design = connectedAs(first, ...others);
  const { demandSubInterval, baud } = design.settings;
  return {
    ...design,
    settings: {
      ...design.settings,
      ...(demandSubInterval === undefined ? {} : { demandSubInterval: { ...demandSubInterval, default: 3600 } }),
      ...(baud === undefined ? {} : { baud: { ...baud, default: 9600 } }),
    },
  };
}

// prettier-ignore
export const eastronCommunication: readonly Row<never>[] = [
  // Parity and stop bits: none, even, odd.
  [0x0012, "R", "", "Float",  "", "", { setting: "parity" }],
  [0x0014, "R", "", "Float",  "", "", { identity: "unit" }],
  [0x001c, "R", "", "Float",  "", "", { setting: "baud", as: { 2400: 0, 4800: 1, 9600: 2, 19_200: 3, 38_400: 4, 1200: 5 } }],
];

/** Serial number, code of the product and version of its software. */
export function eastronSerial(code: number): readonly Row<never>[] {
  // prettier-ignore
  return [
    [0xfc00, "R", "", "ULong",  "", "", { identity: "serial number" }],
    [0xfc02, "R", "", "UInt",   "", "", { constant: code }],
    [0xfc03, "R", "", "UInt",   "", "", { identity: "firmware" }],
  ];
}
