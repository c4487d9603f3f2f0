/** Which configuration a meter has, as an entity tag (RFC 9110, 8.8.3): so that nobody undoes what he has not seen. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { MeterSurface } from "#quantity/meter-surface.ts";

/** The tag of the configuration of the moment: the same wherever it means the same, also after a restart. */
export function configurationTag(surface: MeterSurface): string {
  const text = JSON.stringify(surface.configuration()) ?? "";
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

/** Whether a request is for the configuration that there is: `If-Match` (RFC 9110, 13.1.1), where it says one. */
export function isForThis(context: Context, surface: MeterSurface): boolean {
  const wanted = context.req.header("If-Match");
  if (wanted === undefined || wanted.trim() === "*") return true;
  const tag = configurationTag(surface);
  return wanted.split(",").some((one) => one.trim() === tag);
}
