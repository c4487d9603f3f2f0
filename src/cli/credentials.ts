/** Who reads or changes a meter: a user's name from the command line, a password from the environment or the terminal. */
import { createInterface } from "node:readline/promises";
import type { Credentials } from "#headend/site-meter.ts";
import { Failure } from "./failure.ts";

/** What commands say of `--user` where reading may take a session. */
export const readingUser = ["--user <name>", "who reads, where reading takes a session"] as const;

export const PASSWORD_HELP = "\nThe password is read from POLYPHASE_PASSWORD, or asked for.\n";

/** Undefined where nobody is to log in. */
export async function credentialsOf(user: string | undefined): Promise<Credentials | undefined> {
  if (user === undefined) return undefined;
  const password =
    process.env["POLYPHASE_PASSWORD"] ?? (await ask(`Password of ${user}: `, "POLYPHASE_PASSWORD has the password"));
  return { user, password };
}

/** Asks on the terminal; without one it fails and says what to do otherwise. */
export async function ask(question: string, otherwise: string): Promise<string> {
  if (!process.stdin.isTTY) throw new Failure(`nobody to ask: ${otherwise}`, 2);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(question);
  prompt.close();
  return answer.trim();
}
