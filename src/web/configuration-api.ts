/** The HTTP API of configurations: read, described, applied, taken back, and who has an editor open; and of firmware and options. */
import type { Context, Hono } from "hono";
import type { Site } from "#fleet/site.ts";
import { isRefused, type MeterCommand } from "#quantity/authority.ts";
import type { ConfigurationEntry } from "#quantity/configuration-history.ts";
import type { ConfigurationEntryView, ConfigurationHistoryView, EditorsView } from "#quantity/configuration-view.ts";
import { limits } from "#quantity/limits.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { configurationTag, isForThis, isWanted } from "./configuration-tag.ts";
import { Editors, type Editing, type Now } from "./editors.ts";
import { localText, timeOf, utcText } from "./meter-view.ts";
import { callerOf, refuse, sessionOf } from "./peer.ts";
import { withMeterOf } from "./with-meter.ts";

/** Hands a command to the meter, once what takes its time is done; one of its configuration only where that is the one that was read. */
export async function tellMeter(
  context: Context,
  surface: MeterSurface,
  command: MeterCommand,
  isOfConfiguration = false,
): Promise<Response> {
  const session = sessionOf(context, surface);
  const busy = await surface.prepare(command, session);
  if (busy !== undefined) return refuse(context, busy);
  const configures = command.command === "configure" || command.command === "undoConfiguration";
  // Nothing comes in between: what is obeyed is told of the configuration that is looked at here.
  if (isOfConfiguration && !isForThis(context, surface)) return changedSince(context, surface);
  const outcome = surface.obey(command, session);
  if (isRefused(outcome)) return refuse(context, outcome);
  if (!configures) {
    const { consequences } = outcome;
    return context.json(consequences.length === 0 ? { ok: true } : { ok: true, consequences });
  }
  context.header("ETag", configurationTag(surface));
  const { consequences, changes, more, suggestions } = outcome;
  return context.json({ ok: true, consequences, changes, more, suggestions });
}

/** Another configuration counts than the one that was read; what has become another is told whoever may read it. */
function changedSince(context: Context, surface: MeterSurface): Response {
  const mayRead = surface.bars("configuration", sessionOf(context, surface)) === undefined;
  const told = mayRead ? surface.configurationChanges((one) => isWanted(context, one)) : undefined;
  const headers = { ETag: configurationTag(surface) };
  return problem(context, 412, "its configuration has been changed since it was read: read it again", {
    ...told,
    headers,
  });
}

function entryView({ at, number, by, port, protocol, peer, ...rest }: ConfigurationEntry): ConfigurationEntryView {
  const { changes, more, consequences, undoes } = rest;
  return { number, ...timeOf(at), at: localText(at), by, port, protocol, peer, changes, more, consequences, undoes };
}

function historyView(
  { identity, configurationHistory }: MeterSurface,
  { from = 0, most = limits.web.entries }: { readonly from?: number | undefined; readonly most?: number | undefined },
): ConfigurationHistoryView {
  const { first, next } = configurationHistory;
  const entries = configurationHistory.page(from, Math.min(most, limits.web.entries)).map(entryView);
  return { name: identity.name, first, next, entries };
}

export function addConfigurationApi(app: Hono, site: Site): void {
  const withMeter = withMeterOf(site);
  const editors = new Editors();

  serve(
    app,
    operations.readConfiguration,
    withMeter((context, surface) => context.json(surface.configuration(), 200, { ETag: configurationTag(surface) })),
  );

  serve(
    app,
    operations.describeConfiguration,
    withMeter((context, surface) => context.json(surface.configurationSchema())),
  );

  serve(
    app,
    operations.configure,
    withMeter(
      (
        context,
        surface,
        { query, body }: { readonly query: { check?: string | undefined }; readonly body: unknown },
      ) => {
        const check = query.check !== undefined;
        // A text is a configuration as files have it: YAML, or SCL.
        const configuration = typeof body === "string" ? body : JSON.stringify(body);
        return tellMeter(context, surface, { command: "configure", configuration, check }, true);
      },
    ),
  );

  serve(
    app,
    operations.readConfigurationHistory,
    withMeter((context, surface, { query }) => context.json(historyView(surface, query))),
  );

  serve(
    app,
    operations.undoConfiguration,
    withMeter((context, surface, { query, body: { entry } }) => {
      const check = query.check !== undefined;
      return tellMeter(context, surface, { command: "undoConfiguration", entry, check }, true);
    }),
  );

  serve(
    app,
    operations.readFirmware,
    withMeter((context, surface) => context.json({ name: surface.identity.name, ...surface.firmware() })),
  );

  serve(
    app,
    operations.uploadFirmware,
    withMeter((context, surface, { query, body: { image, reboot } }) => {
      const check = query.check !== undefined;
      return tellMeter(context, surface, { command: "uploadFirmware", image, reboot, check });
    }),
  );

  serve(
    app,
    operations.enableOption,
    withMeter((context, surface, { query, body: { key } }) =>
      tellMeter(context, surface, { command: "optionKey", key, check: query.check !== undefined }),
    ),
  );

  serve(
    app,
    operations.reboot,
    withMeter((context, surface) => tellMeter(context, surface, { command: "reboot" })),
  );

  const now = (): Now => ({ utc: site.real.utc(), elapsed: site.real.elapsed() });
  const view = ({ identity: { name } }: MeterSurface, you?: { who: string; word: string }): EditorsView => ({
    name,
    editors: editors.of(name, now(), you).map(({ user, meterUser, near, since, you: isYou }) => ({
      user,
      meterUser,
      near,
      since: utcText(since),
      you: isYou,
    })),
  });

  serve(
    app,
    operations.listEditors,
    withMeter((context, surface) => context.json(view(surface))),
  );

  serve(
    app,
    operations.openEditor,
    withMeter((context, surface, { body: { editor: word, open } }) => {
      const editing = editingOf(context, surface);
      editors.say(surface.identity.name, word, { ...editing, open }, now());
      return context.json(view(surface, { who: editing.who, word }));
    }),
  );
}

/** Who has an editor open. */
function editingOf(context: Context, surface: MeterSurface): Editing {
  const { user, near } = context.get("visitor");
  const { near: isNear, place } = callerOf(context);
  const { user: meterUser } = sessionOf(context, surface);
  const who = user === undefined ? `${isNear ? "near" : "far"} ${place}` : `user ${user.name}`;
  return { who, user: user?.name ?? null, meterUser, near };
}
