/** The meter's files as MMS names them (IEC 61850-8-1, 23): with strokes of either kind, from a root or without. */
import { generalizedTime } from "#protocol/iec61850/mms/generalized-time.ts";
import type { FileDirectoryRequest, FileDirectoryResponse } from "#protocol/iec61850/mms/files.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import type { FileShelf, ShelvedFile } from "#quantity/file-shelf.ts";
import { refusals } from "./refusals.ts";

/** As the shelf has it: "COMTRADE/ev1.cfg"; "" is the whole of it. */
export function shelfName(name: string): string {
  return name
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Whether a shelf can have a file of the name: letters, digits, `_`, `.` and `-`, in folders that lead nowhere else. */
export function isShelfName(name: string): boolean {
  return name.length <= MOST_CHARACTERS && /^[\w.-]+(\/[\w.-]+)*$/.test(name) && !name.split("/").includes("..");
}

const MOST_CHARACTERS = 255;

/** Files in a folder and in those in it, or one, or those that a pattern fits; a page of at most so many octets. */
export function directory(
  shelf: FileShelf,
  { name = "", continueAfter }: FileDirectoryRequest,
  octets: number,
): FileDirectoryResponse | ServiceError {
  const found = chosen(shelf, shelfName(name));
  if (found === undefined) return refusals.fileMissing;
  const after = continueAfter === undefined ? undefined : shelfName(continueAfter);
  const last = after === undefined ? -1 : found.findIndex((file) => file.name === after);
  if (after !== undefined && last < 0) return refusals.fileMissing;
  const files: FileDirectoryResponse["files"][number][] = [];
  let room = octets;
  for (const { name: of, at, size } of found.slice(last + 1)) {
    room -= of.length + ENTRY;
    if (room < 0) break;
    files.push({ name: of, size, modified: generalizedTime(at.utc) });
  }
  return { service: "fileDirectory", files, moreFollows: last + 1 + files.length < found.length };
}

/** Octets of an entry besides the name: tags and lengths, a size of five octets, a time. */
const ENTRY = 2 + 4 + 4 + 2 + 7 + 21;

/** Undefined where there is no such file, and no such folder. */
function chosen(shelf: FileShelf, name: string): readonly ShelvedFile[] | undefined {
  const all = shelf.list();
  if (name === "" || name === "*" || name === "*.*") return all;
  if (/[*?]/.test(name)) return all.filter((file) => fits(name, file.name));
  const one = all.filter((file) => file.name === name);
  if (one.length > 0) return one;
  const within = all.filter((file) => file.name.startsWith(`${name}/`));
  return within.length > 0 || shelf.folders.includes(name) ? within : undefined;
}

/** Whether `*` (any characters of one folder or file) and `?` (one of them) of a pattern can stand for those of a name. */
function fits(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let k = 0; k < name.length;) {
    const wanted = pattern[at];
    const here = name[k];
    if (wanted === "*") {
      star = at++;
      starAt = k;
    } else if (wanted === here || (wanted === "?" && here !== "/")) {
      at++;
      k++;
    } else if (star >= 0 && name[starAt] !== "/") {
      // What stands behind the star does not fit here: the star takes one more.
      at = star + 1;
      k = ++starAt;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
