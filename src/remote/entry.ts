/** A meter of a site that is read from elsewhere, as its entry says it, and what is wrong with that. */
import { INTERVAL, intervalMs } from "#headend/interval.ts";
import { parseMeterUrl } from "#headend/meter-url.ts";
import { isModbus } from "#headend/modbus-url.ts";
import { placeName, UrlError } from "#headend/place.ts";
import type { MeterUrl } from "#headend/reader.ts";
import { parseSiteUrl } from "#headend/site-url.ts";
import type { NamedSecret } from "#io/named-secret.ts";
import { catalogue, revenueModels } from "#model/catalogue.ts";
import type { MeterEntry } from "#product/product.ts";
import { expectedOneOf } from "#quantity/nearest.ts";

/** The model of a meter that tells itself what it has, over a protocol that is made for that. */
export const selfDescribing = { name: "self-describing", title: "A meter that says itself what it has" } as const;

/** How a meter is read. */
export interface ReadEntry {
  readonly url: string;
  /** "5s". */
  readonly every: string;
  /** Seconds that each answer is waited for. */
  readonly timeout: number;
  /** Somebody whom another site lets in. */
  readonly user?: string | undefined;
  readonly password?: NamedSecret | undefined;
  /** Of DLMS/COSEM, in hexadecimal digits. */
  readonly keys?: Readonly<Record<string, NamedSecret | undefined>> | undefined;
  readonly swapWords: boolean;
  readonly maxRegisters?: number | undefined;
}

export type RemoteEntry = MeterEntry & { readonly listen: readonly unknown[] };

export type Whither =
  | { readonly kind: "protocol"; readonly url: MeterUrl }
  | { readonly kind: "site"; readonly site: string; readonly meter: string };

/** Where a URL leads; throws UrlError. */
export function whither(text: string): Whither {
  if (URL.canParse(text)) {
    const { username, password } = new URL(text);
    // Whoever may read the site file would have it.
    if (username !== "" || password !== "")
      throw new UrlError("expected no user and no password in the URL: user and password say them, by name");
  }
  const site = parseSiteUrl(text);
  if (site === undefined) return { kind: "protocol", url: parseMeterUrl(text) };
  if (site.meter === undefined)
    throw new UrlError(`"${text}" is a site; expected one of its meters, http://host:port/#NAME`);
  return { kind: "site", site: site.site, meter: site.meter };
}

/** What is wrong with an entry, key by key. */
export function remoteProblems(entry: RemoteEntry, read: ReadEntry): readonly string[] {
  const at = "source.read";
  const wrong: string[] = [];
  if (intervalMs(read.every) === undefined) wrong.push(`${at}.every: expected ${INTERVAL}; found "${read.every}"`);
  if (read.user !== undefined && read.password === undefined)
    wrong.push(`${at}.password: expected the password of the user, { file: NAME } or { env: NAME }`);
  try {
    wrong.push(...modelProblems(entry.model, whither(read.url)));
  } catch (error) {
    if (!(error instanceof UrlError)) throw error;
    wrong.push(`${at}.url: ${error.message}`);
  }
  return [...wrong, ...strayKeys(entry)];
}

/** Models that a meter which is read can have: those whose registers are known, and the one of what tells them itself. */
export const remoteModelList: readonly { readonly name: string; readonly title: string }[] = [
  ...[...catalogue, ...revenueModels].map(({ name, title }) => ({ name, title })),
  selfDescribing,
];
const remoteModels = remoteModelList.map(({ name }) => name);

function modelProblems(model: string, to: Whither): readonly string[] {
  if (!remoteModels.includes(model)) return [`model: ${expectedOneOf(remoteModels, model)}`];
  if (model !== selfDescribing.name || to.kind === "site" || !isModbus(to.url)) return [];
  return ["model: over Modbus a meter does not say what its registers are; expected its model (npx polyphase models)"];
}

/** What only a meter has that the site makes. */
function strayKeys(entry: RemoteEntry): readonly string[] {
  const { settings, listen, serial, firmware, resetSystem, auxiliary, clockDrift, options, transformers } = entry;
  const made: Readonly<Record<string, boolean>> = {
    settings: Object.keys(settings).length > 0,
    listen: listen.length > 0,
    serial: serial !== undefined,
    firmware: firmware !== undefined,
    resetSystem: resetSystem !== undefined,
    auxiliary: auxiliary !== undefined,
    clockDrift: clockDrift !== 0,
    "options.logging": options.logging,
    transformers: transformers.pt !== 1 || transformers.ct !== 1,
  };
  return Object.keys(made)
    .filter((key) => made[key] === true)
    .map((key) => `${key}: this meter is read (source.read), and has this itself; expected nothing here`);
}

/** The line by which a URL goes, by what all that share it have in common; undefined of a URL that is none. */
export function lineOf(text: string): { readonly name: string; readonly device?: string | undefined } | undefined {
  try {
    const to = whither(text);
    if (to.kind === "site") return { name: to.site };
    const { protocol, place } = to.url;
    const name = `${protocol} ${placeName(place)}`;
    return "device" in place ? { name, device: place.device } : { name };
  } catch {
    // What is wrong with it is said by whoever checks it.
    return undefined;
  }
}
