/** Which configuration a meter has, as an entity tag (RFC 9110, 8.8.3): so that nobody undoes what he has not seen. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { MeterSurface } from "#quantity/meter-surface.ts";

/** The tag of the configuration of the moment: the same wherever it means the same, also after a restart. */
export function configurationTag(surface: MeterSurface): string {
  return tagOf(surface.configuration());
}

/** A store does not keep in which order keys were. */
function ordered(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function tagOf(configuration: unknown): string {
  const text = JSON.stringify(configuration, ordered) ?? "";
  return `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
}

/** Whether a request is for the configuration that there is: `If-Match` (RFC 9110, 13.1.1), where it says one. */
export function isForThis(context: Context, surface: MeterSurface): boolean {
  const wanted = context.req.header("If-Match");
  return wanted === undefined || wanted.trim() === "*" || isWanted(context, surface.configuration());
}

/** Whether a configuration is one that a request is for. */
export function isWanted(context: Context, configuration: unknown): boolean {
  const tag = tagOf(configuration);
  return (
    context.req
      .header("If-Match")
      ?.split(",")
      .some((one) => one.trim() === tag) === true
  );
}
