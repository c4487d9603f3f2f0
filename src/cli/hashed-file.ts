/** Files with passwords in them become files with hashes; every other character stays as somebody wrote it. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, type YAMLMap } from "yaml";
import { hashPassword, isHash } from "#io/password.ts";
import { FileError } from "#product/file-error.ts";
import { configurationBounds, valuesOf } from "#product/file-values.ts";

/** What says that somebody has the password that everybody has in the beginning. */
const FACTORY = "factory";

interface Found {
  readonly user: string;
  readonly password: Scalar<string>;
}

/** The text with hashes, and whose passwords they are of. A configuration without users has none. Throws FileError of what is no configuration. */
export function withHashes(file: string, text: string): { readonly text: string; readonly hashed: readonly string[] } {
  // What is wrong with it is said as everywhere.
  valuesOf(file, text, configurationBounds);
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: "error" });
  const users = isMap(contents) ? contents.get("users") : undefined;
  if (users === undefined && (contents === null || isMap(contents))) return { text, hashed: [] };
  if (!isSeq(users)) throw new FileError(file, ["users: expected a list of users, as in a configuration"]);
  const found = users.items.flatMap((user, k) => (isMap(user) ? foundIn(file, user, k) : []));
  // From the end on: what comes before stays where it is.
  let hashed = text;
  for (const { password } of found.toReversed()) {
    const [from, to] = password.range ?? [0, 0];
    // A block of text ends with its line.
    const end = text.slice(from, to).endsWith("\n") ? "\n" : "";
    hashed = `${hashed.slice(0, from)}"${hashPassword(password.value)}"${end}${hashed.slice(to)}`;
  }
  return { text: hashed, hashed: found.map(({ user }) => user) };
}

function foundIn(file: string, user: YAMLMap, k: number): readonly Found[] {
  const password = user.get("password", true);
  if (password === undefined) return [];
  if (!isText(password)) throw new FileError(file, [`users[${k}].password: expected a text, written out`]);
  if (password.value === FACTORY || isHash(password.value)) return [];
  return [{ user: String(user.get("name")), password }];
}

function isText(node: unknown): node is Scalar<string> {
  return isScalar(node) && typeof node.value === "string";
}
