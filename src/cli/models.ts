import type { Command } from "commander";
import { catalogue, revenueModels } from "#model/catalogue.ts";
import { table } from "./terminal.ts";

export function addModels(program: Command): void {
  program
    .command("models")
    .description("list the models of meters that a site file can name")
    .option("--json", "one JSON document, for programs")
    .action(({ json }: { json?: true }) => {
      const models = [...catalogue, ...revenueModels].map(({ name, title, manual }) => ({ name, title, manual }));
      if (json) console.log(JSON.stringify(models, undefined, 2));
      else console.log(table(models.map(({ name, title, manual }) => [name, title, `manual: ${manual}`])));
    });
}
