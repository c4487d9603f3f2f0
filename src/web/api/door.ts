/** Which path is asked for: the one rewrite, before anybody looks at it. */
import { getPath } from "hono/utils/url";

const VERSION = "/api/v1";

/** The path that a request is for; of before there were versions those below /api are other names of the ones of the first. */
export function pathAsked(request: Request): string {
  const path = getPath(request);
  // Another version is another API, and there is none.
  if (!path.startsWith("/api/") || path.startsWith("/api/v")) return path;
  return `${VERSION}${path.slice("/api".length)}`;
}
