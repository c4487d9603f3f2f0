/** A meter over IEC 60870-5-102 in a session: what carries it, its key, and how both end. */
import { LinkFailure, Primary } from "#protocol/iec102/frame/primary.ts";
import { Iec102Client } from "#protocol/iec102/reader/client.ts";
import { Iec102Error } from "#protocol/iec102/reader/failing.ts";
import type { DlmsSecrets } from "./dlms-secrets.ts";
import type { Iec102Url } from "./iec102-url.ts";
import { connect, placeName, UrlError } from "./place.ts";
import { realClock } from "./real-clock.ts";

export interface Iec102Settings {
  readonly timeoutMs: number;
  /** The key is the password, in decimal digits. */
  readonly secrets: Pick<DlmsSecrets, "password">;
}

const HIGHEST_KEY = 0xffff_ffff;

/** What was given is never printed. */
async function keyOf({ withKey }: Iec102Url, { secrets }: Iec102Settings): Promise<number | undefined> {
  if (!withKey) return undefined;
  const text = new TextDecoder().decode(await secrets.password()).trim();
  const key = Number(text);
  if (/^\d{1,10}$/.test(text) && key <= HIGHEST_KEY) return key;
  throw new UrlError(`the password of a meter over IEC 60870-5-102 is its key: expected a number up to ${HIGHEST_KEY}`);
}

/** A meter with room for one shuts out who comes before it has noticed that the last one left: so often it is asked again, after so long. */
const AGAIN = 2;
const AGAIN_MS = 200;

/** Connects and begins a session; rejects with a message that says what to look at. */
export async function openMeter(url: Iec102Url, settings: Iec102Settings): Promise<Iec102Client> {
  const key = await keyOf(url, settings);
  for (let left = AGAIN; ; left--) {
    try {
      return await openOnce(url, settings, key);
    } catch (error) {
      if (!(error instanceof ShutOut) || left <= 0) throw named(error instanceof ShutOut ? error.cause : error, url);
    }
    await new Promise<void>((resolve) => void realClock.after(AGAIN_MS, resolve));
  }
}

async function openOnce(url: Iec102Url, { timeoutMs }: Iec102Settings, key: number | undefined): Promise<Iec102Client> {
  const { place, address, octets, point } = url;
  const link = await connect(place, timeoutMs);
  const primary = new Primary(link, realClock, { address, octets, timeoutMs, class: url.class });
  const client = new Iec102Client(primary, point);
  try {
    await client.open(key);
    return client;
  } catch (error) {
    await client.close();
    // A key that ended the connection is not shown again: it may be a wrong one.
    const wasShut = error instanceof LinkFailure && error.reason === "closed" && !primary.answered;
    throw wasShut ? new ShutOut(error.message, { cause: error }) : error;
  }
}

/** The connection ended before the station had said anything. */
class ShutOut extends Error {}

/** Errors that say where already. */
const told = new WeakSet<Error>();

/** What is wrong, with where, and what to look at where nothing came; once, however often an error comes by. */
export function named(error: unknown, url: Iec102Url): unknown {
  if (error instanceof Error && told.has(error)) return error;
  const better = withPlace(error, url);
  if (better instanceof Error) told.add(better);
  return better;
}

function withPlace(error: unknown, { place, address, octets, point }: Iec102Url): unknown {
  const where = `${placeName(place)}, link address ${address}, point ${point}`;
  if (error instanceof Iec102Error) return new Iec102Error(`${where}: ${error.message}`, error.reason, error.refusal);
  if (!(error instanceof LinkFailure) || error.reason !== "silence") return error;
  const other = octets === 2 ? 1 : 2;
  return new LinkFailure(
    `${error.message}; a station keeps silent to another link address than its own, to one of ${other} octet${other === 1 ? "" : "s"} (octets=${other}), and to another speed or parity`,
    "silence",
  );
}
