/** The HTTP API of meters: registers, profiles, logs, configuration, commands, all of it through the meter's surface. */
import type { Context, Hono } from "hono";
import type { Site } from "#fleet/site.ts";
import type { MeterCommand } from "#quantity/authority.ts";
import { limits } from "#quantity/limits.ts";
import type { SidesView } from "#quantity/meter-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Profile } from "#quantity/profile.ts";
import { emptySeries } from "#quantity/series.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { tellMeter } from "./configuration-api.ts";
import { intervalsOf, logOf, profileOf, registersOf, selfReadsOf, type ProfileQuery } from "./meter-view.ts";
import { withMeterOf } from "./with-meter.ts";

/** What a meter is without. */
export function lacking(context: Context, { identity }: MeterSurface, what: string): Response {
  return problem(context, 404, `${identity.name} ${what}`);
}

interface Mark {
  readonly reader: string;
  readonly series: string;
}

/** From which number on, and how many at most. */
interface Page {
  readonly from?: number | undefined;
  readonly most?: number | undefined;
}

function pageOf({ from = 0, most = limits.web.entries }: Page): { readonly first: number; readonly most: number } {
  return { first: from, most: Math.min(most, limits.web.entries) };
}

export function addMeterApi(app: Hono, site: Site): void {
  const withMeter = withMeterOf(site);

  serve(
    app,
    operations.readRegisters,
    withMeter((context, surface) => {
      const registers = registersOf(surface, context.req.param("list") ?? "");
      return context.json({ name: surface.identity.name, registers });
    }),
  );

  serve(
    app,
    operations.readIntervals,
    withMeter((context, surface) => context.json({ name: surface.identity.name, intervals: intervalsOf(surface) })),
  );

  /** Records of one of a meter's series. */
  const recordsOf =
    (seriesOf: (surface: MeterSurface) => readonly Profile[], lacks: string, what: string) =>
    (context: Context, surface: MeterSurface, { query }: { readonly query: ProfileQuery }): Response => {
      const profiles = seriesOf(surface);
      if (profiles.length === 0) return lacking(context, surface, lacks);
      const profile = profiles[Number(context.req.param("number")) - 1];
      if (profile === undefined) return problem(context, 404, `expected ${what} from 1 to ${profiles.length}`);
      const view = profileOf(profile, () => surface.now(), query);
      return typeof view === "string"
        ? problem(context, 422, view)
        : context.json({ name: surface.identity.name, ...view });
    };

  serve(
    app,
    operations.readProfile,
    withMeter(recordsOf(({ profiles }) => profiles, "has no load profile", "a profile")),
  );
  serve(
    app,
    operations.readMeasurementLog,
    withMeter(recordsOf(({ measurementLogs }) => measurementLogs, "has no measurement log", "a group")),
  );

  serve(
    app,
    operations.readMark,
    withMeter((context, surface, { query: { reader, series } }: { readonly query: Mark }) =>
      context.json({ reader, series, next: surface.mark(reader, series) }),
    ),
  );

  serve(
    app,
    operations.moveMark,
    withMeter((context, surface, { body: { reader, series, next } }: { readonly body: Mark & { next: number } }) => {
      return context.json({ reader, series, next: surface.mark(reader, series, next) });
    }),
  );

  serve(
    app,
    operations.readSelfReads,
    withMeter((context, surface, { query }: { readonly query: Page }) => {
      if (surface.selfReads === emptySeries) return lacking(context, surface, "keeps no self reads");
      const { first, most } = pageOf(query);
      return context.json({ name: surface.identity.name, selfReads: selfReadsOf(surface, first, most) });
    }),
  );

  serve(
    app,
    operations.readLog,
    withMeter((context, surface, { query }: { readonly query: Page }) => {
      if (surface.logs.length === 0) return lacking(context, surface, "keeps no logs");
      const kind = context.req.param("kind") ?? "";
      const { first, most } = pageOf(query);
      const log = logOf(surface, kind, first, most);
      if (log === undefined) return problem(context, 404, `there is no log ${kind}`);
      const { sides } = surface.extra() as { readonly sides?: SidesView };
      return context.json({ name: surface.identity.name, side: sides?.log, ...log });
    }),
  );

  // Of any shape: `obey` looks at it.
  serve(
    app,
    operations.command,
    withMeter((context, surface, { body }: { readonly body: unknown }) =>
      tellMeter(context, surface, body as MeterCommand),
    ),
  );
}
