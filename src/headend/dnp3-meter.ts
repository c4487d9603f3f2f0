/** A meter over DNP3: its link, and who asks. */
import { indications } from "#protocol/dnp3/application/indications.ts";
import { Association } from "#protocol/dnp3/master/association.ts";
import { DnpError } from "#protocol/dnp3/master/failing.ts";
import { Line } from "#protocol/dnp3/master/line.ts";
import type { Dnp3Url } from "./dnp3-url.ts";
import { connect } from "./place.ts";
import { realClock } from "./real-clock.ts";

export interface Dnp3Settings {
  readonly timeoutMs: number;
  /** How often it is asked again; twice unless said. */
  readonly retries?: number;
  /** Ends the line at once. */
  readonly signal?: AbortSignal | undefined;
}

export interface Dnp3Meter {
  readonly line: Line;
  readonly association: Association;
  close(): void;
}

const RETRIES = 2;

/** Opens the line that a URL names; rejects with a message that names the address or device. */
export async function lineTo(
  { place, master, confirm }: Dnp3Url,
  { timeoutMs, retries = RETRIES, signal }: Dnp3Settings,
): Promise<Line> {
  const link = await connect(place, timeoutMs, signal);
  const baud = place.over === "serial" ? place.baud : undefined;
  return new Line(link, realClock, { master, confirm, timeoutMs, retries, baud });
}

export async function openMeter(url: Dnp3Url, settings: Dnp3Settings): Promise<Dnp3Meter> {
  const line = await lineTo(url, settings);
  const { timeoutMs, retries = RETRIES } = settings;
  const association = new Association(line.to(url.address), realClock, { timeoutMs, retries });
  return { line, association, close: () => line.close() };
}

/** How long the data link of who is silent is waited for. */
const LOOK_MS = 500;

/** Does `work` with a meter that is opened for it; what goes wrong says what to look at. */
export async function withMeter<T>(
  url: Dnp3Url,
  settings: Dnp3Settings,
  work: (meter: Dnp3Meter) => Promise<T>,
): Promise<T> {
  const meter = await openMeter(url, settings);
  try {
    return await work(meter);
  } catch (error) {
    throw await explained(error, url, meter.line);
  } finally {
    meter.close();
  }
}

/**
 * Of silence what may be behind it: the data link answers masters that the application does not. Of a function that is refused, too: an
 * outstation says of one that it does not let a master use that it has none.
 */
export async function explained(error: unknown, { address, master, place }: Dnp3Url, line: Line): Promise<unknown> {
  if (!(error instanceof DnpError)) return error;
  if ((error.iin & indications.noFunction) !== 0) {
    const role = place.over === "tls" ? ", or not with the role in this certificate" : "";
    return new DnpError(`${error.message}, or does not let masters use it${role}`, error.reason, error.iin);
  }
  if (error.reason !== "silent") return error;
  const found = await line.present([address], LOOK_MS).catch((): readonly number[] => []);
  const why = found.includes(address)
    ? `its data link answers: is ${master} the address of a master that it knows (?master=${master})?`
    : "an outstation keeps silent to an address that is not its own, and to a master that it does not know; npx polyphase scan looks for addresses";
  return new DnpError(`${error.message}; ${why}`, error.reason);
}
