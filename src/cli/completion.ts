import { Argument, type Command, type Option } from "commander";
import { modelNamesOf, products } from "#fleet/products.ts";
import { roles } from "#fleet/site-users.ts";
import { lists } from "#quantity/register.ts";
import { shellScripts, type Completed } from "./shell-scripts.ts";
import { say } from "./terminal.ts";

const shells = Object.keys(shellScripts);

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print what makes a shell complete verbs, options and models")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .addHelpText(
      "after",
      "\nIt completes polyphase and npx polyphase. Write it to a file once, and again after an upgrade; the shell reads it when it starts:\n" +
        "  npx polyphase completion bash > ~/.polyphase.bash                        in ~/.bashrc:  source ~/.polyphase.bash\n" +
        "  npx polyphase completion zsh > ~/.polyphase.zsh                          in ~/.zshrc, after compinit:  source ~/.polyphase.zsh\n" +
        "  npx polyphase completion fish > ~/.config/fish/conf.d/polyphase.fish     fish reads that by itself\n",
    )
    .action((shell: string) => {
      say(shellScripts[shell]?.([...wordsOf(program, [])]).trimEnd() ?? "");
    });
}

/** What can follow the words of each command, and of each of its options. */
function* wordsOf(command: Command, words: readonly string[]): Iterable<Completed> {
  const verbs = command.commands.map((one) => ({ word: one.name(), says: firstLine(one.description()) }));
  if (words.length === 0) verbs.push({ word: "help", says: "display help for a command" });
  const [first] = command.registeredArguments;
  for (const word of first?.argChoices ?? []) verbs.push({ word, says: first?.description ?? "" });
  const options = command.createHelp().visibleOptions(command);
  yield {
    words,
    verbs,
    options: options.map((one) => ({ word: one.long ?? "", says: firstLine(one.description), takes: valueOf(one) })),
  };
  for (const one of command.commands) yield* wordsOf(one, [...words, one.name()]);
}

/** Words that options take which check them on their own. */
const values: Readonly<Record<string, readonly string[]>> = { "--role": roles, "--list": [...lists, "frozen"] };

/** What an option takes: a model, a file, something else, nothing. */
function valueOf({ long = "", required, optional, flags, argChoices }: Option): Completed["options"][number]["takes"] {
  if (!required && !optional) return "nothing";
  if (argChoices !== undefined) return argChoices;
  if (values[long] !== undefined) return values[long];
  if (/-?model$/.test(long)) return modelNamesOf(products);
  return /<file>/.test(flags) ? "file" : "other";
}

function firstLine(text: string): string {
  return text.split(/\n|[;:] | \(/, 1)[0] ?? "";
}
