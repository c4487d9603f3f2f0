/** The Modbus points of a JEMStar II (Appendix H): the lists that its configuration makes. */
import type { PointLists } from "#product/points.ts";
import type { ModbusPoints } from "./configuration-schema.ts";

/** Channels of digital inputs and outputs, whatever they are configured to be. */
const CHANNELS = 8;

export function modbusLists(configuration: unknown): PointLists {
  const { counters, analogs, binaries, order, allowRegisterPresets, allowOutputControl } = (
    configuration as { readonly modbus: ModbusPoints }
  ).modbus;
  return {
    counters,
    analogs,
    binaries,
    outputs: CHANNELS,
    lowFirst: order === "low first",
    presets: allowRegisterPresets,
    control: allowOutputControl,
  };
}
