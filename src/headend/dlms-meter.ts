/** A meter over DLMS/COSEM, associated with: what carries it, who asks, and how both end. */
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { DlmsClient } from "#protocol/dlms/client/client.ts";
import { receivedCounter } from "#protocol/dlms/client/counters.ts";
import { CounterTooLow, DlmsError } from "#protocol/dlms/client/failing.ts";
import { usual } from "#protocol/dlms/hdlc/parameters.ts";
import { hdlcCarrier } from "#protocol/dlms/hdlc/primary.ts";
import { framingOf } from "#protocol/dlms/transports.ts";
import { wrapperCarrier } from "#protocol/dlms/wrapper.ts";
import { opticalReader } from "#protocol/iec62056-21/sign-on.ts";
import { authenticationOf } from "./dlms-authentication.ts";
import type { DlmsSecrets } from "./dlms-secrets.ts";
import type { DlmsUrl } from "./dlms-url.ts";
import { connect, openPort, placeName } from "./place.ts";
import { realClock } from "./real-clock.ts";

const PUBLIC_CLIENT = 16;

export interface DlmsMeter {
  readonly client: DlmsClient;
  close(): Promise<void>;
}

export interface DlmsSettings {
  readonly timeoutMs: number;
  readonly secrets: DlmsSecrets;
}

/** How long an answer is waited for, and how often HDLC asks again; twice unless said. */
export interface Patience {
  readonly timeoutMs: number;
  readonly retries?: number | undefined;
  /** Ends what is under way at once, and the link with it. */
  readonly signal?: AbortSignal | undefined;
}

/** What carries APDUs to what the URL names; rejects with a message that names the address or device. */
async function carrierTo(url: DlmsUrl, { timeoutMs, retries, signal }: Patience): Promise<ApduCarrier> {
  const { place, client, server, physical, addressBytes, info, window } = url;
  const addresses = { client, server };
  if (framingOf({ name: url.transport }) === "wrapper")
    return wrapperCarrier(await connect(place, timeoutMs, signal), addresses, realClock, timeoutMs, {
      datagrams: place.over === "udp",
    });
  const sizes = { maxInfoTransmit: info, maxInfoReceive: info, windowTransmit: window, windowReceive: window };
  // What is usual need not be said.
  const propose = info === usual.maxInfoReceive && window === usual.windowReceive ? undefined : sizes;
  const options = { addresses, physical, addressBytes, timeoutMs, retries, propose };
  if (place.over !== "optical") return hdlcCarrier(await connect(place, timeoutMs, signal), realClock, options);
  // An optical head begins at 300 baud, and goes on as fast as the meter and the URL allow.
  const line = await openPort(place);
  const { link, signOn } = opticalReader(line, line.pace, realClock, { timeoutMs, fastestBaud: place.baud });
  return hdlcCarrier(link, realClock, { ...options, before: async () => void (await signOn()) });
}

/** Connects and associates; rejects with a message that says what to look at. */
export async function openMeter(url: DlmsUrl, settings: DlmsSettings): Promise<DlmsMeter> {
  try {
    return await openOnce(url, settings);
  } catch (error) {
    // What nobody could know before the meter says it.
    if (!(error instanceof CounterTooLow) || typeof url.counter === "number") throw named(error, url);
    return openOnce({ ...url, counter: error.expected }, settings).catch((again: unknown) => {
      throw named(again, url);
    });
  }
}

async function openOnce(url: DlmsUrl, settings: DlmsSettings): Promise<DlmsMeter> {
  const { timeoutMs, secrets } = settings;
  const authentication = await authenticationOf(url, secrets, (object) => countedLast(url, settings, object));
  return reaching(url, { timeoutMs }, async (carrier) =>
    associated(carrier, await DlmsClient.associate(carrier, { authentication })),
  );
}

/** Nothing is there to connect to. */
export class Unreached extends Error {}

/** Somebody is there, and does not let this client in: the connection ends at once, or HDLC is refused. */
export class Shut extends Error {}

/** A meter with room for one shuts out who comes before it has noticed that the last one left: so often it is asked again, after so long. */
const AGAIN = 2;
const AGAIN_MS = 200;

/** Opens a carrier for `use`, which has to end it; where that fails it is ended here. Rejects as `use` does, and where nothing is reached. */
export async function reaching<T>(
  url: DlmsUrl,
  patience: Patience,
  use: (carrier: ApduCarrier) => Promise<T>,
): Promise<T> {
  for (let left = AGAIN; ; left--) {
    const carrier = await carrierTo(url, patience).catch((error: unknown) => {
      patience.signal?.throwIfAborted();
      throw new Unreached(error instanceof Error ? error.message : String(error));
    });
    const began = realClock.elapsed();
    try {
      await carrier.open();
      return await use(carrier);
    } catch (error) {
      await carrier.close().catch(() => {});
      patience.signal?.throwIfAborted();
      // Silence takes its time; what ends sooner was shut.
      const wasShut = !(error instanceof DlmsError) && realClock.elapsed() - began < patience.timeoutMs;
      // A datagram may be lost, and nobody says so.
      const mayBeLost = !(error instanceof DlmsError) && url.transport === "udp" && patience.retries !== 0;
      if (!wasShut && (!mayBeLost || left <= 0)) throw error;
      if (left <= 0) throw new Shut(error instanceof Error ? error.message : String(error), { cause: error });
    }
    await new Promise<void>((resolve) => void realClock.after(AGAIN_MS, resolve));
  }
}

function associated(carrier: ApduCarrier, client: DlmsClient): DlmsMeter {
  return {
    client,
    async close() {
      await client.release(realClock);
      await carrier.close();
    },
  };
}

/** The counter that the meter had last, as its public client shows it; undefined where it does not. */
async function countedLast(url: DlmsUrl, settings: DlmsSettings, object?: string): Promise<number | undefined> {
  let meter: DlmsMeter;
  try {
    meter = await openMeter({ ...url, client: PUBLIC_CLIENT, mechanism: "none", security: "none" }, settings);
  } catch (error) {
    // A meter without a public client.
    if (error instanceof DlmsError || framingOf({ name: url.transport }) === "wrapper") return undefined;
    throw error;
  }
  try {
    return await receivedCounter(meter.client, object);
  } finally {
    await meter.close();
  }
}

/** What is wrong, with where, and what to look at where nothing came. */
function named(error: unknown, { place, client, server, transport }: DlmsUrl): unknown {
  const where = `${placeName(place)}, client ${client}, server ${server}`;
  if (error instanceof DlmsError) return new DlmsError(`${where}: ${error.message}`, error.reason);
  if (!(error instanceof Error) || error instanceof Unreached) return error;
  const other =
    framingOf({ name: transport }) === "wrapper"
      ? "HDLC (dlms+hdlctcp://)"
      : "the wrapper (dlms://), or has another physical address";
  return new Error(
    `${error.message}; a meter keeps silent to a client and a server that it does not know (client=${client}, server=${server}), to other keys, while another client has its one association, and where it speaks ${other}`,
    { cause: error },
  );
}
