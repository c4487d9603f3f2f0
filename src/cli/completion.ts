import { Argument, type Command, type Option } from "commander";
import { modelNamesOf, products } from "#fleet/products.ts";
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
      "\nFor example, in the file that the shell reads when it starts:\n" +
        '  eval "$(npx polyphase completion bash)"       ~/.bashrc\n' +
        '  eval "$(npx polyphase completion zsh)"        ~/.zshrc, after compinit\n' +
        "  npx polyphase completion fish | source       ~/.config/fish/config.fish\n",
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

/** What an option takes: a model, a file, something else, nothing. */
function valueOf({ long = "", required, optional, flags, argChoices }: Option): Completed["options"][number]["takes"] {
  if (!required && !optional) return "nothing";
  if (argChoices !== undefined) return argChoices;
  if (/-?model$/.test(long)) return modelNamesOf(products);
  return /<file>/.test(flags) ? "file" : "other";
}

function firstLine(text: string): string {
  return text.split(/\n|[;:] | \(/, 1)[0] ?? "";
}
