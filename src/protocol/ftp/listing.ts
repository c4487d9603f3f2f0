/** A meter's files as FTP lists them: as `ls -l` prints them, by name, and by facts (RFC 3659, 7). */
import { named, namesIn, type SftpName, type SftpNode } from "#io/sftp-tree.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";

/** Facts that there are, in the order in which they stand. */
export const facts = ["type", "size", "modify"] as const;
export type Fact = (typeof facts)[number];

/** The type of a file within its mode, and a folder's. */
const TYPE = 0o170_000;
const FOLDER = 0o040_000;

type Attributed = Pick<SftpNode, "attrs">;

/** When something was written (RFC 3659, 2.3); undefined of a folder in which nothing is. */
export function timeOf({ attrs: { mtime } }: Attributed): string | undefined {
  if (mtime === 0) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(1000 * mtime)
    .toString({ smallestUnit: "second" })
    .replaceAll(/[^0-9]/g, "");
}

/** "type=file;size=14131;modify=20200109135613; NAME" (RFC 3659, 7.2). */
export function factsOf(node: Attributed, name: string, wanted: ReadonlySet<Fact>): string {
  const isFolder = (node.attrs.mode & TYPE) === FOLDER;
  const all: Readonly<Record<Fact, string | undefined>> = {
    type: isFolder ? "dir" : "file",
    size: isFolder ? undefined : String(node.attrs.size),
    modify: timeOf(node),
  };
  const said = facts.filter((fact) => wanted.has(fact) && all[fact] !== undefined);
  return `${said.map((fact) => `${fact}=${all[fact]};`).join("")} ${name}`;
}

/** What a folder has, or the one file. */
export function listed(shelf: FileShelf, node: SftpNode): readonly SftpName[] {
  return node.kind === "folder" ? namesIn(shelf, node.name) : [named(node, node.name.replace(/^.*\//, ""))];
}

export function encodeLines(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(""));
}
