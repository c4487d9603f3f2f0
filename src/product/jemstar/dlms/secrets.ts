/** Secrets of DLMS in the meter's store of protocol secrets (command `secret`): what they are called, by the client's address, and how long they are. */
export const secretNames = {
  /** High-level security with MD5, SHA-1, SHA-256. */
  high: (client: number) => `dlms.${client}.high`,
  encryption: (client: number) => `dlms.${client}.encryption`,
  authentication: (client: number) => `dlms.${client}.authentication`,
  broadcast: (client: number) => `dlms.${client}.broadcast`,
  master: (client: number) => `dlms.${client}.master`,
  /** The meter's own private key, and the client's public one (ECDSA). */
  signing: (client: number) => `dlms.${client}.signing`,
  clientSigning: (client: number) => `dlms.${client}.client-signing`,
  /** The same for key agreement (ECDH). */
  agreement: (client: number) => `dlms.${client}.agreement`,
  clientAgreement: (client: number) => `dlms.${client}.client-agreement`,
  /** No secrets: certificates (X.509, DER) one behind the other. */
  certificates: (client: number) => `dlms.${client}.certificates`,
  /** No secret: the security policy that a client has activated for good, one byte, which people with the same rights may take back. */
  policy: (client: number) => `dlms.${client}.policy`,
} as const;

/** Bytes that a secret has: of suites 0 and 1, and of suite 2. What is not here is as long as it is. */
const lengths: Readonly<Record<string, readonly number[]>> = {
  encryption: [16, 32],
  authentication: [16, 32],
  broadcast: [16, 32],
  master: [16, 32],
  signing: [32, 48],
  "client-signing": [64, 96],
  agreement: [32, 48],
  "client-agreement": [64, 96],
  policy: [1],
};

/** What a name of DLMS is, part by part. */
const NAME = /^dlms\.(?:[1-9]|[1-9][0-9]|1[01][0-9]|12[0-7])\.([a-z-]+)$/;
const parts: readonly string[] = Object.values(secretNames).map((nameOf) => nameOf(0).split(".")[2] ?? "");

/** Whether a secret may be as long as certificates are. */
export function isCertificates(name: string): boolean {
  return /^dlms\.[0-9]+\.certificates$/.test(name);
}

/** Why a secret of DLMS is none, in words; undefined of what is one, and of what is not DLMS's. */
export function wrongSecret(name: string, secret: Uint8Array): string | undefined {
  if (!name.startsWith("dlms.")) return undefined;
  const part = NAME.exec(name)?.[1];
  if (part === undefined || !parts.includes(part))
    return `name: expected dlms., a client from 1 to 127, and one of ${parts.join(", ")}, like dlms.1.authentication; found ${name}`;
  const expected = Object.hasOwn(lengths, part) ? lengths[part] : undefined;
  if (expected === undefined || expected.includes(secret.length)) return undefined;
  const isHex = /^[0-9A-Fa-f]+$/.test(String.fromCharCode(...secret));
  const hint =
    isHex && expected.includes(secret.length / 2) ? ' (it looks like hex: say so, "encoding": "hex", --hex)' : "";
  return `${name}: ${secret.length} bytes, where ${expected.join(" or ")} were expected${hint}`;
}
