/** Schneider PowerLogic Series 4000 Circuit Monitor. */
import type { MeterModel } from "./model.ts";
import { circuitMonitor, PANEL_PASSWORD, powerlogicDesign } from "./powerlogic-design.ts";

export const powerlogicCm4000: MeterModel = {
  name: "powerlogic-cm4000",
  title: "Schneider PowerLogic CM4000 Circuit Monitor",
  manual: "63230-300-212, Appendixes A and B; Transferring energy readings between PowerLogic meters",
  manufacturer: "Square D",
  product: "CM4000",
  options: { plain: "", logging: "" },
  firmware: 14_500,
  instrument: powerlogicDesign,
  modbus: circuitMonitor("CM4000"),
  panelPassword: PANEL_PASSWORD,
};
