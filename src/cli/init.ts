import type { Command } from "commander";
import { makeFile } from "#io/file.ts";
import { orFail } from "./failure.ts";
import { firstSite } from "./first-site.ts";
import { quoted } from "./hints.ts";
import { below, say, shown, styled } from "./terminal.ts";

export function addInit(program: Command): void {
  program
    .command("init")
    .description(
      "write a site file to begin with: one meter that runs as it is, and comments on what else there could be",
    )
    .argument("[file]", "which is not there yet", "site.yaml")
    .addHelpText("after", "\nFor example:\n  npx polyphase init my-site.yaml\n")
    .action((file: string) => {
      const word = quoted(file);
      orFail(1, () => makeFile(file, firstSite(word)));
      say(
        below([
          shown`${styled("bold", file)} is there: one meter, at port 1502, and a page at port 8080`,
          "",
          "To try next:",
          `  npx polyphase check ${word}`,
          `  npx polyphase up ${word}`,
        ]),
      );
    });
}
