/** The inside of a site's meters, for tests that look at what nobody outside sees. */
import type { Site } from "#fleet/site.ts";
import type { Instrument } from "#meter/instrument.ts";
import type { FixedMapDevice } from "#product/fixed-map/product.ts";
import type { JemStar } from "#product/jemstar/jemstar.ts";
import type { JemStarDevice } from "#product/jemstar/product.ts";

export function instrumentOf(site: Site, name: string): Instrument {
  return (site.meter(name) as FixedMapDevice).instrument;
}

export function jemstarOf(site: Site, name: string): JemStar {
  return (site.meter(name) as JemStarDevice).jemstar;
}
