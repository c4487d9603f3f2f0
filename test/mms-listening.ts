/** Meters of a site that listen for MMS: a small model of an IED behind each, on null modems or on TCP. */
import type { TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { OpenListener } from "#fleet/listener.ts";
import { Listeners } from "#fleet/listeners.ts";
import type { Notice } from "#fleet/notice.ts";
import { carriers, type Carriers } from "#fleet/protocols/carriers.ts";
import { mmsWith } from "#fleet/protocols/mms.ts";
import type { Listening } from "#fleet/protocols/protocol.ts";
import { siteSchemaOf } from "#fleet/site-schema.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { mmsServer } from "#protocol/iec61850/server/server.ts";
import { fromHex, toHex } from "./mms-exchanges.ts";
import { TestHost } from "./mms-serving.ts";
import { smallIed } from "./small-ied.ts";

/** CR and CONNECT of libiec61850's client; CC and the length of ACCEPT of its server, which are ours. */
export const connectionRequest = "0300001611e00000000100c0010dc2020001c1020001";
export const connectionConfirm = "0300001611d00001000100c0010dc2020001c1020001";
export const associateRequest =
  "030000bb02f0800db20506130100160102140200023302000134020001c19c318199a003800101a28191810400000001820400000001a423300f0201010604520100013004060251013010020103060528ca220201300406025101615e305c020101a0576055a107060528ca220203a20706052901876701a30302010ca606060429018767a70302010cbe2f282d020103a028a826800300fde881010582010583010aa416800101810305f100820c03ee1c00000408000079ef18";
/** Identify. */
export const identify = "0300001b02f08001000100610e300c020103a007a0050201018200";

export interface MmsMeter {
  readonly listening: Listening;
  readonly host: TestHost;
  /** Servers that have been made, and that have ended. */
  readonly servers: { made: number; ended: number };
}

const owners = new WeakMap<object, MmsMeter>();
const row = mmsWith((host, clock) => {
  const server = mmsServer(host, { clock });
  const meter = owners.get(host.ied);
  if (meter !== undefined) meter.servers.made++;
  return {
    line: (from, refused) => server.line(from, refused),
    close() {
      if (meter !== undefined) meter.servers.ended++;
      server.close();
    },
  };
});
export const table = [row];

export function meter(name: string, listen: readonly unknown[], more: Partial<Listening> = {}): MmsMeter {
  const site = { meters: [{ name, model: "x", source: { live: {} }, listen }] };
  const [entry] = siteSchemaOf(table).parse(site).meters;
  const host = new TestHost(smallIed());
  const listening: Listening = {
    name,
    listen: entry!.listen,
    bindings: { iec61850: () => host },
    line: { address: 1, baud: 9600, parity: 0 },
    room: () => undefined,
    ...more,
  };
  const one: MmsMeter = { listening, host, servers: { made: 0, ended: 0 } };
  owners.set(host.ied, one);
  return one;
}

export async function open(
  t: TestContext,
  meters: readonly MmsMeter[],
  folder = ".",
  refused: (notice: Notice) => void = () => {},
): Promise<readonly OpenListener[]> {
  const listeners = new Listeners({ clock: new SystemClock(), folder, table, refused });
  await listeners.open(meters.map(({ listening }) => listening));
  t.after(() => listeners.close());
  return listeners.all;
}

export function portOf({ urls }: OpenListener): number {
  return Number(/:(\d+)\b/.exec(urls[0]?.url ?? "")?.[1]);
}

/** Whatever has been promised so far is done. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Octets that a client's end of a link is asked with, and what has come back. */
export function client(here: Link) {
  let heard = "";
  let isClosed = false;
  here.receive((bytes) => (heard += toHex(bytes)));
  here.closed(() => (isClosed = true));
  const taken = (): string => {
    const all = heard;
    heard = "";
    return all;
  };
  return {
    here,
    get closed() {
      return isClosed;
    },
    heard: taken,
    async ask(hex: string): Promise<string> {
      here.send(fromHex(hex));
      await settled();
      return taken();
    },
  };
}

/** A meter whose listener is a null modem: nothing here takes time. */
export async function modem(one: MmsMeter) {
  const clock = new VirtualClock();
  let accept: (link: Link) => void = () => {};
  const tcp: Carriers["tcp"] = {
    ...carriers.tcp,
    open: async (_keys, _place, take) => {
      accept = take;
      return { what: "host:1102", authority: "host:1102", query: [], close: async () => {} };
    },
  };
  const listeners = new Listeners({ clock, folder: ".", table, carriers: { ...carriers, tcp } });
  await listeners.open([one.listening]);
  return {
    clock,
    listeners,
    listener: listeners.all[0]!,
    peer() {
      const [here, there] = nullModem();
      accept(there);
      return client(here);
    },
    /** Bursts have their turns. */
    turn: () => clock.advance(1),
  };
}
