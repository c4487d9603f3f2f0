/**
 * Front panels over HTTP, below /api/v1/meters/NAME:
 *
 * - `GET panel`: `{name, controls, picture}`: the controls that there are (panel/panel.ts) and what is seen (panel/picture.ts).
 * - `GET panel/live`: an event stream. Each message is `{picture}`, one at first and one whenever it is another; `event: beat` once a second
 *   says that the site lives. It ends when the meter is replaced or gone, or when whoever follows it may not any more: ask anew.
 * - `POST panel` with `{"press":"CONTROL"}` or `{"release":"CONTROL"}`: a button goes down or comes up, a flap opens or shuts by `press`. The
 *   answer is `{picture}`. A button comes up by itself after limits.panel.heldMs, so whoever holds one longer presses it again meanwhile.
 *
 * Looking takes what reading takes; a hand is an operator's of the site, or somebody near (access.ts). All see the same panel. 404: no such
 * meter, or none of its model has a panel that is known; 409: the control stands behind a flap that is shut; 422: no such control;
 * 429: faster than a hand.
 */
import type { Context, Hono } from "hono";
import type { Hand } from "#panel/panel.ts";
import type { Peer } from "#quantity/authority.ts";
import { limits } from "#quantity/limits.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import type { Touch } from "#web/api/panel-schemas.ts";
import { serve } from "#web/api/route.ts";
import { eventStream, type StreamSite } from "./event-stream.ts";
import { unknownMeter } from "./with-meter.ts";
import { peerOf } from "./peer.ts";
import { barredFrom } from "./reading.ts";
import type { SitePanel, SitePanels } from "./site-panels.ts";

/**
 * Whose hand it is: a user of the site's, or whoever is at an address. Whoever logs out and in again is another: what he left open is not
 * open any more.
 */
function handOf(context: Context): Hand {
  const { user, address, token = "" } = context.get("visitor");
  const peer: Peer = { ...peerOf(context), protocol: "panel", port: "panel" };
  return { id: user === undefined ? `at ${address ?? "the site"}` : `user ${user.name} ${token}`, peer };
}

export function addPanels(app: Hono, panels: SitePanels, streamed: StreamSite): void {
  const { site } = streamed;

  /** Runs for the panel of the path's meter. */
  const withPanel =
    <Asked>(run: (context: Context, panel: SitePanel, asked: Asked) => Response | Promise<Response>) =>
    (context: Context, asked: Asked): Response | Promise<Response> => {
      const name = context.req.param("name") ?? "";
      const surface = site.meter(name)?.surface;
      if (surface === undefined) return problem(context, 404, unknownMeter(site, name));
      const panel = panels.of(name);
      if (panel !== undefined) return run(context, panel, asked);
      return problem(context, 404, `${name} has no front panel that is known (${surface.identity.model})`);
    };

  serve(
    app,
    operations.readPanel,
    withPanel((context, panel) =>
      context.json({ name: panel.surface.identity.name, controls: panel.controls, picture: panel.picture() }),
    ),
  );

  serve(
    app,
    operations.touchPanel,
    withPanel((context, panel, { body }: { readonly body: Touch }) => {
      const { press, release = "" } = body;
      const touch = press === undefined ? { control: release, down: false } : { control: press, down: true };
      const hand = handOf(context);
      const names = panel.controls.map(({ name }) => name);
      if (!names.includes(touch.control))
        return problem(context, 422, `there is no such control; expected one of ${names.join(", ")}`);
      const shut = touch.down ? panel.shutBefore(touch.control) : undefined;
      if (!panel.touch(touch.control, touch.down ? hand : undefined, hand.id))
        return problem(context, 429, `more than ${limits.panel.touchesPerSecond} touches a second`, {
          headers: { "Retry-After": "1" },
        });
      if (shut === undefined) return context.json({ picture: panel.picture() });
      const why = `${touch.control} stands behind the ${shut.label}, which is shut: open that first (press ${shut.name})`;
      return problem(context, 409, why);
    }),
  );

  serve(
    app,
    operations.followPanel,
    withPanel((context, panel) => {
      const { surface } = panel;
      let last = "";
      return eventStream(context, surface, streamed, {
        isPrompt: true,
        look: () => {},
        follow: ({ changed, wake, end }) => [
          panel.follow(() => {
            changed();
            wake();
          }, end),
        ],
        view() {
          const picture = panel.picture();
          const text = JSON.stringify(picture);
          if (text === last) return undefined;
          last = text;
          return { picture };
        },
        beat: () => ({}),
        mayRead: (session) => barredFrom(surface, operations.followPanel.tells, session) === undefined,
      });
    }),
  );
}
