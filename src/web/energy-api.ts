/** The HTTP API of what a meter counts and keeps over time: demand and tariffs, trends, bills, logs together, tables to take away. */
import { setImmediate } from "node:timers/promises";
import type { Context, Hono } from "hono";
import type { Site } from "#fleet/site.ts";
import type { BillPeriod } from "#quantity/bills-api.ts";
import { limits } from "#quantity/limits.ts";
import { logColumns, type LoggedRow } from "#quantity/log-table.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { TrendSeries } from "#quantity/trend-api.ts";
import { kindsIn } from "#web/api/energy-operations.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { billsOf } from "./bills.ts";
import { energyOf } from "./energy-view.ts";
import { searchLogs, type FoundEntries, type LogQuery } from "./log-search.ts";
import { lacking } from "./meter-api.ts";
import { withMeterOf } from "./with-meter.ts";
import { localTime, type ProfileQuery } from "./meter-view.ts";
import { refuse, sessionOf } from "./peer.ts";
import type { TableFiles } from "./table-file.ts";
import { inPieces, LOOKED, PIECE, profilePieces } from "./table-pieces.ts";
import { Trends, trendsOf } from "./trend.ts";

/** Others have their turn. */
const turn = (): Promise<void> => setImmediate();

interface LogsAsked {
  readonly kinds?: string | undefined;
  readonly text?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly older?: string | undefined;
  readonly most?: number | undefined;
}

interface TrendAsked {
  readonly series: TrendSeries;
  readonly number: number;
  readonly channel: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly most?: number | undefined;
}

interface BillsAsked {
  readonly by: BillPeriod;
  readonly profile?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function instantOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text).epochMilliseconds;
}

export function addEnergyApi(app: Hono, site: Site, tables: TableFiles): void {
  const withMeter = withMeterOf(site);
  const trends = new Trends(turn);

  serve(
    app,
    operations.readEnergy,
    withMeter((context, surface) => context.json(energyOf(surface))),
  );

  serve(
    app,
    operations.listTrends,
    withMeter((context, surface) => context.json(trendsOf(surface))),
  );

  serve(
    app,
    operations.readTrend,
    withMeter(async (context, surface, { query }: { readonly query: TrendAsked }) => {
      const [from, to] = [timeOf(query.from), timeOf(query.to)];
      if (Number.isNaN(from ?? 0) || Number.isNaN(to ?? 0))
        return problem(context, 422, "from, to: there is no such instant");
      const most = Math.min(query.most ?? limits.web.trendPoints, limits.web.trendPoints);
      const view = await trends.answer(surface, { ...query, from, to, most });
      if (view === undefined) return lacking(context, surface, `keeps no ${query.series} ${query.number}`);
      return typeof view === "string" ? problem(context, 422, view) : context.json(view);
    }),
  );

  serve(
    app,
    operations.readBills,
    withMeter(async (context, surface, { query }: { readonly query: BillsAsked }) => {
      if ([query.from, query.to].some((day) => day !== undefined && Number.isNaN(localTime(day))))
        return problem(context, 422, "from, to: there is no such day");
      const { profile = 1 } = query;
      const view = await billsOf(surface, { ...query, profile }, turn);
      if (view === undefined)
        return lacking(
          context,
          surface,
          query.by === "selfRead" ? "keeps no self reads" : `has no load profile ${profile}`,
        );
      return typeof view === "string" ? problem(context, 422, view) : context.json(view);
    }),
  );

  /** Entries of the logs that whoever asks may read; a problem where there is something wrong with the question. */
  const found = (
    context: Context,
    surface: MeterSurface,
    asked: LogsAsked,
    room: Pick<LogQuery, "most" | "looked">,
  ): FoundEntries | Response => {
    if (surface.logs.length === 0) return lacking(context, surface, "keeps no logs");
    const session = sessionOf(context, surface);
    const barred = new Map(surface.logs.map((kind) => [kind, surface.bars(`log ${kind}`, session)]));
    const [first] = barred.values();
    // Who may read none of them is told why.
    if (first !== undefined && [...barred.values()].every((one) => one !== undefined)) return refuse(context, first);
    const [from, to] = [asked.from, asked.to].map((text) => (text === undefined ? undefined : localTime(text)));
    if (Number.isNaN(from ?? 0) || Number.isNaN(to ?? 0))
      return problem(context, 422, "from, to: there is no such time");
    const { text, older } = asked;
    const query = { kinds: kindsIn(asked.kinds), text, from, to, older, ...room };
    const view = searchLogs(surface, query, (kind) => barred.get(kind) !== undefined);
    return typeof view === "string" ? problem(context, 422, view) : view;
  };

  serve(
    app,
    operations.searchLogs,
    withMeter((context, surface, { query }: { readonly query: LogsAsked }) => {
      const most = Math.min(query.most ?? limits.web.entries, limits.web.entries);
      const view = found(context, surface, query, { most });
      return view instanceof Response ? view : context.json(view);
    }),
  );

  const takeLogs = withMeter(async (context, surface, { query }: { readonly query: LogsAsked }) => {
    const rows: LoggedRow[] = [];
    let older: string | undefined;
    do {
      const view = found(context, surface, { ...query, older }, { most: PIECE, looked: LOOKED });
      if (view instanceof Response) return view;
      for (const { kind, ...entry } of view.entries) rows.push({ log: kind, ...entry });
      ({ older } = view);
      await turn();
    } while (older !== undefined);
    const { heads, right, rowOf } = logColumns(rows, kindsIn(query.kinds)?.length === 1);
    const pieces = inPieces(rows.toReversed(), rowOf);
    return tables.answer(context, `${surface.identity.name} logs`, { heads, right, pieces });
  });
  serve(app, operations.takeLogsAsCsv, takeLogs);
  serve(app, operations.takeLogsAsWorkbook, takeLogs);

  const takeProfile = withMeter((context, surface, { query }: { readonly query: ProfileQuery }) => {
    const number = Number(context.req.param("number"));
    const profile = surface.profiles[number - 1];
    if (profile === undefined) return lacking(context, surface, `has no load profile ${number}`);
    const table = profilePieces(surface, profile, query);
    if (typeof table === "string") return problem(context, 422, table);
    return tables.answer(context, `${surface.identity.name} profile ${number}`, table);
  });
  serve(app, operations.takeProfileAsCsv, takeProfile);
  serve(app, operations.takeProfileAsWorkbook, takeProfile);
}

/** NaN of what no calendar has. */
function timeOf(text: string | undefined): number | undefined {
  try {
    return instantOf(text);
  } catch {
    return NaN;
  }
}
