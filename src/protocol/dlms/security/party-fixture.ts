/** Two parties with the keys of the Green Book's examples, and what they have said: for the tests of this room. */
import { makeKeyPair } from "#io/curves.ts";
import { Party, type Keyring } from "./party.ts";
import type { SuiteId } from "./protection.ts";
import type { Sealing, Style } from "./style.ts";
import { suites } from "./suite.ts";

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
export const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();

/** Table 38 and on. */
export const encryption = hex("000102030405060708090A0B0C0D0E0F");
export const authentication = hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");

/** Keys with counters as a meter keeps them: what is not told is not set. */
export function keyring(
  set: Partial<Omit<Keyring, "suite">> & { readonly suite?: SuiteId; readonly next?: number } = {},
): Keyring {
  let next = set.next ?? 1;
  const highest = { unicast: -1, broadcast: -1 };
  return {
    suite: 0,
    encryption,
    authentication,
    broadcast: undefined,
    master: undefined,
    signing: undefined,
    peerSigning: undefined,
    agreement: undefined,
    peerAgreement: undefined,
    ...set,
    nextCounter: () => next++,
    acceptCounter(key, counter) {
      if (counter <= highest[key]) return false;
      highest[key] = counter;
      return true;
    },
    get received() {
      return Math.max(0, highest.unicast);
    },
  };
}

/** Client and server of each other. */
export function pair(
  client: Keyring,
  server: Keyring,
  {
    dedicated,
    titles = ["4A444C0000000007", "4752580000000001"],
  }: { dedicated?: Uint8Array; titles?: [string, string] } = {},
): { readonly client: Party; readonly server: Party } {
  const [c, s] = [hex(titles[0]), hex(titles[1])];
  return {
    client: new Party({ keys: client, own: c, peer: s, dedicated }),
    server: new Party({ keys: server, own: s, peer: c, dedicated }),
  };
}

/** Keys of all kinds for a suite, on both sides. */
export function everyKey(suite: SuiteId): { readonly client: Keyring; readonly server: Keyring } {
  const { keyLength, curve } = suites[suite];
  const key = (from: number): Uint8Array => Uint8Array.from({ length: keyLength }, (_, k) => from + k);
  const same = {
    suite,
    encryption: key(0),
    authentication: key(0x80),
    broadcast: key(0x40),
    master: key(0xa0),
  };
  if (curve === undefined) return { client: keyring(same), server: keyring(same) };
  const [clientSigns, serverSigns, clientAgrees, serverAgrees] = [
    makeKeyPair(curve),
    makeKeyPair(curve),
    makeKeyPair(curve),
    makeKeyPair(curve),
  ];
  return {
    client: keyring({
      ...same,
      signing: clientSigns.privateKey,
      peerSigning: serverSigns.publicKey,
      agreement: clientAgrees.privateKey,
      peerAgreement: serverAgrees.publicKey,
    }),
    server: keyring({
      ...same,
      signing: serverSigns.privateKey,
      peerSigning: clientSigns.publicKey,
      agreement: serverAgrees.privateKey,
      peerAgreement: clientAgrees.publicKey,
    }),
  };
}

/** Every style of a suite that seals so, each with a transaction of its own. */
export function stylesOf(suite: SuiteId, sealing: Sealing): readonly Style[] {
  let count = 0;
  const transaction = (): Uint8Array =>
    Uint8Array.of(sealing.authenticated ? 1 : 0, sealing.encrypted ? 1 : 0, ++count);
  const sources = [
    "unicast",
    "broadcast",
    "wrapped",
    ...(suite === 0 ? [] : (["one-pass", "static"] as const)),
  ] as const;
  const unsigned = (): readonly Style[] => [
    ...(["global", "general-global", "dedicated", "general-dedicated"] as const).map((kind) => ({ kind, ...sealing })),
    ...sources.map((key) => ({ kind: "general-ciphering", ...sealing, key, transaction: transaction() }) as const),
    { kind: "general-global", ...sealing, broadcast: true },
  ];
  if (suite === 0) return unsigned();
  const signed = [{ kind: "plain" } as const, ...unsigned()].map((inside): Style => ({
    kind: "general-signing",
    transaction: transaction(),
    inside,
  }));
  return [...unsigned(), ...signed];
}
