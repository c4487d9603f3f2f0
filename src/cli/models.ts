import type { Command } from "commander";
import { protocols } from "#fleet/protocols/table.ts";
import { products } from "#fleet/products.ts";
import { asJson, say, shown, styled, table } from "./terminal.ts";

export function addModels(program: Command): void {
  program
    .command("models")
    .description("list the models of meters that a site file can name, and the protocols that they can speak")
    .option(
      "--protocols",
      "only the protocols: what a listener can be, its usual port, and how a reader names its meters",
    )
    .option("--json", "one JSON document, for programs")
    .action(({ json, protocols }: { json?: true; protocols?: true }) => {
      const listed = protocols === true ? listeners() : models();
      if (json) say(asJson(listed));
      else if (protocols === true) say(listenersTable());
      else say(shown`${modelsTable()}\n\n${styled("bold", "Listeners")}\n${listenersTable()}`);
    });
}

function models() {
  return products.flatMap(({ models: all, protocols: speaks }) =>
    all.map(({ name, title, manual }) => ({ name, title, manual, protocols: speaks })),
  );
}

function modelsTable(): string {
  return table(
    models().map(({ name, title, manual, protocols: speaks }) => [name, title, speaks.join(" "), `manual: ${manual}`]),
  );
}

/** What the table of protocols says, a line a transport. */
function listeners() {
  return protocols.flatMap(({ name, title, transports }) =>
    transports.map((one) => ({
      protocol: name,
      title,
      transport: one.name,
      port: "port" in one ? one.port : undefined,
      url: one.form,
    })),
  );
}

function listenersTable(): string {
  return table(
    listeners().map(({ protocol, transport, port, url }) => [
      `${protocol}: ${transport}`,
      port === undefined ? "a device" : `port ${port}`,
      url,
    ]),
  );
}
