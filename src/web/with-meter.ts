/** What is asked of one meter of a site. */
import type { Context } from "hono";
import type { Site } from "#fleet/site.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { problem } from "#web/api/problem.ts";

export function unknownMeter(site: Site, name: string): string {
  return `there is no meter ${name}; this site has ${site.meters.map(({ surface }) => surface.identity.name).join(", ")}`;
}

/** Makes what runs for the meter of the path. */
export function withMeterOf(site: Site) {
  return <Asked>(run: (context: Context, surface: MeterSurface, asked: Asked) => Response | Promise<Response>) =>
    (context: Context, asked: Asked): Response | Promise<Response> => {
      const name = context.req.param("name") ?? "";
      const surface = site.meter(name)?.surface;
      return surface === undefined ? problem(context, 404, unknownMeter(site, name)) : run(context, surface, asked);
    };
}
