/** GET /api/v1/overview: the meters of the site, searched, sorted and page by page. */
import type { Hono } from "hono";
import type { Site } from "#fleet/site.ts";
import { limits } from "#quantity/limits.ts";
import { operations } from "./api/operations.ts";
import { serve } from "./api/route.ts";
import { Overview } from "./overview.ts";
import { sessionOf } from "./peer.ts";
import { barredFrom } from "./reading.ts";

export function addOverview(app: Hono, site: Site): void {
  const overview = new Overview(site);
  serve(app, operations.overview, (context, { query }) => {
    const { search = "", state, order = "file", descending, from = 0, most = limits.web.overview } = query;
    const asked = { search, state, order, descending: descending === "true", from };
    return context.json(
      overview.answer(
        { ...asked, most: Math.min(most, limits.web.overview) },
        (surface) =>
          barredFrom(surface, operations.overview.tells, sessionOf(context, surface, "itself")) === undefined,
      ),
    );
  });
}
