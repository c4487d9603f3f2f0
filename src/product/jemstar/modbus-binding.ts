/** The Modbus points of a JEMStar II (Appendix H): the lists that its configuration makes. */
import type { PointLists } from "#product/points.ts";
import type { ModbusPoints } from "./configuration-schema.ts";

/** Where the tables of the manual begin: points are addressed from there on the wire. */
const tables = { counters: 40_001, analogs: 30_001, outputs: 1, inputs: 10_001 } as const;

/** Digital outputs, by channel: coils, whatever the channel is set to. */
export const COILS = 8;

export function modbusLists(configuration: unknown): PointLists {
  const { modbus } = configuration as { readonly modbus: ModbusPoints };
  return {
    counters: modbus.counters,
    analogs: modbus.analogs,
    binaries: modbus.binaries,
    outputs: COILS,
    at: {
      counters: modbus.countersFrom - tables.counters,
      analogs: modbus.analogsFrom - tables.analogs,
      outputs: modbus.outputsFrom - tables.outputs,
      inputs: modbus.inputsFrom - tables.inputs,
    },
    lowFirst: modbus.order === "low first",
    analogBits: modbus.analogBits,
  };
}
