/** What to try next at a site that runs: commands that work with its first meter, as a person would type them. */
import path from "node:path";
import { productOf, products } from "#fleet/products.ts";
import type { Site } from "#fleet/site.ts";
import { parseMeterUrl, sourceOf } from "#headend/meter-url.ts";
import { folderOf, resolvePath } from "#io/file.ts";
import { modelNamed } from "#model/catalogue.ts";
import type { MeterModel } from "#model/model.ts";
import { configuredModels, FACTORY } from "./configured.ts";
import { takesLogIn } from "./page-urls.ts";

/** A word of a command as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A path as seen from here, where it lies below. */
export function fromHere(file: string): string {
  const relative = path.relative("", file);
  return relative.startsWith("..") ? file : relative;
}

/** Whether `read` knows the model and the protocol. */
function isRead(model: string, url: string): boolean {
  try {
    parseMeterUrl(url);
    return sourceOf(url) !== undefined || modelNamed(model) !== undefined || configuredModels.includes(model);
  } catch {
    return false;
  }
}

/** What reads a meter over a protocol. */
function readHint(site: Site, file: string, { meter, url }: { readonly meter: string; readonly url: string }): string {
  // What tells itself what it has needs no more than its URL.
  if (sourceOf(url) !== undefined) return ["npx", "polyphase", "read", url].map(quoted).join(" ");
  const entry = site.file.meters.find(({ name }) => name === meter);
  const { model = "", configuration, modelNumber } = entry ?? {};
  const words = ["npx", "polyphase", "read", url, "--model", model];
  if (configuration !== undefined) words.push("--configuration", fromHere(resolvePath(folderOf(file), configuration)));
  else if (configuredModels.includes(model)) words.push("--configuration", FACTORY);
  const usual = productOf(model, products)?.configurations?.usualOrder;
  if (usual !== undefined && modelNumber !== undefined && modelNumber !== usual)
    words.push("--model-number", modelNumber);
  return words.map(quoted).join(" ");
}

/** What mbpoll is to read of a model: its first few values that need no scale, or plain registers. */
function pollOf(model: MeterModel | undefined): string {
  // What a setting has to switch on first is no first value to ask for.
  const blocks = model?.modbus.map.blocks.filter((block) => block.when === undefined) ?? [];
  const rows = blocks.flatMap((block) => block.rows);
  // mbpoll has 3 for input registers, 4 for holding registers.
  const table = blocks[0]?.table === "input" ? "3" : "4";
  const float = rows.find(
    ([, , , format, unit, , is]) => format === "Float" && unit.startsWith("Volt") && typeof is === "string",
  );
  if (float !== undefined) return `-r ${float[0] + 1 - (model?.modbus.map.base ?? 1)} -c 3 -t ${table}:float -B`;
  const [first] = rows;
  return first === undefined ? "-r 1 -c 10" : `-r ${first[0] + 1 - (model?.modbus.map.base ?? 1)} -c 4 -t ${table}`;
}

/** What asks a meter of a site over HTTP: as a user of the site, where somebody has to log in. */
function pageHints(site: Site, name: string, page: string): readonly string[] {
  const http = `${page}api/meters/${name}`;
  const { web } = site.file;
  const logsIn = web !== undefined && takesLogIn(page, web);
  const who = logsIn ? ` --site-user ${site.users.all[0]?.name ?? "NAME"}` : "";
  // A certificate that no known authority signed has to be named.
  const trusting =
    web?.certificate === undefined
      ? ""
      : `NODE_EXTRA_CA_CERTS=${quoted(fromHere(resolvePath(site.folder, web.certificate)))} `;
  const lines = [`${trusting}npx polyphase read ${http}${who}`];
  if ((site.meter(name)?.surface.profiles.length ?? 0) > 0)
    lines.push(`${trusting}npx polyphase profile ${http}${who}`);
  // A session is begun first: more than a line.
  return logsIn ? lines : [...lines, `curl ${http}`];
}

/**
 * Commands for the first meter that `read` knows over a protocol, else for the first one; then for what has no model. `page` is
 * where the site's HTTP side is asked for.
 */
export function hintsOf(file: string, site: Site, page: string | undefined): readonly string[] {
  const urls = site.listeners.flatMap((listener) => listener.urls);
  const modelOf = (meter: string): string | undefined => site.meter(meter)?.surface.identity.model;
  const spoken = urls.find(({ meter, url }) => isRead(modelOf(meter) ?? "", url));
  const device = urls.find(({ meter }) => modelOf(meter) === undefined);
  const name = spoken?.meter ?? site.meters[0]?.surface.identity.name;
  const lines = spoken === undefined ? [] : [readHint(site, file, spoken)];
  const polled = spoken ?? (name === undefined ? device : undefined);
  const tcp = /^modbus:\/\/([^/]+):(\d+)\/(\d+)$/.exec(polled?.url ?? "");
  if (polled !== undefined && tcp !== null)
    lines.push(
      `mbpoll -m tcp -p ${tcp[2]} -a ${tcp[3]} ${pollOf(modelNamed(modelOf(polled.meter) ?? ""))} -1 ${tcp[1]}`,
    );
  if (page === undefined || name === undefined) return lines;
  return [...lines, ...pageHints(site, name, page)];
}
