/** Logging in to a meter and out again, and who somebody is there. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import type { Site } from "#fleet/site.ts";
import { checkPassword } from "#io/password.ts";
import { isRefused, type Peer, type Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { forgetEnded, forgetToken, keepToken, keptToken } from "./meter-cookie.ts";
import { meterVisitorOf } from "./meter-visitor.ts";
import { callerOf, peerOf, sessionOf } from "./peer.ts";
import { unknownMeter, withMeterOf } from "./with-meter.ts";

/** `rationed` comes before log-ins. */
export function addMeterSessionApi(app: Hono, site: Site, rationed: MiddlewareHandler): void {
  const withMeter = withMeterOf(site);

  /** A browser keeps one session with a meter: the one that it had before ends. */
  const begun = (context: Context, surface: MeterSurface, { token }: Session): Response => {
    if (token === undefined) return context.json({});
    const { name } = surface.identity;
    const peer: Peer = { ...peerOf(context), unattended: true };
    const before = keptToken(context, name);
    const left = before === undefined ? undefined : surface.resume(before, peer);
    if (left !== undefined) surface.leave(left);
    forgetEnded(context, (meter, kept) => site.meter(meter)?.surface.resume(kept, peer) !== undefined);
    keepToken(context, name, token);
    return context.json({ token });
  };

  serve(
    app,
    operations.logInToMeter,
    async (context, { body: { user, password } }) => {
      const name = context.req.param("name") ?? "";
      const surface = site.meter(name)?.surface;
      const admitted = await surface?.admit({ kind: "password", user, password }, peerOf(context));
      if (surface !== undefined && admitted !== undefined && !isRefused(admitted))
        return begun(context, surface, admitted);
      const refused = isRefused(admitted) ? admitted : undefined;
      if (context.get("visitor").role === undefined) {
        // Strangers learn neither which meters there are nor what became of users and passwords, by words or by time.
        const isWorked = refused?.refused === "session";
        if (!isWorked && (await checkPassword(password, undefined, callerOf(context))) === undefined)
          return problem(context, 503, "too many log in at once; try again");
        return problem(context, 401, "wrong user or password");
      }
      if (refused === undefined) return problem(context, 404, unknownMeter(site, name));
      return problem(context, 401, refused.words.join("; "));
    },
    [rationed],
  );

  serve(
    app,
    operations.whoAmIToMeter,
    withMeter((context, surface) => context.json(meterVisitorOf(surface, sessionOf(context, surface)))),
  );

  serve(
    app,
    operations.logOutOfMeter,
    withMeter((context, surface) => {
      surface.leave(sessionOf(context, surface));
      forgetToken(context, surface.identity.name);
      return context.json({ ok: true });
    }),
  );
}
