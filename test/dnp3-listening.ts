/** Meters of a site that listen for DNP3, whose application answers what a test says. */
import type { TestContext } from "node:test";
import type { Clock } from "#clock/clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import type { OpenListener } from "#fleet/listener.ts";
import { Listeners } from "#fleet/listeners.ts";
import { dnp3With } from "#fleet/protocols/dnp3.ts";
import type { Listening } from "#fleet/protocols/protocol.ts";
import { siteSchemaOf } from "#fleet/site-schema.ts";
import type { Link } from "#io/link.ts";
import type { DnpHost } from "#protocol/dnp3/outstation/host.ts";
import { fromHex, toHex } from "./dnp3-exchanges.ts";
import { AnsweringOutstation, nullResponse, usualSettings, type RigSettings } from "./dnp3-line.ts";

export interface Meter {
  readonly listening: Listening;
  /** By port. */
  readonly servers: Map<string, AnsweringOutstation>;
  /** What its ports are told. */
  readonly told: string[];
  /** Ports whose outstations have ended. */
  readonly ended: string[];
  answers: boolean;
}

/** A row of the table whose outstations remember what they are asked; `meters` says whose they are. */
const owners = new WeakMap<DnpHost, Meter>();
export const dnp3 = dnp3With((host, { port }) => {
  const server = new AnsweringOutstation(nullResponse);
  owners.get(host)?.servers.set(port, server);
  return Object.assign(server, { close: () => void owners.get(host)?.ended.push(port) });
});
export const table = [dnp3];

export function meter(
  name: string,
  listen: readonly unknown[],
  settings: RigSettings = {},
  more: Partial<Listening> = {},
): Meter {
  const site = { meters: [{ name, model: "x", source: { live: {} }, listen }] };
  const [entry] = siteSchemaOf(table).parse(site).meters;
  const told: string[] = [];
  const { link, ...given } = settings;
  const bindings: Listening["bindings"] = {
    dnp3: () => {
      const host = {
        epoch: 1,
        settings: { ...usualSettings, ...given, link: { ...usualSettings.link, ...link } },
        answers: () => one.answers,
      } as unknown as DnpHost;
      owners.set(host, one);
      return host;
    },
  };
  const listening: Listening = {
    name,
    listen: entry!.listen,
    bindings,
    line: { address: given.address ?? 1, baud: 9600, parity: 0 },
    room: () => undefined,
    traffic: (port) => {
      const tell = (what: string) => (): void => void told.push(`${port} ${what}`);
      return {
        opened: tell("opened"),
        failed: tell("failed"),
        connected: tell("connected"),
        left: tell("left"),
        heard() {},
        misunderstood: tell("misunderstood"),
      };
    },
    ...more,
  };
  const one: Meter = { listening, servers: new Map(), told, ended: [], answers: true };
  return one;
}

export async function open(
  t: TestContext,
  meters: readonly Meter[],
  { folder = ".", clock = new SystemClock() }: { readonly folder?: string; readonly clock?: Clock } = {},
): Promise<readonly OpenListener[]> {
  const listeners = new Listeners({ clock, folder, table });
  await listeners.open(meters.map(({ listening }) => listening));
  t.after(() => listeners.close());
  return listeners.all;
}

export function portOf({ urls }: OpenListener): number {
  return Number(/:(\d+)\//.exec(urls[0]?.url ?? "")?.[1]);
}

/** A master's hand on a link: asks, and waits until so many octets have come, or the other side has closed. */
export function hand(t: TestContext, link: Link) {
  t.after(() => link.close());
  let heard = Buffer.alloc(0);
  let closed = false;
  let wake = (): void => {};
  link.receive((bytes) => {
    heard = Buffer.concat([heard, bytes]);
    wake();
  });
  link.closed(() => {
    closed = true;
    wake();
  });
  const taken = async (octets: number): Promise<string> => {
    for (;;) {
      if (heard.length >= octets || closed) break;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const bytes = heard.subarray(0, octets);
    heard = heard.subarray(octets);
    return toHex(bytes);
  };
  return {
    link,
    taken,
    ask: (bytes: string | Uint8Array, octets: number): Promise<string> => {
      link.send(typeof bytes === "string" ? fromHex(bytes) : bytes);
      return taken(octets);
    },
    get closed() {
      return closed;
    },
  };
}
