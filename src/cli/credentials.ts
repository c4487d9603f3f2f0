/** Who reads or changes a meter: users' names from the command line, passwords from the environment or the terminal. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Credentials } from "#headend/site-meter.ts";
import { Failure } from "./failure.ts";
import { complain, question } from "./terminal.ts";

/** What commands say of `--user` where reading may take a session. */
export const readingUser = ["--user <name>", "who reads, where reading takes a session"] as const;

/** Of every command that asks a running site. */
export const siteUser = ["--site-user <name>", "who asks a site on another machine: one of the site's users"] as const;

export const PASSWORD_HELP = "\nThe password is read from POLYPHASE_PASSWORD, or asked for.\n";

/** Where it holds for both. */
export const PASSWORDS_HELP =
  "\nThe password is read from POLYPHASE_PASSWORD, or asked for; that of --site-user from POLYPHASE_SITE_PASSWORD.\n";

/** Who asks: a user of the meter, a user of the site, both, or nobody. */
export interface Asking {
  readonly user?: string | undefined;
  readonly siteUser?: string | undefined;
}

export interface Asked {
  readonly user: Credentials | undefined;
  readonly siteUser: Credentials | undefined;
}

export async function credentialsOf({ user, siteUser }: Asking): Promise<Asked> {
  return {
    siteUser: await passwordOf(siteUser, "POLYPHASE_SITE_PASSWORD"),
    user: await passwordOf(user, "POLYPHASE_PASSWORD"),
  };
}

async function passwordOf(user: string | undefined, variable: string): Promise<Credentials | undefined> {
  if (user === undefined) return undefined;
  const password = process.env[variable] ?? (await secret(`Password of ${user}: `, variable));
  // Nobody has an empty one, and each wrong one counts against whoever sends it.
  if (password === "") throw new Failure(`the password of ${user} is empty`, 2);
  return { user, password };
}

/** A password from the environment, or asked for; a new one twice. */
export async function askSecret(question: string, isNew = false): Promise<string> {
  const variable = "POLYPHASE_PASSWORD";
  return isNew ? newSecret(question, variable) : (process.env[variable] ?? secret(question, variable));
}

/** What is new and secret: from a variable of the environment, or asked for twice. */
export async function newSecret(question: string, variable: string): Promise<string> {
  const given = process.env[variable];
  if (given !== undefined) return given;
  const answer = await secret(question, variable);
  if ((await secret("Once more: ", variable)) !== answer)
    throw new Failure("the two are not the same; nothing has been changed", 2);
  return answer;
}

/** Asks on the terminal; without one it fails and says what to do otherwise. */
export async function ask(question: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY) throw new Failure(`no terminal to ask on: ${otherwise}`, 2);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(question);
  prompt.close();
  return answer.trim();
}

/** Asks without showing what is typed. */
async function secret(asked: string, variable: string): Promise<string> {
  const what = variable.endsWith("PASSWORD") ? "the password" : "it";
  if (!process.stdin.isTTY) throw new Failure(`no terminal to ask on; put ${what} into ${variable}`, 2);
  question(asked);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const answer = await prompt.question("");
  prompt.close();
  complain("");
  return answer;
}
