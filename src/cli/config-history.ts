/** What the configuration of a running meter has been, and how it is taken back. */
import type { Command } from "commander";
import { readConfigurationHistory, undoConfiguration } from "#headend/site-meter.ts";
import { changeLine } from "#product/key-changes.ts";
import { ask, PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { Failure } from "./failure.ts";
import { plain } from "./harmless.ts";
import { jsonOption } from "./print.ts";
import { atMeter, siteUrl } from "./site-meter.ts";
import { asJson, say } from "./terminal.ts";

interface Options extends Asking {
  readonly json?: true;
  readonly yes?: true;
  readonly entry?: string;
}

export function addHistory(config: Command): void {
  config
    .command("history")
    .description("print what was applied to a running meter, when and by whom, key by key")
    .argument(...siteUrl)
    .option(...jsonOption)
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText("after", PASSWORDS_HELP)
    .action(history);
  config
    .command("undo")
    .description("take back what was applied last, after saying what begins anew")
    .argument(...siteUrl)
    .option("--entry <number>", "an earlier one of its history, and all since")
    .option("--user <name>", "who takes it back", "admin")
    .option(...siteUser)
    .option("--yes", "without asking")
    .addHelpText(
      "after",
      `${PASSWORDS_HELP}\nFor example:\n  npx polyphase config history http://127.0.0.1:8080/#jem-1\n  npx polyphase config undo http://127.0.0.1:8080/#jem-1\n`,
    )
    .action(undo);
}

async function history(url: string, { json, ...asking }: Options): Promise<void> {
  const view = await atMeter(url, asking, readConfigurationHistory);
  if (json) return say(asJson(view));
  if (view.entries.length === 0) return say("nothing has been changed");
  for (const { number, at, by, port, changes, more = 0, undoes } of view.entries) {
    const where = port === undefined ? "" : `, ${port}`;
    const what = undoes === undefined ? "" : `, takes back ${undoes} and what came after it`;
    say(plain(`${number}  ${at}  ${by}${where}${what}`));
    for (const change of changes) say(plain(`   ${changeLine(change)}`));
    if (more > 0) say(`   and ${more} more`);
  }
}

async function undo(url: string, { yes, entry, ...asking }: Options): Promise<void> {
  if (entry !== undefined && !/^\d{1,9}$/.test(entry))
    throw new Failure(`--entry: expected the number of an entry (config history shows them); found ${plain(entry)}`, 2);
  const number = entry === undefined ? undefined : Number(entry);
  await atMeter(url, asking, async (at, pass) => {
    const { consequences, changes, tag } = await undoConfiguration(at, { entry: number, check: true, pass });
    for (const change of changes) say(plain(changeLine(change)));
    say(consequences.length === 0 ? "no measurement begins anew" : consequences.map(plain).join("\n"));
    if (
      yes === undefined &&
      !/^y(es)?$/i.test(await ask(`Take that back on ${url}? [y/N] `, "--yes does it without asking"))
    )
      throw new Failure("nothing has been taken back", 1);
    await undoConfiguration(at, { entry: number, check: false, tag, pass });
  });
  say("taken back");
}
