/**
 * The files of a meter for a browser where reading takes a user of the meter: the name and password that it asks for (RFC 7617) stand for a
 * session, which is the same one as long as it lasts.
 */
import { createHash } from "node:crypto";
import type { Context, Hono, MiddlewareHandler } from "hono";
import { auth } from "hono/utils/basic-auth";
import type { Site } from "#fleet/site.ts";
import { isRefused } from "#quantity/authority.ts";
import { limits } from "#quantity/limits.ts";
import { problem } from "#web/api/problem.ts";
import { ASKS, peerOf } from "./peer.ts";

/** What came, as it is remembered: not itself. */
function markOf(context: Context, name: string): string {
  const { address = "" } = context.get("visitor");
  const said = JSON.stringify([name, address, context.req.header("Authorization")]);
  return createHash("sha256").update(said).digest("base64");
}

/** `rationed` comes before passwords are looked at. */
export function addBasicLogIn(app: Hono, site: Site, rationed: MiddlewareHandler): void {
  /** Tokens of the meters' sessions; the oldest goes first. */
  const tokens = new Map<string, string>();

  app.use("/meters/:name/*", async (context, next) => {
    const given = auth(context.req.raw);
    const name = context.req.param("name") ?? "";
    const surface = site.meter(name)?.surface;
    if (given === undefined || surface === undefined) return next();
    const mark = markOf(context, name);
    const known = tokens.get(mark);
    if (known !== undefined && surface.resume(known, peerOf(context)) !== undefined) {
      context.set("meterToken", known);
      return next();
    }
    let refusal: Response | undefined;
    const waits = await rationed(context, async () => {
      const proof = { kind: "password", user: given.username, password: given.password } as const;
      const admitted = await surface.admit(proof, peerOf(context));
      if (isRefused(admitted))
        refusal = problem(context, 401, admitted.words.join("; "), { headers: { "WWW-Authenticate": ASKS } });
      else if (admitted.token !== undefined) {
        tokens.set(mark, admitted.token);
        const [oldest] = tokens.keys();
        if (tokens.size > limits.web.browsers && oldest !== undefined) tokens.delete(oldest);
        context.set("meterToken", admitted.token);
        await next();
      }
      if (refusal !== undefined) context.res = refusal;
    });
    return waits ?? undefined;
  });
}
