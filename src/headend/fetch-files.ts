/** Puts files of a meter into a folder: whole or not at all, and never over another that is there unless somebody says so. */
import { fileExists, folderOf, makeBytes, makeFolder, readFile, resolvePath } from "#io/file.ts";
import { isSafeName, type FileSource, type ListedFile } from "./file-source.ts";

/** What became of a file. */
export type Fetched =
  | { readonly name: string; readonly size: number; readonly result: "fetched" | "there" }
  | { readonly name: string; readonly size: number; readonly result: "failed"; readonly why: string };

/** `over` replaces what is there; `done` hears of each file when it is on disk. */
export async function fetchFiles(
  source: Pick<FileSource, "fetch">,
  files: readonly Pick<ListedFile, "name" | "size">[],
  {
    folder,
    over = false,
    done = () => {},
  }: { readonly folder: string; readonly over?: boolean; readonly done?: (file: Fetched) => void },
): Promise<readonly Fetched[]> {
  const all: Fetched[] = [];
  for (const { name, size } of files) {
    let one: Fetched;
    try {
      one = { name, size, result: await fetchOne(source, { name, size }, { folder, over }) };
    } catch (error) {
      // One that cannot be had does not hide the others.
      one = { name, size, result: "failed", why: error instanceof Error ? error.message : String(error) };
    }
    all.push(one);
    done(one);
  }
  return all;
}

async function fetchOne(
  source: Pick<FileSource, "fetch">,
  { name, size }: Pick<ListedFile, "name" | "size">,
  { folder, over }: { readonly folder: string; readonly over: boolean },
): Promise<"fetched" | "there"> {
  if (!isSafeName(name)) throw new Error(`${JSON.stringify(name)} is no name of a file below a folder`);
  const file = resolvePath(folder, name);
  const have = fileExists(file) ? readFile(file) : undefined;
  const isOther = (): Error => new Error(`${file} is another file, and stays as it is (--over replaces it)`);
  if (have !== undefined && have.length !== size && !over) throw isOther();
  const bytes = await source.fetch(name, have);
  if (bytes === "same") return "there";
  if (bytes.length !== size) throw new Error(`${name}: ${bytes.length} bytes have come; expected ${size}`);
  // Sources that cannot tell before have sent it.
  if (have !== undefined && Buffer.compare(have, bytes) === 0) return "there";
  if (have !== undefined && !over) throw isOther();
  makeFolder(folderOf(file));
  makeBytes(file, bytes, over);
  return "fetched";
}
