/** What a person should know of who can reach a site. */
import type { Site } from "#fleet/site.ts";
import { isLoopback } from "#io/address.ts";

export function exposuresOf(name: string, { file, users }: Site): readonly string[] {
  const { web, meters, devices } = file;
  if (web === undefined) {
    const silent = [...meters, ...devices].every(({ listen }) => listen.length === 0);
    return silent ? ["nobody can reach this site: it has neither web (a page) nor listen (a meter that answers)"] : [];
  }
  const nobody = users.all.length === 0;
  const first = `nobody can log in: npx polyphase user add NAME --role owner ${name}`;
  if (web.host === "localhost" || isLoopback(web.host))
    return nobody && web.login === "always" ? [`the web side takes a log-in (login: always), and ${first}`] : [];
  const where = `the web side is reached from elsewhere (host: ${web.host})`;
  const open =
    web.certificate === undefined && web.proxy === undefined
      ? [`${where}, and passwords and readings cross the network in the clear; certificate and key of web serve HTTPS`]
      : [];
  return nobody ? [...open, `${where}, and ${first}`] : open;
}
