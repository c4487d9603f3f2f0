/** The bench of a meter shop over HTTP: what a synthetic source gives, and how fast the site's clock goes. */
import type { Context, Hono } from "hono";
import type { Bench } from "#fleet/bench.ts";
import { changeSpeed, speedOf, whyFixed } from "#fleet/site-clock.ts";
import type { Site } from "#fleet/site.ts";
import type { ClockView } from "#quantity/bench-view.ts";
import { operations } from "./api/operations.ts";
import { problem } from "./api/problem.ts";
import { serve } from "./api/route.ts";
import { unknownMeter } from "./with-meter.ts";

export function addBench(app: Hono, site: Site): void {
  /** The bench of the path's meter, or why there is none. */
  const benchOf = (context: Context): Bench | Response => {
    const name = context.req.param("name") ?? "";
    if (site.meter(name) === undefined) return problem(context, 404, unknownMeter(site, name));
    const why = `${name} has no bench: only a source that is synthetic can be changed`;
    return site.bench(name) ?? problem(context, 404, why);
  };
  const tell = (meter: string, what: string): void => site.tell({ level: "info", meter, words: `bench: ${what}` });

  serve(app, operations.readBench, (context) => {
    const bench = benchOf(context);
    return bench instanceof Response ? bench : context.json(bench.view);
  });
  serve(app, operations.changeBench, (context, { body }) => {
    const bench = benchOf(context);
    if (bench instanceof Response) return bench;
    const problems = bench.change(body);
    if (problems.length > 0) return problem(context, 422, problems.join("; "), { problems });
    const { view } = bench;
    tell(view.name, `${Object.keys(body).join(", ")} changed`);
    return context.json(view);
  });
  serve(app, operations.resetBench, (context) => {
    const bench = benchOf(context);
    if (bench instanceof Response) return bench;
    bench.reset();
    const { view } = bench;
    tell(view.name, "all is as the site file has it");
    return context.json(view);
  });

  const clock = (): ClockView => ({
    utc: site.utc,
    speed: speedOf(site.clock),
    fixed: whyFixed(site.clock, site.file) ?? null,
    behind: site.behind,
  });
  serve(app, operations.readClock, (context) => context.json(clock()));
  serve(app, operations.changeClock, (context, { body: { speed } }) => {
    const fixed = changeSpeed(site.clock, site.file, speed);
    if (fixed !== undefined) return problem(context, 409, fixed);
    site.tell({
      level: "info",
      words: `its clock goes ${speed === "max" ? "as fast as it can" : `${speed} times as fast as time`}`,
    });
    return context.json(clock());
  });
}
