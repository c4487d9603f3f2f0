/** What a person should know of a web side that is reached from elsewhere. */
import type { Site } from "#fleet/site.ts";
import { isLoopback } from "#io/address.ts";

export function exposuresOf(file: string, { file: { web }, users }: Site): readonly string[] {
  if (web === undefined || web.host === "localhost" || isLoopback(web.host)) return [];
  const where = `the web side is reached from elsewhere (host: ${web.host})`;
  const open =
    web.certificate === undefined && web.proxy === undefined
      ? [`${where}, and passwords and readings cross the network in the clear; certificate and key of web serve HTTPS`]
      : [];
  const nobody = users.all.length === 0;
  return nobody ? [...open, `${where}, and nobody can log in: npx polyphase user add NAME --role owner ${file}`] : open;
}
