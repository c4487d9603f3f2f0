/** Whatever GOOSE comes at an interface, or over UDP: each publisher's states as they come, and when it is gone. */
import type { Clock } from "#clock/clock.ts";
import { openEthernet } from "#io/ethernet-open.ts";
import { readText } from "#io/file.ts";
import { listenUdp } from "#io/udp-listener.ts";
import { GOOSE_TYPE } from "#protocol/iec61850/goose/goose-frame.ts";
import { GooseReceiver } from "#protocol/iec61850/goose/receiver.ts";
import { controlBlockNamed } from "#protocol/iec61850/goose/references.ts";
import {
  encryptions,
  keyOctets,
  SessionReader,
  signatures,
  type Encryption,
  type SessionKey,
  type Signature,
} from "#protocol/iec61850/goose/session-security.ts";
import { Subscription, type Received, type SubscriptionState } from "#protocol/iec61850/goose/subscription.ts";
import { gooseTransports } from "#protocol/iec61850/goose/transports.ts";
import { dataText } from "#protocol/iec61850/mms/data-words.ts";

/** Publishers that are told apart; more are not shown. */
const MOST = 1000;
const IDLE_MS = 120_000;

export interface WatchedGoose {
  readonly controlBlock: string;
  readonly appId: number;
  readonly source: string;
  readonly state: SubscriptionState;
  /** Values of the state in words. */
  readonly values: readonly string[];
}

export interface GooseWatching {
  readonly told: (watched: WatchedGoose) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export const gooseForms =
  "goose://INTERFACE, or goose+udp://host:port?group=ADDRESS&key=FILE&id=N&encryption=aes-128-gcm&signature=none";

/** Where to listen; throws an Error that says what is wrong with a URL. */
export function gooseUrl(text: string): { readonly interface: string } | RoutedPlace {
  const [, interfaceName] = /^goose:\/\/([^/?#\s]{1,15})\/?$/.exec(text) ?? [];
  if (interfaceName !== undefined) return { interface: interfaceName };
  const url = text.startsWith("goose+udp://") ? URL.parse(text) : null;
  if (url === null) throw new Error(`${text}: expected ${gooseForms}`);
  const asked = url.searchParams;
  const known = ["group", "key", "id", "encryption", "signature"];
  const stranger = [...asked.keys()].find((key) => !known.includes(key));
  if (stranger !== undefined) throw new Error(`${stranger}: expected ${known.join(", ")}`);
  const encryption = oneOf("encryption", asked.get("encryption") ?? "none", encryptions);
  const signature = oneOf("signature", asked.get("signature") ?? "hmac-sha256-128", signatures);
  const file = asked.get("key");
  const id = Number(asked.get("id") ?? 1);
  if (!Number.isInteger(id) || id < 1) throw new Error(`id: expected a whole number from 1, found ${asked.get("id")}`);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? gooseTransports[1].port : Number(url.port),
    groups: asked.getAll("group"),
    keys: file === null ? [] : [{ id, encryption, signature, key: keyIn(file, encryption) }],
  };
}

export interface RoutedPlace {
  readonly host: string;
  readonly port: number;
  readonly groups: readonly string[];
  readonly keys: readonly SessionKey[];
}

function oneOf<T extends Encryption | Signature>(key: string, text: string, all: Readonly<Record<T, unknown>>): T {
  if (Object.hasOwn(all, text)) return text as T;
  throw new Error(`${key}: expected one of ${Object.keys(all).join(", ")}, found ${text}`);
}

function keyIn(file: string, encryption: Encryption): Uint8Array {
  const key = keyOctets(readText(file).trim(), encryption);
  if (typeof key === "string") throw new Error(`${file}: ${key}`);
  return key;
}

/** Resolves when the signal comes; rejects with why nothing can be heard there. */
export async function watchGoose(text: string, only: readonly string[], watching: GooseWatching): Promise<void> {
  const place = gooseUrl(text);
  const watched = new Publishers(only, watching);
  const receiver = new GooseReceiver((received) => watched.take(received));
  const stop =
    "interface" in place
      ? await hear(place.interface, receiver, watching)
      : await hearRouted(place, receiver, watching);
  await new Promise<void>((resolve) => {
    if (watching.signal.aborted) resolve();
    else watching.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  watched.close();
  await stop();
}

async function hear(name: string, receiver: GooseReceiver, { signal }: GooseWatching): Promise<() => Promise<void>> {
  const port = await openEthernet({ kind: "interface", name });
  port.receive(GOOSE_TYPE, undefined, ({ bytes }) => {
    if (!signal.aborted) receiver.takeFrame(bytes);
  });
  return async () => port.close();
}

async function hearRouted(
  { host, port, groups, keys }: RoutedPlace,
  receiver: GooseReceiver,
  { clock }: GooseWatching,
): Promise<() => Promise<void>> {
  const sessions = new SessionReader(keys);
  const options = { host, port, groups, maxPeers: MOST, idleMs: IDLE_MS, clock };
  const listener = await listenUdp(options, (link) =>
    link.receive((bytes) => void receiver.takeDatagram(bytes, link.peer, sessions)),
  );
  return () => listener.close();
}

/** Each is followed by itself: two that say that they are the same are shown as two, and so are simulations. */
class Publishers {
  readonly #only: readonly string[];
  readonly #watching: GooseWatching;
  readonly #all = new Map<string, Subscription>();

  constructor(only: readonly string[], watching: GooseWatching) {
    this.#only = only.map(controlBlockNamed);
    this.#watching = watching;
  }

  take(received: Received): void {
    const { pdu, source, simulated, appId } = received;
    const { controlBlock } = pdu;
    if (this.#only.length > 0 && !this.#only.includes(controlBlock)) return;
    const isSimulated = simulated || pdu.simulated;
    const name = `${controlBlock} ${appId} ${source} ${isSimulated}`;
    const known = this.#all.get(name);
    if (known === undefined && this.#all.size >= MOST) return;
    const subscription = known ?? this.#follow(received, isSimulated);
    this.#all.set(name, subscription);
    subscription.take(received);
  }

  #follow({ pdu: { controlBlock }, source, appId }: Received, isSimulated: boolean): Subscription {
    const { clock, told } = this.#watching;
    return new Subscription(
      { controlBlock },
      {
        clock,
        acceptsSimulation: () => isSimulated,
        changed: (state) =>
          told({ controlBlock, appId, source, state, values: (state.values ?? []).map((one) => dataText(one)) }),
      },
    );
  }

  close(): void {
    for (const one of this.#all.values()) one.close();
  }
}
