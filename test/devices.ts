/** The inside of a site's meters, for tests that look at what nobody outside sees. */
import type { Site } from "#fleet/site.ts";
import type { Instrument } from "#meter/instrument.ts";
import type { FixedMapDevice } from "#product/fixed-map/product.ts";
import type { JemStar } from "#product/jemstar/jemstar.ts";
import { deviceOf, type JemStarDevice } from "#product/jemstar/product.ts";
import type { ModbusUnit } from "#protocol/modbus/unit.ts";

export function instrumentOf(site: Site, name: string): Instrument {
  return (site.meter(name) as FixedMapDevice).instrument;
}

export function jemstarOf(site: Site, name: string): JemStar {
  return (site.meter(name) as JemStarDevice).jemstar;
}

/** What answers of a meter on one of its ports. */
export function modbusUnitOf(jemstar: JemStar, port = "ethernet 1"): ModbusUnit {
  const { bindings } = deviceOf(jemstar);
  const unit = bindings.modbus?.({ port, unit: 1 });
  if (unit === undefined) throw new Error("it does not speak Modbus");
  return unit;
}
