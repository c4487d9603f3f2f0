import type { Command } from "commander";
import { sendCommand } from "#headend/site-meter.ts";
import { readText } from "#io/file.ts";
import { commandHelp, parseCommand } from "./command-words.ts";
import { PASSWORDS_HELP, siteUser, type Asking } from "./credentials.ts";
import { orFail } from "./failure.ts";
import { jsonOption } from "./print.ts";
import { atMeter, siteUrl } from "./site-meter.ts";
import { plain } from "./harmless.ts";
import { asJson, say } from "./terminal.ts";

interface Options extends Asking {
  readonly json?: true;
}

export function addCommand(program: Command): void {
  program
    .command("command")
    .description("tell a meter of a running site to do something, or let something happen to it")
    .argument(...siteUrl)
    .argument("<name>", "what to do; see below")
    .argument("[arguments...]", "key=value, as the command has them")
    .option("--user <name>", "who commands; what only hardware senses needs nobody on the site's own machine")
    .option(...siteUser)
    .option(...jsonOption)
    .addHelpText(
      "after",
      "\nA meter refuses what it does not have, and what the user may not do: status 1 and the reason.\n\n" +
        "For example:\n" +
        "  npx polyphase command http://127.0.0.1:8080/api/meters/substation-7 freeze --user admin\n" +
        "  npx polyphase command http://127.0.0.1:8080/api/meters/substation-7 preset register=2 value=1000 --user admin\n" +
        "  npx polyphase command http://127.0.0.1:8080/api/meters/substation-7 input channel=4 closed=true\n\n" +
        `Commands:\n${commandHelp()}\n` +
        PASSWORDS_HELP,
    )
    .action(async (url: string, name: string, rest: readonly string[], options: Options) => {
      const command = parseCommand(name, rest, (file) => orFail(2, () => readText(file)));
      const answer = await atMeter(url, options, (at, pass) => sendCommand(at, command, pass));
      if (options.json) say(asJson({ url, command: name, ...answer }));
      else say([...(answer.consequences ?? []), "done"].map(plain).join("\n"));
    });
}
