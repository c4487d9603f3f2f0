/** The command with the verbs that its words ask for, and how it ends. */
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { readText } from "#io/file.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { Failure } from "./failure.ts";
import { complain, OutputLost, watchOutput } from "./terminal.ts";
import { verbs } from "./verbs.ts";

/** What tells of all verbs. */
const tellsOfAll = ["completion", "help"];

const versionFlags = ["-V", "--version"];

/** "polyphase 0.1.0, Node v26.10.0". */
function version(): string {
  const manifest: unknown = JSON.parse(readText(fileURLToPath(new URL("../../package.json", import.meta.url))));
  const { version: own } = manifest as { readonly version: string };
  return `polyphase ${own}, Node ${process.version}`;
}

/** The verbs that words are about: all of them for the help, and where it is to be said which one was meant. */
function verbsIn(words: readonly string[]): readonly string[] {
  const [first = ""] = words;
  if (versionFlags.includes(first)) return [];
  return Object.hasOwn(verbs, first) && !tellsOfAll.includes(first) ? [first] : Object.keys(verbs);
}

export async function programOf(words: readonly string[]): Promise<Command> {
  const program = new Command("npx polyphase")
    .description(
      "The electricity meter in software, and the software that reads electricity meters.\n\n" +
        "A site file describes virtual meters: what they measure, which model they are, where they answer.",
    )
    // A verb's own options may have any name.
    .enablePositionalOptions()
    .version(version(), versionFlags.join(", "), "print the version of Polyphase and of the Node that runs it")
    .addHelpText(
      "after",
      "\nTo begin, in the folder that Polyphase was fetched into (npx finds it there only):\n" +
        "  npx polyphase up site/demo.yaml                                      run the demonstration site\n" +
        "  npx polyphase read modbus://127.0.0.1:1502/1 --model leviton-s4100   read its meter\n" +
        "  npx polyphase init my-site.yaml                                      begin a site of your own\n\n" +
        "Exit status: 0 done; 1 a meter, a line or this machine refused or failed, or nothing was found; 2 wrong words, or a file\n" +
        "that is not valid.\n",
    );
  for (const verb of verbsIn(words)) (await verbs[verb]?.())?.(program);
  endAlike(program, program.name());
  return program;
}

/** Help and errors of the commands end the same way. */
function endAlike(command: Command, words: string): void {
  command.exitOverride().showHelpAfterError(`(${words} --help tells more)`);
  for (const one of command.commands) endAlike(one, `${words} ${one.name()}`);
}

/** Does what words say, and sets the exit status. */
export async function run(words: readonly string[]): Promise<void> {
  watchOutput();
  try {
    const [first, asked] = words;
    // The library answers with the help of all verbs, as if nothing had been asked.
    if (first === "help" && asked !== undefined && !asked.startsWith("-") && !Object.hasOwn(verbs, asked))
      throw new Failure(`help: ${expectedOneOf(Object.keys(verbs), asked)}`, 2);
    await (await programOf(words)).parseAsync(words, { from: "user" });
  } catch (error) {
    // What has become of the output was said when it did.
    if (error instanceof OutputLost) return;
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else if (error instanceof Failure) {
      complain(`polyphase: ${error.message}`);
      process.exitCode = error.status;
    } else {
      complain(`polyphase: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      process.exitCode = 1;
    }
  }
}
