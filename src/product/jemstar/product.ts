/** The AMETEK JEMStar II: a meter that is set up by a configuration file, and ordered by a model number. */
import { ametekJemstarIi } from "#model/ametek-jemstar-ii.ts";
import type { Device, MeterEntry, Product } from "#product/product.ts";
import { JemStar } from "./jemstar.ts";
import { JemStarSurface } from "./surface.ts";
import { PointUnit } from "#protocol/modbus/point-unit.ts";

export interface JemStarDevice extends Device {
  readonly jemstar: JemStar;
}

function check(entry: MeterEntry): readonly string[] {
  if (Object.keys(entry.settings).length === 0) return [];
  return [`settings: ${entry.model} is set up by its configuration file (configuration: FILE)`];
}
