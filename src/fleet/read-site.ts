/** A site file as it lies there, checked with the files that it names. */
import type { Carriers } from "#fleet/protocols/carriers.ts";
import { folderOf, readText } from "#io/file.ts";
import { FileError, firstOf } from "#product/file-error.ts";
import type { Product } from "#product/product.ts";
import { namedFileProblems } from "./named-files.ts";
import { parseSite } from "./site-file.ts";
import type { SiteFile } from "./site-schema.ts";

/** Throws an Error that says what is wrong and where. */
export function readSite(
  file: string,
  { products, carriers }: { readonly products: readonly Product[]; readonly carriers?: Carriers | undefined },
): SiteFile {
  const text = readText(file);
  const described = parseSite(file, text, products);
  const wrong = namedFileProblems(described, { folder: folderOf(file), over: carriers });
  if (wrong.length > 0) throw new FileError(file, firstOf(wrong), text);
  return described;
}
