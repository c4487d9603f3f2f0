/**
 * The users of a site, who log in to its web side: a file beside the site file, with hashes only, which nobody but its owner may read.
 * There is none until somebody makes one (`polyphase user add`).
 */
import { changeText, fileMark } from "#io/draft.ts";
import { fileExists, readOwnText, withExtension } from "#io/file.ts";
import { hashToken, isTokenOf, randomToken } from "#io/password.ts";
import { FileError } from "#product/file-error.ts";
import { checkedBy, inOwnWords } from "#product/schema-problems.ts";
import { limits } from "#quantity/limits.ts";
import { z } from "zod";

/** What users may do, each what those before it may. */
export const roles = ["viewer", "operator", "owner"] as const;
export type Role = (typeof roles)[number];

export function isAtLeast(role: Role, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted);
}

const user = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, "expected letters, digits, dots, dashes, at most 64"),
  role: z.enum(roles),
  password: z.string().regex(/^scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}$/, "expected the hash of a password"),
});
const usersFile = z.strictObject({
  users: z
    .array(user)
    .max(limits.web.users)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "expected different names"),
  token: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "expected the hash of a token")
    .optional(),
});

/** A user; `password` is its hash. */
export type SiteUser = Readonly<z.output<typeof user>>;
type UsersFile = Readonly<z.output<typeof usersFile>>;

/** Where the users of a site file stand. */
export function usersFileOf(siteFile: string): string {
  return withExtension(siteFile, ".users");
}

/** What is wrong with a name or a password, in words; undefined when nothing is. */
export function wrongName(name: string): string | undefined {
  const problem = user.shape.name.safeParse(name, { error: inOwnWords }).error?.issues[0]?.message;
  return problem === undefined ? undefined : `"${name}" is no name: ${problem}`;
}

export function wrongPassword(password: string): string | undefined {
  const { passwordLeast, passwordMost } = limits.web;
  const { length } = [...password];
  if (length >= passwordLeast && length <= passwordMost) return undefined;
  return `the password has ${length} characters, expected ${passwordLeast} to ${passwordMost}`;
}

/** Throws an Error that names the file, and says what is wrong with it. */
function read(file: string): UsersFile {
  if (!fileExists(file)) return { users: [] };
  let value: unknown;
  try {
    value = JSON.parse(readOwnText(file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new FileError(file, ["it is no JSON"]);
    throw error;
  }
  const checked = checkedBy(usersFile, value);
  if (checked.problems !== undefined) throw new FileError(file, checked.problems);
  return checked.value;
}

export class SiteUsers {
  readonly file: string;
  #mark: string | undefined;
  #held: UsersFile;
  /** What is wrong with what stands in the file, while that is not what is held. */
  #wrong: Error | undefined;

  /** Throws an Error that names the file, and says what is wrong with it. */
  constructor(file: string) {
    this.file = file;
    this.#mark = fileMark(file);
    this.#held = read(file);
  }

  /**
   * Takes what stands in the file now, where that is another than it was. A file that cannot be taken leaves what was, and throws an
   * Error once. True when it can be taken again.
   */
  look(): boolean {
    const mark = fileMark(this.file);
    if (mark === this.#mark) return false;
    this.#mark = mark;
    const wasWrong = this.#wrong !== undefined;
    this.#wrong = undefined;
    try {
      this.#held = read(this.file);
    } catch (error) {
      this.#wrong = error instanceof Error ? error : new Error(String(error));
      throw this.#wrong;
    }
    return wasWrong;
  }

  /** Throws an Error while what stands in the file cannot be taken: it is not written over by what was. */
  #settle(): void {
    this.look();
    if (this.#wrong !== undefined) throw this.#wrong;
  }

  get all(): readonly SiteUser[] {
    return this.#held.users;
  }

  named(name: string): SiteUser | undefined {
    return this.#held.users.find((one) => one.name === name);
  }

  /** Whether a token is the one for programs that watch the site; of none it never is. */
  isToken(token: string): boolean {
    return this.#held.token !== undefined && isTokenOf(token, this.#held.token);
  }

  /**
   * Puts a user in place of the one of his name, or adds him; `change` gets who is there. Rejects with what `change` throws, and with an
   * Error where he, or the file, is not as it has to be.
   */
  async put(name: string, change: (known: SiteUser | undefined) => Omit<SiteUser, "name">): Promise<void> {
    await this.#keep(({ users, ...rest }) => {
      const user = { name, ...change(users.find((one) => one.name === name)) };
      return { ...rest, users: [...users.filter((one) => one.name !== name), user] };
    });
  }

  /** Rejects with an Error where the file is not as it has to be. */
  async remove(name: string): Promise<void> {
    await this.#keep(({ users, ...rest }) => ({ ...rest, users: users.filter((one) => one.name !== name) }));
  }

  /** Another token for programs that watch the site; it is never shown again. Rejects with an Error where the file is not as it has to be. */
  async renewToken(): Promise<string> {
    const token = randomToken();
    await this.#keep((there) => ({ ...there, token: hashToken(token) }));
    return token;
  }

  /** Other processes change the file, too: what is changed is what stands there while nobody else can. */
  async #keep(change: (there: UsersFile) => UsersFile): Promise<void> {
    const text = (): string => {
      this.#settle();
      const next = change(this.#held);
      const { problems } = checkedBy(usersFile, next);
      if (problems !== undefined) throw new FileError(this.file, problems);
      return `${JSON.stringify(next, undefined, 2)}\n`;
    };
    await changeText(this.file, text, true);
    this.look();
  }
}
