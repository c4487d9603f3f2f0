/** A shelf of files as SFTP shows it: the shelf is the root, its folders are folders, and nothing else is anywhere. */
import path from "node:path";
import type { FileShelf, ShelvedFile } from "#quantity/file-shelf.ts";

/** What SSH_FXP_ATTRS says (draft-ietf-secsh-filexfer-02, 5). */
export interface SftpAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly atime: number;
  readonly mtime: number;
}

export interface SftpName {
  readonly filename: string;
  /** As ls -l prints it: some clients show nothing else. */
  readonly longname: string;
  readonly attrs: SftpAttributes;
}

export type SftpNode =
  | { readonly kind: "folder"; readonly name: string; readonly attrs: SftpAttributes }
  | { readonly kind: "file"; readonly name: string; readonly attrs: SftpAttributes; readonly file: ShelvedFile };

const FOLDER_MODE = 0o040_550;
const FILE_MODE = 0o100_440;
/** Characters of a path: the longest there is, with all that may stand before it. */
const MOST = 1024;

/** A path from the root on, "/" the root itself: ".." never leads out of it. Undefined of what is none. */
export function resolved(given: string): string | undefined {
  if (given.length > MOST || given.includes("\0")) return undefined;
  const whole = path.posix.normalize(`/${given}`);
  return whole.length > 1 && whole.endsWith("/") ? whole.slice(0, -1) : whole;
}

function attributes(mode: number, size: number, utc: number): SftpAttributes {
  const seconds = Math.max(0, Math.floor(utc / 1000));
  return { mode, uid: 0, gid: 0, size, atime: seconds, mtime: seconds };
}

function folderNode(shelf: FileShelf, name: string): SftpNode {
  const newest = shelf.list().findLast((file) => name === "" || file.name.startsWith(`${name}/`));
  return { kind: "folder", name, attrs: attributes(FOLDER_MODE, 0, newest?.at.utc ?? 0) };
}

function fileNode(file: ShelvedFile): SftpNode {
  return { kind: "file", name: file.name, attrs: attributes(FILE_MODE, file.size, file.at.utc), file };
}

/** A file that is being sent. */
export function draftNode(name: string): SftpNode {
  const at = { utc: 0, offsetMinutes: 0, daylightSaving: false, synchronised: false };
  return fileNode({ name, at, size: 0 });
}

/** What lies at a path of a client; undefined where there is nothing. */
export function nodeAt(shelf: FileShelf, given: string): SftpNode | undefined {
  const whole = resolved(given);
  if (whole === undefined) return undefined;
  const name = whole.slice(1);
  if (name === "" || shelf.folders.includes(name)) return folderNode(shelf, name);
  const file = shelf.list().find((one) => one.name === name);
  return file && fileNode(file);
}

/** What a folder has. */
export function namesIn(shelf: FileShelf, folder: string): readonly SftpName[] {
  const before = folder === "" ? "" : `${folder}/`;
  const files = shelf
    .list()
    .filter(({ name }) => name.startsWith(before) && !name.slice(before.length).includes("/"))
    .map(fileNode);
  const folders = folder === "" ? shelf.folders.map((name) => folderNode(shelf, name)) : [];
  return [...folders, ...files].map((node) => named(node, node.name.slice(before.length)));
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function named({ kind, attrs }: SftpNode, filename: string): SftpName {
  const at = Temporal.Instant.fromEpochMilliseconds(attrs.mtime * 1000).toZonedDateTimeISO("UTC");
  const when = `${months[at.month - 1]} ${String(at.day).padStart(2)}  ${at.year}`;
  const what = kind === "folder" ? "dr-xr-x---" : "-r--r-----";
  const longname = `${what}    1 meter    meter    ${String(attrs.size).padStart(10)} ${when} ${filename}`;
  return { filename, longname, attrs };
}
