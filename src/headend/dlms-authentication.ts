/** Who asks a meter over DLMS/COSEM: by what its URL says, and what there is to show. */
import { byPassword, nobody, type Authentication } from "#protocol/dlms/client/authentication.ts";
import { counterByTime, countingFrom } from "#protocol/dlms/client/counters.ts";
import { byKeys, makeDedicatedKey, type Keys } from "#protocol/dlms/client/keyed.ts";
import type { Sealing } from "#protocol/dlms/security/style.ts";
import { suites } from "#protocol/dlms/security/suite.ts";
import type { DlmsKey, DlmsSecrets } from "./dlms-secrets.ts";
import type { DlmsUrl, Security } from "./dlms-url.ts";
import { UrlError } from "./place.ts";
import { realClock } from "./real-clock.ts";

const sealings: Readonly<Record<Security, Sealing | undefined>> = {
  none: undefined,
  authenticated: { authenticated: true, encrypted: false },
  encrypted: { authenticated: false, encrypted: true },
  both: { authenticated: true, encrypted: true },
};

/** `lastCounter` asks the meter's public client which invocation counter came last. Throws UrlError of what is missing. */
export async function authenticationOf(
  url: DlmsUrl,
  secrets: DlmsSecrets,
  lastCounter: (object?: string) => Promise<number | undefined>,
): Promise<Authentication> {
  const { mechanism, suite, title } = url;
  const sealing = sealings[url.security ?? usualSecurity(url, secrets)];
  const isKeyed = mechanism === "high-gmac" || mechanism === "high-ecdsa";
  const hasSecret = mechanism === "low" || (mechanism !== "none" && !isKeyed);
  if (mechanism === "high")
    throw new UrlError("auth=high is what each manufacturer makes of it: expected md5, sha1, gmac, sha256 or ecdsa");
  if (sealing === undefined && mechanism === "none") return nobody;
  const secret = hasSecret ? await secrets.password() : undefined;
  if (sealing === undefined && secret !== undefined && mechanism === "low") return byPassword(secret);
  if (sealing !== undefined || mechanism === "high-gmac") {
    needed(url, secrets, "encryption");
    if (sealing?.authenticated !== false) needed(url, secrets, "authentication");
  }
  const first = sealing === undefined && mechanism !== "high-gmac" ? 1 : await firstCounter(url, lastCounter);
  const keys: Keys = {
    suite,
    encryption: secrets.key("encryption"),
    authentication: secrets.key("authentication"),
    signing: mechanism === "high-ecdsa" ? needed(url, secrets, "signing") : undefined,
    meter: mechanism === "high-ecdsa" ? needed(url, secrets, "meter") : undefined,
    nextCounter: countingFrom(first),
  };
  const dedicated = url.dedicated && sealing !== undefined ? makeDedicatedKey(suite) : undefined;
  return byKeys({ mechanism, keys, title, secret, sealing, dedicated, general: url.general });
}

/** Who shows something and has keys protects what he says. */
function usualSecurity({ mechanism }: DlmsUrl, secrets: DlmsSecrets): Security {
  if (mechanism === "none" || mechanism === "low") return "none";
  return secrets.key("encryption") === undefined ? "none" : "both";
}

async function firstCounter(
  { counter }: DlmsUrl,
  lastCounter: (object?: string) => Promise<number | undefined>,
): Promise<number> {
  if (typeof counter === "number") return counter;
  const last = await lastCounter(counter);
  if (last !== undefined) return last + 1;
  // Another counter than the one that was meant would shut out whoever counts on from there.
  if (counter !== undefined)
    throw new UrlError(`counter of the URL: the meter shows none at ${counter} to its public client`);
  return counterByTime(realClock.utc());
}

const keyWords: Readonly<Record<DlmsKey, string>> = {
  encryption: "the encryption key",
  authentication: "the authentication key",
  signing: "the client's private key",
  meter: "the meter's public key",
};

/** Throws UrlError where it is missing, or of another length than the suite has. */
function needed({ suite, mechanism }: DlmsUrl, secrets: DlmsSecrets, name: DlmsKey): Uint8Array {
  const key = secrets.key(name);
  const words = `${keyWords[name]} (${secrets.nameOf(name)})`;
  if (key === undefined)
    throw new UrlError(`${words} is missing: auth=${mechanism.replace("high-", "")} and its security need it`);
  const { keyLength, curve } = suites[suite];
  const curveLength = curve === "P-384" ? 48 : 32;
  const expected = name === "signing" ? curveLength : name === "meter" ? 2 * curveLength : keyLength;
  if (key.length === expected) return key;
  throw new UrlError(`${words}: expected ${expected} bytes (suite ${suite}), found ${key.length}`);
}
