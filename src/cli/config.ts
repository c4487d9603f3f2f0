import type { Command } from "commander";
import { stringify } from "yaml";
import {
  applyConfiguration,
  checkConfiguration,
  readConfiguration,
  readMeterView,
  withSession,
} from "#headend/site-meter.ts";
import { siteMeter, siteUrl } from "./site-meter.ts";
import { configurationBounds, valuesOf } from "#product/file-values.ts";
import { isHash } from "#io/password.ts";
import { changeText } from "#io/draft.ts";
import { readText } from "#io/file.ts";
import { addHistory } from "./config-history.ts";
import { addSecret } from "./config-secret.ts";
import { addDeviceProfile } from "./device-profile.ts";
import { withHashes } from "./hashed-file.ts";
import { asOrdered, configurationsOf, configuredModels } from "./configured.ts";
import { ask, credentialsOf, PASSWORDS_HELP, readingUser, siteUser, type Asking } from "./credentials.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { plain } from "./harmless.ts";
import { asJson, complain, note, say } from "./terminal.ts";

interface Options extends Asking {
  readonly model: string;
  readonly modelNumber?: string;
  readonly yes?: true;
  readonly json?: true;
}

const model = ["--model <name>", "the meter's model", configuredModels[0] ?? ""] as const;
const modelNumber = ["--model-number <number>", "what was ordered; the usual unless said"] as const;

export function addConfig(program: Command): void {
  const config = program
    .command("config")
    .description(
      "make, check, show, compare and apply configurations of revenue meters, keep their secrets, print device profiles",
    );
  config
    .command("new")
    .description("print the factory's configuration (Appendix A), to begin with")
    .option(...model)
    .option(...modelNumber)
    .option("--json", "JSON instead of YAML")
    .action((options: Options) => print(read("the factory's configuration", "", options), options));
  config
    .command("check")
    .description("check a configuration file, and print it with everything that was left out")
    .argument("<file>", "YAML or JSON")
    .option(...model)
    .option(...modelNumber)
    .option("--json", "JSON instead of YAML")
    .action((file: string, options: Options) => {
      const text = orFail(2, () => readText(file));
      print(read(file, text, options), options);
      suggest(file, text, options);
    });
  config
    .command("hash")
    .description("put hashes in place of the passwords that a file holds")
    .argument("<file>", "YAML or JSON")
    .addHelpText(
      "after",
      "\nComments and layout stay as they are. A hash counts in a site's own files only: a meter takes none that is sent to it.\n" +
        "A hash cannot be compared with the password that it is of: at the next start the file's users count as changed, and their\n" +
        "passwords are the file's again, whatever was changed on the meter since.\n",
    )
    .action(hash);
  config
    .command("show")
    .description("print the configuration of a running meter")
    .argument(...siteUrl)
    .option("--json", "JSON instead of YAML")
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText("after", PASSWORDS_HELP)
    .action(async (url: string, options: Options) => {
      const [at, who] = [siteMeter(url).at, await credentialsOf(options)];
      print(await orFailLater(1, () => withSession(at, who, (pass) => readConfiguration(at, pass))), options);
    });
  config
    .command("diff")
    .description("print what applying a file would change on a running meter; status 1 when something would")
    .argument("<file>", "YAML or JSON")
    .argument(...siteUrl)
    .option(...readingUser)
    .option(...siteUser)
    .addHelpText("after", PASSWORDS_HELP)
    .action(diff);
  config
    .command("apply")
    .description("apply a file to a running meter, after saying what begins anew")
    .argument("<file>", "YAML or JSON")
    .argument(...siteUrl)
    .option("--user <name>", "who applies it", "admin")
    .option(...siteUser)
    .option("--yes", "without asking")
    .addHelpText("after", PASSWORDS_HELP)
    .action(apply);
  addHistory(config);
  addSecret(config);
  addDeviceProfile(config);
}

/** Puts hashes in place of the passwords that a file holds; the rest stays as it was written. */
async function hash(file: string): Promise<void> {
  const before = orFail(2, () => readText(file));
  const { text, hashed } = orFail(2, () => withHashes(file, before));
  if (hashed.length === 0) return say(`no passwords to hash in ${file}`);
  await orFailLater(1, () =>
    changeText(file, (there) => {
      if (there !== before) throw new Error(`${file} has been changed meanwhile; nothing is changed`);
      return text;
    }),
  );
  const count = hashed.length === 1 ? "1 password" : `${hashed.length} passwords`;
  say(`${count} hashed in ${file}: ${hashed.map(plain).join(", ")}`);
}

function read(file: string, text: string, { model: name, modelNumber: order }: Options): unknown {
  const { usualOrder, read: parsed } = configurationsOf(name);
  return asOrdered(order, usualOrder, (one) => parsed(file, text, one));
}

/** Beside what is printed, for people. */
function suggest(file: string, text: string, { model: name, modelNumber: order }: Options): void {
  const { usualOrder, suggestions } = configurationsOf(name);
  const { values, room } = asOrdered(order, usualOrder, (one) => suggestions(file, text, one));
  for (const { key, words } of values) note(`${key}: ${words}`);
  for (const { words } of room) note(words);
}

function print(configuration: unknown, { json }: { readonly json?: true }): void {
  say(json ? asJson(configuration) : stringify(configuration).trimEnd());
}

async function diff(file: string, url: string, options: Options): Promise<void> {
  const text = orFail(2, () => readText(file));
  // What the file leaves out is the factory's of the meter that is there.
  const [at, who] = [siteMeter(url).at, await credentialsOf(options)];
  const { identity, configuration } = await orFailLater(1, () =>
    withSession(at, who, async (pass) => ({
      identity: await readMeterView(at, pass),
      configuration: await readConfiguration(at, pass),
    })),
  );
  const { differences } = configurationsOf(identity.model);
  const { lines, secrets } = orFail(2, () =>
    differences({ name: url, configuration }, { name: file, text }, identity.modelNumber),
  );
  for (const change of lines) say(plain(change));
  if (lines.length === 0) say("nothing would change");
  else process.exitCode = 1;
  if (secrets) complain("passwords are not shown by the meter, and not compared");
}

/** Hashes stay here: of whom a file has one, keeps on the meter the password that he has. */
function sendable(configuration: unknown): unknown {
  const users = usersOf(configuration);
  if (users === undefined) return configuration;
  const hashed = users.filter(({ password }) => typeof password === "string" && isHash(password));
  const names = hashed.map(({ name }) => String(name)).join(", ");
  if (hashed.length > 0) note(`a meter takes no hashes: ${names} keep on it the passwords that they have`);
  const sent = users.map((user) => (hashed.includes(user) ? { ...user, password: undefined } : user));
  return { ...(configuration as object), users: sent };
}

type GivenUser = { readonly name?: unknown; readonly password?: unknown };

function usersOf(configuration: unknown): readonly GivenUser[] | undefined {
  const { users } = configuration as { readonly users?: unknown };
  const are = Array.isArray(users) && users.every((user) => typeof user === "object" && user !== null);
  return are ? (users as readonly GivenUser[]) : undefined;
}

async function apply(file: string, url: string, { yes, ...asking }: Options): Promise<void> {
  const configuration = orFail(2, () => sendable(valuesOf(file, readText(file), configurationBounds) ?? {}));
  const { at } = siteMeter(url);
  const who = await credentialsOf(asking);
  await orFailLater(1, () =>
    withSession(at, who, async (pass) => {
      const { consequences, tag } = await checkConfiguration(at, configuration, pass);
      say(consequences.length === 0 ? "no measurement begins anew" : consequences.map(plain).join("\n"));
      const question = `Apply ${file} to ${url}? [y/N] `;
      if (yes === undefined && !/^y(es)?$/i.test(await ask(question, "--yes applies without asking")))
        throw new Failure("nothing has been applied", 1);
      await applyConfiguration(at, configuration, { tag, pass });
    }),
  );
  say("applied");
}
