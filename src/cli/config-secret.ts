/** Secrets that a meter's protocols work with: keys and passwords of DLMS, which no configuration has. */
import type { Command } from "commander";
import { sendCommand } from "#headend/site-meter.ts";
import { newSecret, PASSWORDS_HELP, siteUser, type Asking } from "./credentials.ts";
import { Failure } from "./failure.ts";
import { plain } from "./harmless.ts";
import { atMeter, siteUrl } from "./site-meter.ts";
import { say } from "./terminal.ts";

interface Options extends Asking {
  readonly shows?: string;
  readonly hex?: true;
  readonly forget?: true;
}

const VARIABLE = "POLYPHASE_SECRET";

export function addSecret(config: Command): void {
  config
    .command("secret")
    .description("give a running meter a secret of a protocol, or have it forget one")
    .argument("<name>", "as the protocol's page has it, like dlms.1.authentication")
    .argument(...siteUrl)
    .option("--user <name>", "who gives it", "admin")
    .option("--shows <user>", "with whose rights whoever shows it comes")
    .option("--hex", "it is bytes in hex, not text")
    .option("--forget", "the meter forgets it")
    .option(...siteUser)
    .addHelpText(
      "after",
      `\nThe secret is read from ${VARIABLE}, or asked for. It is kept by the meter and never shown again.\n${PASSWORDS_HELP}\n` +
        "For example, the keys of the DLMS client 1, who comes as reader:\n" +
        "  npx polyphase config secret dlms.1.encryption http://127.0.0.1:8080/#head --hex --shows reader\n" +
        "  npx polyphase config secret dlms.1.authentication http://127.0.0.1:8080/#head --hex --shows reader\n",
    )
    .action(secret);
}

async function secret(name: string, url: string, { shows, hex, forget, ...asking }: Options): Promise<void> {
  const value = forget === true ? null : await newSecret(`Secret ${name}: `, VARIABLE);
  if (value === "") throw new Failure(`the secret ${name} is empty; --forget has the meter forget it`, 2);
  const encoding = hex === true ? "hex" : "text";
  await atMeter(url, asking, (at, pass) =>
    sendCommand(
      at,
      { command: "secret", name, value, encoding, ...(shows === undefined ? {} : { user: shows }) },
      pass,
    ),
  );
  say(plain(value === null ? `${name} is forgotten` : `${name} is kept`));
}
