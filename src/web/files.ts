/**
 * The files of meters: as pages of a browser and for programs that fetch them, below /meters/NAME/pqdif/, and as JSON. /pqdif/ leads to the
 * one meter that has files, as the manual's address does; of several it lists them.
 */
import type { Context, Hono } from "hono";
import type { Site } from "#fleet/site.ts";
import { fileTag } from "#io/file-tag.ts";
import { isRefused } from "#quantity/authority.ts";
import { FormatError } from "#format/recording.ts";
import type { FilesView } from "#quantity/meter-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { serve } from "#web/api/route.ts";
import { rangeOf } from "./byte-range.ts";
import { FILE_TYPE, httpDate, indexPage, isKnown, rowsIn } from "./file-index.ts";
import { unknownMeter } from "./with-meter.ts";
import { fileContentOf } from "./file-content.ts";
import { fileViewOf, keepsFiles } from "./meter-view.ts";
import { refuse, sessionOf } from "./peer.ts";

type Run = (context: Context, surface: MeterSurface) => Response | Promise<Response>;

export function filesViewOf({ identity, files }: MeterSurface): FilesView {
  const list = files.list().map(fileViewOf);
  return { name: identity.name, folders: files.folders, files: list };
}

export function addFiles(app: Hono, site: Site): void {
  const withFiles =
    (run: Run) =>
    (context: Context): Response | Promise<Response> => {
      const name = context.req.param("name") ?? "";
      const surface = site.meter(name)?.surface;
      if (surface === undefined) return problem(context, 404, unknownMeter(site, name));
      return keepsFiles(surface) ? run(context, surface) : problem(context, 404, `${name} keeps no files`);
    };
  const base = "/meters/:name/pqdif";

  const shelves = (context: Context): Response | Promise<Response> => {
    const names = site.meters.flatMap(({ surface }) => (keepsFiles(surface) ? [surface.identity.name] : []));
    const [only] = names;
    if (only === undefined) return problem(context, 404, "no meter of this site keeps files");
    if (names.length === 1) return context.redirect(`/meters/${encodeURIComponent(only)}/pqdif/`);
    const rows = names.map((name) => ({ name: `../meters/${name}/pqdif/` }));
    return context.html(indexPage({ of: "/pqdif/", title: "meters that keep files", parent: "/" }, rows));
  };
  app.get("/pqdif", (context) => context.redirect("/pqdif/"));
  app.get("/pqdif/", shelves);

  app.get(
    base,
    withFiles((context, { identity }) => context.redirect(`/meters/${encodeURIComponent(identity.name)}/pqdif/`)),
  );
  app.get(
    `${base}/`,
    withFiles((context, surface) => context.html(pageOf(surface, ""))),
  );
  app.get(
    `${base}/:folder/`,
    withFiles((context, surface) => {
      const folder = context.req.param("folder") ?? "";
      if (!surface.files.folders.includes(folder)) return nothing(context, surface, `${folder}/`);
      return context.html(pageOf(surface, folder));
    }),
  );
  serve(app, operations.fetchFile, withFiles(give));
  serve(app, operations.fetchFileOfFolder, withFiles(give));
  serve(app, operations.removeFile, withFiles(remove));
  serve(app, operations.removeFileOfFolder, withFiles(remove));
  serve(
    app,
    operations.listFiles,
    withFiles((context, surface) => context.json(filesViewOf(surface))),
  );
  serve(app, operations.readFileContent, withFiles(show));
}

function pageOf({ files, identity }: MeterSurface, folder: string): ReturnType<typeof indexPage> {
  const rows = rowsIn(folder, { folders: files.folders, files: files.list() });
  const title = `${identity.name}, ${identity.title}`;
  // Above the shelf is the meter, on the site's page.
  if (folder === "") return indexPage({ of: "/pqdif/", title, parent: `/#${encodeURIComponent(identity.name)}` }, rows);
  return indexPage({ of: `/pqdif/${folder}/`, title, parent: "../" }, rows);
}

function nameIn(context: Context): string {
  const { folder, file = "" } = context.req.param() as { readonly folder?: string; readonly file?: string };
  return folder === undefined ? file : `${folder}/${file}`;
}

function nothing(context: Context, { identity }: MeterSurface, name: string): Response {
  return problem(context, 404, `${identity.name} has no file ${name.slice(0, 100)}`);
}

/** Files never change: one of another content has another name, or is no more. */
function give(context: Context, surface: MeterSurface): Response {
  const name = nameIn(context);
  const { files } = surface;
  if (files.folders.includes(name))
    return context.redirect(`/meters/${encodeURIComponent(surface.identity.name)}/pqdif/${name}/`);
  // What is not in the list is not read, whatever its name leads to.
  const file = files.list().find((one) => one.name === name);
  const bytes = file && files.read(name);
  if (file === undefined || bytes === undefined) return nothing(context, surface, name);
  const tag = fileTag(bytes);
  const { req } = context;
  const headers: Record<string, string> = {
    "Content-Type": FILE_TYPE,
    "Content-Disposition": `attachment; filename="${name.slice(name.lastIndexOf("/") + 1)}"`,
    "Last-Modified": httpDate(file.at.utc),
    ETag: tag,
    "Accept-Ranges": "bytes",
  };
  const asked = { noneMatch: req.header("If-None-Match"), modifiedSince: req.header("If-Modified-Since") };
  if (isKnown(asked, { tag, utc: file.at.utc })) return context.body(null, 304, headers);
  const isSame = [undefined, tag].includes(req.header("If-Range"));
  const range = isSame ? rangeOf(req.header("Range"), bytes.length) : undefined;
  if (range === "none") return context.body(null, 416, { ...headers, "Content-Range": `bytes */${bytes.length}` });
  const { from, to } = range ?? { from: 0, to: bytes.length };
  const part = Uint8Array.from(bytes.subarray(from, to));
  headers["Content-Length"] = String(part.length);
  if (range === undefined) return context.body(part, 200, headers);
  return context.body(part, 206, { ...headers, "Content-Range": `bytes ${from}-${to - 1}/${bytes.length}` });
}

async function show(context: Context, surface: MeterSurface): Promise<Response> {
  const name = nameIn(context);
  const bytes = listed(surface, name);
  if (bytes === undefined) return nothing(context, surface, name);
  try {
    return context.json(await fileContentOf(name, bytes));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return problem(context, 422, `${name}: ${error.message}`);
  }
}

/** What is not in the list is not read, whatever its name leads to. */
function listed({ files }: MeterSurface, name: string): Uint8Array | undefined {
  return files.list().some((one) => one.name === name) ? files.read(name) : undefined;
}

async function remove(context: Context, surface: MeterSurface): Promise<Response> {
  const name = nameIn(context);
  const session = sessionOf(context, surface);
  const command = { command: "removeFile", name } as const;
  const busy = await surface.prepare(command, session);
  if (busy !== undefined) return refuse(context, busy);
  const outcome = surface.obey(command, session);
  return isRefused(outcome) ? refuse(context, outcome) : context.json({ ok: true });
}
