import type { Command } from "commander";
import { browseMeter, typeText, type Browsed, type BrowsedAttribute } from "#headend/mms-browse.ts";
import { withMeter } from "#headend/mms-meter.ts";
import { dataJson, dataText } from "#headend/mms-values.ts";
import { listControls, type ListedControl } from "#headend/mms-watch.ts";
import { Failure } from "./failure.ts";
import { MMS_HELP, mmsAsked, overMms, timeoutOption } from "./mms-asked.ts";
import { csvOption, jsonOption, print, type PrintOptions } from "./print.ts";
import { below, progress, progressDone, say, styled, table, write } from "./terminal.ts";

interface Options extends PrintOptions {
  readonly values: boolean;
  readonly timeout: string;
}

export function addBrowse(program: Command): void {
  program
    .command("browse")
    .description("show what a server of IEC 61850 has: its model with types and values, its data sets and reports")
    .argument("<url>", "mms://host:port/IED or mms+tls://host:port/IED?certificate=FILE&key=FILE&authority=FILE")
    .argument("[parts...]", "only these: MMXU1, MMXU1.TotW, JEM01MTR/MMXU1.TotW.mag.f, LLN0.urcb01")
    .option("--no-values", "types only, and no values")
    .option(...timeoutOption)
    .option(...csvOption)
    .option(...jsonOption)
    .addHelpText(
      "after",
      "\nFor example:\n" +
        "  npx polyphase browse mms://127.0.0.1:1102\n" +
        "  npx polyphase browse mms://127.0.0.1:1102/JEM01 MMXU1 MMTR1.SupWh\n" +
        "  npx polyphase browse mms://192.0.2.7 --csv --no-values > model.csv\n\n" +
        MMS_HELP,
    )
    .action(browse);
}

async function browse(text: string, words: readonly string[], options: Options): Promise<void> {
  const { url, settings } = mmsAsked(text, options);
  const { browsed, controls } = await overMms(() =>
    withMeter(url, settings, async (client) => {
      const asked = {
        words,
        values: options.values,
        progress: (done: number, of: number) => progress(`browsing ${text}: ${done} of ${of} logical nodes`),
      };
      const found = await browseMeter(client, url, asked);
      return { browsed: found, controls: words.length === 0 ? await listControls(client, url) : [] };
    }),
  ).finally(progressDone);
  if (browsed.attributes.length === 0 && browsed.dataSets.length === 0)
    throw new Failure(`nothing was found: ${text} has no logical devices`, 1);
  if (options.json || options.csv)
    return print(options, { document: documentOf(browsed, controls), rows: rowsOf(browsed), right: [] });
  await printed(browsed, controls);
}

function rowsOf({ attributes }: Browsed): readonly (readonly string[])[] {
  return [["reference", "fc", "type", "value"], ...attributes.map((one) => [textOf(one), ...beside(one)])];
}

/** "JEM01MTR/MMXU1.TotW.mag.f". */
function textOf({ reference: { domain, node, path } }: BrowsedAttribute): string {
  return [
    `${domain}/${node}`,
    ...path.map(({ name, index }) => (index === undefined ? name : `${name}(${index})`)),
  ].join(".");
}

function beside({ reference, type, value }: BrowsedAttribute): string[] {
  return [reference.fc ?? "", typeText(type), value === undefined ? "" : dataText(value, reference.path.at(-1)?.name)];
}

function documentOf({ attributes, dataSets }: Browsed, controls: readonly ListedControl[]): object {
  return {
    attributes: attributes.map((one) => ({
      reference: textOf(one),
      fc: one.reference.fc,
      type: typeText(one.type),
      ...(one.value === undefined ? {} : { value: dataJson(one.value, one.reference.path.at(-1)?.name) }),
    })),
    dataSets,
    reports: controls,
  };
}

/** Logical node by logical node. */
async function printed({ attributes, dataSets }: Browsed, controls: readonly ListedControl[]): Promise<void> {
  const nodes = Map.groupBy(attributes, ({ reference }) => `${reference.domain}/${reference.node}`);
  for (const [node, own] of nodes) {
    const rows = own.map((one) => [`  ${textOf(one).slice(node.length + 1) || node}`, ...beside(one)]);
    await write(below([styled("bold", node), table(rows), "", ""]));
  }
  if (dataSets.length > 0) {
    say(styled("bold", "Data sets"));
    for (const { name, members } of dataSets) say(below([`  ${name}`, ...members.map((member) => `    ${member}`)]));
    say("");
  }
  if (controls.length === 0) return;
  say(styled("bold", "Reports"));
  say(
    table(
      controls.map((one) => [
        `  ${one.name}`,
        one.buffered ? "buffered" : "unbuffered",
        one.enabled === true ? "enabled" : "free",
        one.dataSet,
      ]),
    ),
  );
}
