import type { Command } from "commander";
import { lookAtSite, storeFolderOf } from "#fleet/load-site.ts";
import type { MeterEntry } from "#fleet/site-schema.ts";
import { textOf } from "#fleet/notice.ts";
import type { Site } from "#fleet/site.ts";
import { urlOf } from "#web/listen.ts";
import { exposuresOf } from "./exposures.ts";
import { failureIn, unmadeIn } from "./failure.ts";
import { fromHere } from "./hints.ts";
import { pageNote, pagesOf } from "./page-urls.ts";
import { jsonOption } from "./print.ts";
import { asJson, below, note, say, shown, styled, table } from "./terminal.ts";

interface Options {
  readonly json?: true;
}

export function addCheck(program: Command): void {
  program
    .command("check")
    .description("check a site file and all that it names, and print what would run; opens and changes nothing")
    .argument("[site]", "the site file, YAML or JSON", "site.yaml")
    .option(...jsonOption)
    .addHelpText(
      "after",
      "\nWhat is wrong is said by line and key, with status 2. Whether ports are free, serial ports are there and the store may be\n" +
        "used shows when the site is started (npx polyphase up).\n\n" +
        "For example:\n  npx polyphase check my-site.yaml\n",
    )
    .action(check);
}

function check(file: string, { json }: Options): void {
  const site = looked(file);
  const plan = planIn(site, file);
  const shortcomings = plan.listeners.flatMap((one) => one.shortcomings);
  if (json) {
    const listeners = plan.listeners.map(({ what, meters }) => ({ what, meters }));
    say(asJson({ file, ...plan, pages: plan.pages.map(({ url }) => url), listeners }));
  } else {
    const lines = [
      ["store", plan.store],
      ...plan.pages.map((one) => ["page", `${one.url}${pageNote(one)}`]),
      ...plan.meters.map(({ name, model, source, wiring }) => [
        "meter",
        [name, model, source, ...(wiring === undefined ? [] : [wiring])].join(", "),
      ]),
      ...plan.suggestions.flatMap(({ name, suggestions: { values, room } }) => [
        ...values.map(({ key, words }) => ["suggested", `${name}, ${key}: ${words}`]),
        ...room.map(({ words }) => ["room", `${name}, ${words}`]),
      ]),
      ...plan.devices.map((name) => ["device", name]),
      ...plan.listeners.map(({ what, meters }) => ["listener", `${what} (${meters.join("; ")})`]),
    ];
    say(
      shown`${styled("bold", file)} is valid; it would run\n${below(
        table(lines)
          .split("\n")
          .map((line) => `  ${line}`),
      )}`,
    );
  }
  for (const notice of [...site.notices, ...shortcomings]) note(textOf(notice));
  for (const exposure of exposuresOf(file, site)) note(exposure);
}

function looked(file: string): Site {
  try {
    return lookAtSite(file);
  } catch (error) {
    throw unmadeIn(file, error, 2);
  }
}

function planIn(site: Site, file: string): ReturnType<typeof planOf> {
  try {
    return planOf(site, file);
  } catch (error) {
    throw failureIn(file, error, 2);
  }
}

function planOf(site: Site, name: string) {
  const { web, meters, devices } = site.file;
  const folder = storeFolderOf(site.file, name);
  return {
    store: folder === undefined ? ":memory:" : fromHere(folder),
    pages: pagesOf(site, web && urlOf(web.certificate === undefined ? "http" : "https", web.host, web.port)),
    meters: meters.map((entry) => ({
      name: entry.name,
      model: entry.model,
      source: sourceOf(entry),
      wiring: wiringOf(site, entry),
    })),
    suggestions: meters.map(({ name }) => ({
      name,
      suggestions: site.meter(name)?.surface.suggestions() ?? { values: [], room: [] },
    })),
    devices: devices.map(({ name }) => name),
    listeners: site.planned(),
  };
}

function sourceOf({ source }: MeterEntry): string {
  if (source.recording !== undefined) return `recording ${source.recording.file}`;
  if (source.sampledValues !== undefined) return `sampled values of ${source.sampledValues.svID}`;
  if (source.read !== undefined) return `read from ${source.read.url} every ${source.read.every}`;
  return source.live === undefined ? "synthetic" : "live readings";
}

/** How a meter is connected, where its product says it. */
function wiringOf(site: Site, { name }: MeterEntry): string | undefined {
  const wiring = site.meter(name)?.surface.extra()["wiring"];
  return typeof wiring === "string" ? wiring : undefined;
}
