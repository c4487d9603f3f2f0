/** Schneider PowerLogic Series 3000 Circuit Monitor. */
import type { MeterModel } from "./model.ts";
import { circuitMonitor, PANEL_PASSWORD, powerlogicDesign } from "./powerlogic-design.ts";

export const powerlogicCm3000: MeterModel = {
  name: "powerlogic-cm3000",
  title: "Schneider PowerLogic CM3000 Circuit Monitor",
  manual: "63230-300-212, Appendixes A and B; Transferring energy readings between PowerLogic meters",
  manufacturer: "Square D",
  product: "CM3000",
  options: { plain: "", logging: "" },
  firmware: 13_500,
  instrument: powerlogicDesign,
  modbus: circuitMonitor("CM3000"),
  panelPassword: PANEL_PASSWORD,
};
