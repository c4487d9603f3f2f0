/** The `polyphase` command. Exit status: 0 done, 1 the meter or the line refused or failed, 2 wrong words or an invalid file. */
import { Command, CommanderError } from "commander";
import { addCommand } from "./command.ts";
import { addConfig } from "./config.ts";
import { addFind } from "./find.ts";
import { addLogs } from "./logs.ts";
import { addModels } from "./models.ts";
import { addProfile } from "./profile.ts";
import { addRead } from "./read.ts";
import { addScan } from "./scan.ts";
import { addSelfReads } from "./self-reads.ts";
import { addTransfer } from "./transfer.ts";
import { addUp } from "./up.ts";
import { addUser } from "./user.ts";
import { addWrite } from "./write.ts";
import { Failure } from "./failure.ts";
import { complain } from "./terminal.ts";

const program = new Command("npx polyphase")
  .description(
    "The electricity meter in software, and the software that reads electricity meters.\n\n" +
      "A site file describes virtual meters: what they measure, which model they are, where they answer.",
  )
  .addHelpText(
    "after",
    "\nTo begin, in the folder that Polyphase was fetched into (npx finds it there only):\n" +
      "  npx polyphase up site/demo.yaml                                      run the demonstration site\n" +
      "  npx polyphase read modbus://127.0.0.1:1502/1 --model leviton-s4100   read its meter\n",
  );

addUp(program);
addRead(program);
addScan(program);
addFind(program);
addWrite(program);
addTransfer(program);
addProfile(program);
addLogs(program);
addSelfReads(program);
addCommand(program);
addConfig(program);
addModels(program);
addUser(program);

// Help and errors of the commands end the same way.
function endAlike(command: Command, words: string): void {
  command.exitOverride().showHelpAfterError(`(${words} --help tells more)`);
  for (const one of command.commands) endAlike(one, `${words} ${one.name()}`);
}
endAlike(program, program.name());

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof Failure) {
    complain(`polyphase: ${error.message}`);
    process.exitCode = error.status;
  } else {
    complain(`polyphase: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 1;
  }
}
