/** The page's own files, as the build has left them in dist/page (bin/page.mjs). */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** As far from here in a checkout (src/web) as in a package (dist/web). */
const folder = fileURLToPath(new URL("../../dist/page/", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

export interface PageFile {
  readonly type: string;
  readonly text: string;
}

/** The files by name; none where the page has not been built. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  return new Map(
    namesIn(folder).flatMap((name) => {
      const type = types[path.extname(name)];
      return type === undefined ? [] : [[name, { type, text: readFileSync(path.join(folder, name), "utf8") }] as const];
    }),
  );
}

function namesIn(place: string): readonly string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}
