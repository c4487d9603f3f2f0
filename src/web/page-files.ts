/** The page's own files, as the build has left them in dist/page (bin/page.mjs). */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** As far from here in a checkout (src/web) as in a package (dist/web). */
const folder = fileURLToPath(new URL("../../dist/page/", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** A file, as it is and packed: packed once, when somebody first asks for it. */
export class PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  #packed: Uint8Array<ArrayBuffer> | undefined;

  constructor(type: string, bytes: Uint8Array<ArrayBuffer>) {
    this.type = type;
    this.bytes = bytes;
  }

  /** By gzip. */
  get packed(): Uint8Array<ArrayBuffer> {
    return (this.#packed ??= new Uint8Array(gzipSync(this.bytes, { level: 9 })));
  }
}

/** Whether somebody takes what is packed by gzip (RFC 9110, 12.5.3): he names it, or all, and not with a weight of nothing. */
export function takesGzip(accepted: string | undefined): boolean {
  const weights = (accepted ?? "").split(",").map((one) => {
    const [coding = "", ...words] = one.split(";").map((word) => word.trim().toLowerCase());
    const weight = words.find((word) => word.startsWith("q="))?.slice(2);
    return [coding, weight === undefined ? 1 : Number(weight)] as const;
  });
  const named =
    weights.find(([coding]) => coding === "gzip" || coding === "x-gzip") ?? weights.find(([one]) => one === "*");
  return named !== undefined && named[1] > 0;
}

/** The files by name; none where the page has not been built. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  return new Map(
    namesIn(folder).flatMap((name) => {
      const type = types[path.extname(name)];
      if (type === undefined) return [];
      return [[name, new PageFile(type, new Uint8Array(readFileSync(path.join(folder, name))))] as const];
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
