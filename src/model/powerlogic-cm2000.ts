/** Schneider PowerLogic Series 2000 Circuit Monitor: the energies in another order, and none that can be preset. */
import type { Row } from "#protocol/modbus/register-table.ts";
import type { MeterModel } from "./model.ts";
import { circuitMonitor, commandsWithoutPreset, powerlogicDesign } from "./powerlogic-design.ts";

// prettier-ignore
const energy: readonly Row<never>[] = [
  [1601, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.import"],
  [1605, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.import"],
  [1609, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.export"],
  [1613, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.export"],
  [1617, "R", "NV", "Mod10000 (4)", "VAh",  "", "VAh.absolute"],
  [1621, "R", "NV", "Mod10000 (4)", "Wh",   "", "Wh.total"],
  [1625, "R", "NV", "Mod10000 (4)", "VARh", "", "varh.total"],
];

export const powerlogicCm2000: MeterModel = {
  name: "powerlogic-cm2000",
  title: "Schneider PowerLogic CM2000 Circuit Monitor",
  manual: "Transferring energy readings between PowerLogic meters, Table 1",
  manufacturer: "Square D",
  product: "CM2000",
  options: { plain: "", logging: "" },
  firmware: 16_000,
  instrument: powerlogicDesign,
  modbus: circuitMonitor("CM2000", energy, commandsWithoutPreset),
};
