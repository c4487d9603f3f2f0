import type { Command } from "commander";
import {
  isAtLeast,
  roles,
  SiteUsers,
  usersFileOf,
  wrongName,
  wrongPassword,
  type Role,
  type SiteUser,
} from "#fleet/site-users.ts";
import { fileExists } from "#io/file.ts";
import { hashPassword } from "#io/password.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { askSecret, PASSWORD_HELP } from "./credentials.ts";
import { Failure, orFail, orFailLater } from "./failure.ts";
import { jsonOption } from "./print.ts";
import { asJson, say, table } from "./terminal.ts";

const siteArgument = [
  "[site]",
  "the site file; its users stand beside it, in a file of the same name that ends in .users",
  "site.yaml",
] as const;
const roleOption = ["--role <role>", `needed; ${roles.join(", ")}: each may what those before it may`] as const;

export function addUser(program: Command): void {
  const user = program
    .command("user")
    .description("say who may log in to a site's web side from elsewhere, and what they may do")
    .addHelpText(
      "after",
      "\nA viewer reads. An operator also pushes readings, plays the hardware, puts in faults, commands and configures meters (what a\n" +
        "meter's own users may do is the meter's to say, on top). An owner also says who the users are. There is none until you make one.\n" +
        "A site that runs takes a change within a second, and ends the sessions of whoever is no longer who he was.\n\n" +
        "For example:\n" +
        "  npx polyphase user add ann --role owner site.yaml\n" +
        "  npx polyphase user token site.yaml\n",
    );
  user
    .command("add")
    .description("add a user")
    .argument("<name>", "letters, digits, dots, dashes")
    .argument(...siteArgument)
    .option(...roleOption)
    .addHelpText("after", PASSWORD_HELP)
    .action(add);
  user
    .command("list")
    .description("print the users and what they may do")
    .argument(...siteArgument)
    .option(...jsonOption)
    .action(list);
  user
    .command("role")
    .description("let a user do more or less")
    .argument("<name>", "who")
    .argument(...siteArgument)
    .option(...roleOption)
    .addHelpText("after", "\nFor example:\n  npx polyphase user role bob --role operator site.yaml\n")
    .action(async (name: string, site: string, options: { readonly role?: string }) => {
      const role = roleIn(name, options.role);
      const users = withUser(name, site);
      await change(() => users.put(name, (there) => ({ ...still(there, name), role })));
      say(`${name} is ${article(role)} now`);
    });
  user
    .command("password")
    .description("give a user another password")
    .argument("<name>", "who")
    .argument(...siteArgument)
    .addHelpText("after", PASSWORD_HELP)
    .action(async (name: string, site: string) => {
      const users = withUser(name, site);
      const password = hashPassword(await newPassword(name));
      await change(() => users.put(name, (there) => ({ ...still(there, name), password })));
      say(`${name} has another password now`);
    });
  user
    .command("remove")
    .description("remove a user")
    .argument("<name>", "who")
    .argument(...siteArgument)
    .action(async (name: string, site: string) => {
      const users = withUser(name, site);
      await change(() => users.remove(name));
      say(`${name} is removed`);
    });
  user
    .command("token")
    .description(
      "print a new token for programs that read /metrics; the one before is void, and this is never shown again",
    )
    .argument(...siteArgument)
    .action(async (site: string) => say(await change(() => usersOf(site).renewToken())));
}

function article(role: Role): string {
  return `${role === "viewer" ? "a" : "an"} ${role}`;
}

/** Asked for here, not by the parser of options: that complains of a missing one before it misses the name. */
function roleIn(user: string, text: string | undefined): Role {
  if (text === undefined) throw new Failure(`--role is needed: what ${user} may do, one of ${roles.join(", ")}`, 2);
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new Failure(`--role: ${expectedOneOf(roles, text)}`, 2);
  return role;
}

/** The users of a site whose file is there. */
function usersOf(site: string): SiteUsers {
  if (!fileExists(site)) throw new Failure(`cannot read ${site}: there is no such file`, 2);
  return orFail(2, () => new SiteUsers(usersFileOf(site)));
}

/** The users of a site, of whom one has the name. */
function withUser(name: string, site: string): SiteUsers {
  const users = usersOf(site);
  if (users.named(name) !== undefined) return users;
  const names = users.all.map((one) => one.name).join(", ");
  throw new Failure(`there is no user ${name} in ${users.file}${names === "" ? "" : `; it has ${names}`}`, 1);
}

/** Somebody else may have removed him while his password was asked for. */
function still(there: SiteUser | undefined, name: string): SiteUser {
  if (there === undefined) throw new Error(`there is no user ${name} any more`);
  return there;
}

/** What cannot be written ends with status 1. */
function change<T>(run: () => Promise<T>): Promise<T> {
  return orFailLater(1, run);
}

async function newPassword(name: string): Promise<string> {
  const password = await askSecret(`New password of ${name}: `, true);
  const wrong = wrongPassword(password);
  if (wrong !== undefined) throw new Failure(wrong, 2);
  return password;
}

async function add(name: string, site: string, options: { readonly role?: string }): Promise<void> {
  const wrong = wrongName(name);
  if (wrong !== undefined) throw new Failure(wrong, 2);
  const role = roleIn(name, options.role);
  const users = usersOf(site);
  const absent = (known: SiteUser | undefined): void => {
    if (known !== undefined)
      throw new Failure(`${users.file} has a user ${name}; npx polyphase user role or password changes him`, 1);
  };
  absent(users.named(name));
  const password = hashPassword(await newPassword(name));
  await change(() =>
    users.put(name, (known) => {
      absent(known);
      return { role, password };
    }),
  );
  say(`${name} is ${article(role)} of ${site} now`);
}

function list(site: string, { json }: { readonly json?: true }): void {
  const { all, file } = usersOf(site);
  const rows = all
    .map(({ name, role }) => ({ name, role }))
    .toSorted((a, b) => (a.role === b.role ? (a.name < b.name ? -1 : 1) : isAtLeast(a.role, b.role) ? -1 : 1));
  if (json) say(asJson({ file, users: rows }));
  else if (rows.length === 0) say(`no users: nobody logs in to ${site} from elsewhere`);
  else say(table(rows.map(({ name, role }) => [name, role])));
}
