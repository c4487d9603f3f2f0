/** What answers at a place over DLMS/COSEM: clients that a meter knows, its logical devices, and physical addresses of HDLC. */
import type { Data } from "#protocol/dlms/data/data.ts";
import { nobody } from "#protocol/dlms/client/authentication.ts";
import { DlmsClient } from "#protocol/dlms/client/client.ts";
import { DlmsError } from "#protocol/dlms/client/failing.ts";
import { framingOf } from "#protocol/dlms/transports.ts";
import { reaching, Shut, Unreached } from "./dlms-meter.ts";
import type { DlmsUrl } from "./dlms-url.ts";
import { textOf } from "./dlms-values.ts";
import { realClock } from "./real-clock.ts";

export interface DlmsFound {
  readonly client: number;
  readonly server: number;
  /** Of HDLC. */
  readonly physical?: number;
  /** "open": it lets in whoever shows nothing. */
  readonly says: "open" | "refuses" | "answers";
  /** What it calls itself, or why it refuses. */
  readonly text: string;
}

/** A logical device that one of those that are open tells of. */
export interface LogicalDeviceFound {
  readonly server: number;
  readonly name: string;
}

export interface DlmsScan {
  readonly found: readonly DlmsFound[];
  readonly devices: readonly LogicalDeviceFound[];
  /** So many were asked that kept silent. */
  readonly silent: number;
}

export interface Scanned {
  readonly clients: readonly number[];
  readonly servers: readonly number[];
  readonly physicals: readonly number[];
}

const NAME = { classId: 1, logicalName: "0.0.42.0.0.255", attribute: 2 } as const;
const ASSIGNMENTS = { classId: 17, logicalName: "0.0.41.0.0.255", attribute: 2 } as const;

/** So many clients are tried at an address of HDLC before it is taken to be nobody's. */
const PROBES = 2;

function isHdlc({ transport }: DlmsUrl): boolean {
  return framingOf({ name: transport }) === "hdlc";
}

export interface DlmsScanOptions {
  readonly timeoutMs: number;
  readonly progress: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Tries each, one after the other; nobody's password is shown. Rejects where the place itself cannot be reached, and as soon as `signal` ends it. */
export async function scanDlms(
  url: DlmsUrl,
  { clients, servers, physicals }: Scanned,
  options: DlmsScanOptions,
): Promise<DlmsScan> {
  const { progress, signal } = options;
  const found: DlmsFound[] = [];
  const devices = new Map<number, string>();
  let silent = 0;
  const onLine = isHdlc(url);
  for (const physical of onLine ? physicals : [url.physical])
    for (const server of servers) {
      const before = found.length;
      for (const [k, client] of clients.entries()) {
        // An address at which nobody has answered the first clients has nobody.
        if (onLine && k >= PROBES && found.length === before) break;
        const where = `client ${client}, server ${server}${onLine ? `, physical ${physical}` : ""}`;
        progress(`trying ${where}; ${found.length} found`);
        const one = await look({ ...url, client, server, physical }, options, devices);
        signal?.throwIfAborted();
        if (one === undefined) silent++;
        else found.push({ client, server, ...(onLine ? { physical } : {}), ...one });
      }
    }
  return { found, devices: [...devices].map(([server, name]) => ({ server, name })), silent };
}

async function look(
  url: DlmsUrl,
  { timeoutMs, signal }: DlmsScanOptions,
  devices: Map<number, string>,
): Promise<Pick<DlmsFound, "says" | "text"> | undefined> {
  try {
    return await reaching(url, { timeoutMs, retries: 0, signal }, async (carrier) => {
      const client = await DlmsClient.associate(carrier, { authentication: nobody, retries: 0 });
      const name = await client.get(NAME);
      const assigned = await client.get(ASSIGNMENTS);
      if ("data" in assigned) for (const [server, called] of assignmentsIn(assigned.data)) devices.set(server, called);
      await client.release(realClock);
      await carrier.close();
      return { says: "open", text: "data" in name ? textOf(name.data) : "" };
    });
  } catch (error) {
    signal?.throwIfAborted();
    // What cannot be connected to ends the scan: nothing else is there, either.
    if (error instanceof Unreached) throw error;
    // Who speaks HDLC says so; a connection that ends may be the gateway's.
    if (error instanceof Shut && isHdlc(url)) return { says: "refuses", text: error.message };
    if (!(error instanceof DlmsError)) return undefined;
    return { says: error.reason === "rejected" ? "refuses" : "answers", text: error.message };
  }
}

/** SAP assignment (Blue Book 4.4.5): where each logical device is, and what it is called. */
function assignmentsIn(data: Data): readonly (readonly [server: number, name: string])[] {
  if (data.type !== "array") return [];
  return data.value.flatMap((one) => {
    const [server, name] = one.type === "structure" ? one.value : [];
    return server?.type === "long-unsigned" && name !== undefined ? [[server.value, textOf(name)] as const] : [];
  });
}
