/** The site changed over HTTP: meters that come, change and go, and scans for those that are there. */
import type { Context, Hono } from "hono";
import { additions, meterJsonSchema } from "#fleet/additions.ts";
import type { SiteEdit } from "#fleet/site-text.ts";
import { meterUrlForms } from "#headend/meter-url.ts";
import { UrlError } from "#headend/place.ts";
import { siteUrlForm } from "#headend/site-url.ts";
import type { AdditionsView, SiteEditView } from "#quantity/site-edit-view.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { unknownMeter } from "./with-meter.ts";
import { eventStream, type StreamSite } from "./event-stream.ts";
import { ScanDesk } from "./scan-job.ts";
import { SiteSurface } from "./site-surface.ts";

export function addEditing(app: Hono, streamed: StreamSite): void {
  const { site } = streamed;
  const { editor } = site;
  let schema: AdditionsView["schema"] | undefined;

  serve(app, operations.listAdditions, (context) => {
    try {
      schema ??= meterJsonSchema();
      const urls = [...meterUrlForms, siteUrlForm];
      return context.json({ ...additions, urls, ...editor.look(), schema } satisfies AdditionsView);
    } catch (error) {
      return problem(context, 409, error instanceof Error ? error.message : String(error));
    }
  });

  const edit = async (context: Context, change: SiteEdit, check: boolean): Promise<Response> => {
    const wanted = context.req.header("If-Match")?.trim();
    const tag = wanted === undefined || wanted === "*" ? undefined : wanted;
    const outcome = await editor.ask({ edit: change, tag, check });
    if (outcome.kind === "stale") return problem(context, 412, outcome.words);
    if (outcome.kind === "barred") return problem(context, 409, outcome.words);
    if (outcome.kind === "wrong")
      return problem(context, 422, outcome.problems.join("; "), { problems: outcome.problems });
    const { kind: _kind, ...told } = outcome;
    context.header("ETag", outcome.tag);
    return context.json({ ok: true, checked: check, ...told } satisfies SiteEditView);
  };

  serve(app, operations.addMeter, (context, { query, body }) =>
    edit(context, { add: body }, query.check !== undefined),
  );
  serve(app, operations.changeMeter, (context, { query, body }) => {
    const name = context.req.param("name") ?? "";
    if (site.meter(name) === undefined) return problem(context, 404, unknownMeter(site, name));
    return edit(context, { change: name, to: body }, query.check !== undefined);
  });
  serve(app, operations.removeMeter, (context, { query }) => {
    const name = context.req.param("name") ?? "";
    if (site.meter(name) === undefined) return problem(context, 404, unknownMeter(site, name));
    return edit(context, { remove: name }, query.check !== undefined);
  });

  const scans = new ScanDesk();
  const place = new SiteSurface(() => site.utc);
  serve(app, operations.readScan, (context) => context.json(scans.view));
  serve(app, operations.followScan, (context) => {
    let last: unknown;
    return eventStream(context, place, streamed, {
      isPrompt: true,
      look: () => {},
      follow: ({ changed, wake }) => [
        scans.on(() => {
          changed();
          wake();
        }),
      ],
      view() {
        const { view } = scans;
        if (view === last) return undefined;
        last = view;
        return view;
      },
      beat: () => ({ utc: site.utc, trouble: site.trouble, behind: site.behind }),
      mayRead: () => true,
    });
  });
  serve(app, operations.startScan, (context, { body }) => {
    if (scans.isBusy)
      return problem(context, 409, `${scans.view.url} is being scanned; one scan at a time: wait, or end that one`);
    try {
      scans.begin(body);
    } catch (error) {
      if (error instanceof UrlError) return problem(context, 422, error.message);
      throw error;
    }
    return context.json(scans.view);
  });
  serve(app, operations.stopScan, (context) => {
    scans.end();
    return context.json({ ok: true });
  });
}
