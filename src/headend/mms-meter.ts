/** A meter over MMS: its link, and an association with it. */
import { MmsClient } from "#protocol/iec61850/client/client.ts";
import { MmsError } from "#protocol/iec61850/client/failing.ts";
import { AssociationRefused } from "#protocol/iec61850/osi/associate.ts";
import { browseDevice, domainsOf, type BrowsedDevice } from "#protocol/iec61850/client/browse.ts";
import type { DlmsSecrets } from "./dlms-secrets.ts";
import { connect, UrlError } from "./place.ts";
import { realClock } from "./real-clock.ts";
import type { MmsUrl } from "./mms-url.ts";

export interface MmsSettings {
  readonly timeoutMs: number;
  /** Asked for where the URL says that one is shown. */
  readonly secrets: Pick<DlmsSecrets, "password">;
}

/** Opens what a URL names; rejects with a message that names the address, and says what to look at. */
export async function openMeter(url: MmsUrl, { timeoutMs, secrets }: MmsSettings): Promise<MmsClient> {
  const password = url.showsPassword ? await secrets.password() : undefined;
  const link = await connect(url.place, timeoutMs);
  try {
    return await MmsClient.associate(link, realClock, { timeoutMs, outstanding: url.outstanding, password });
  } catch (error) {
    throw explained(error, url);
  }
}

/** What a refusal may come of: servers say no more than that they do not want it. */
function explained(error: unknown, { showsPassword, transport }: MmsUrl): unknown {
  const how = error instanceof MmsError && error.cause instanceof AssociationRefused ? error.cause.how : undefined;
  if (!(error instanceof MmsError) || (how !== "refused" && how !== "lost")) return error;
  // Over TLS a server hears of a certificate when the handshake is over for who shows it; of a role it says nothing at all.
  const certificate =
    how === "refused"
      ? "this certificate may have no role that may do anything there"
      : "this certificate may be of an authority that it does not believe";
  const why = [
    ...(transport === "tls" ? [certificate] : []),
    showsPassword
      ? "is it another password, or has the meter none (secret iec61850.password)?"
      : "it may want a password (?auth=password in the URL), have as many clients as it takes, or not be ready",
  ];
  return new MmsError([error.message, ...why].join("; "), error.reason, error.error);
}

/** Does `work` with a meter that is opened for it. */
export async function withMeter<T>(
  url: MmsUrl,
  settings: MmsSettings,
  work: (client: MmsClient) => Promise<T>,
): Promise<T> {
  const client = await openMeter(url, settings);
  let made: T;
  try {
    made = await work(client);
  } catch (error) {
    // Whoever is silent, or says what makes no sense, is not waited for again.
    if (error instanceof MmsError && (error.reason === "silent" || error.reason === "nonsense")) client.abort();
    else await client.conclude();
    throw error;
  }
  await client.conclude();
  return made;
}

/** Its logical devices by their domains: those of the IED that the URL names. Throws UrlError where it has none of that name. */
export async function ownDomains(client: MmsClient, { ied }: MmsUrl): Promise<readonly string[]> {
  const all = await domainsOf(client);
  const own = ied === undefined ? all : all.filter((domain) => domain.startsWith(ied));
  if (own.length === 0 && ied !== undefined)
    throw new UrlError(`${client.peer} has no logical device of an IED "${ied}"; it has ${all.join(", ") || "none"}`);
  return own;
}

/** The model of it, as it tells it. */
export async function modelOf(
  client: MmsClient,
  url: MmsUrl,
  progress: (done: number, of: number) => void = () => {},
): Promise<readonly BrowsedDevice[]> {
  const devices: BrowsedDevice[] = [];
  for (const domain of await ownDomains(client, url)) devices.push(await browseDevice(client, domain, progress));
  return devices;
}
