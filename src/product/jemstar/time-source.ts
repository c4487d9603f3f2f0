/** What time it is by the time servers of a revenue meter: those it is configured with, or the site's own clock in their place. */
import type { Clock } from "#clock/clock.ts";
import type { ServedTime } from "#protocol/ntp/host.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { randomNonce } from "#io/password.ts";
import { askUdp, type UdpPeer } from "#io/udp.ts";
import { TimeServers } from "#protocol/ntp/time-servers.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** UTC at an elapsed time; undefined while no server is reached. */
export type ServerTime = ((elapsed: number) => number) | undefined;

export interface TimeSourceOptions {
  readonly clock: Clock;
  readonly settings: () => RevenueFile["timekeeping"];
  /** Told whenever what time it is by the servers has changed. */
  readonly changed: (utc: ServerTime) => void;
}

export class TimeSource {
  readonly #options: TimeSourceOptions;
  #servers: TimeServers | undefined;
  #found: ServerTime;
  #stratum: number | undefined;
  #reached = true;

  constructor(options: TimeSourceOptions) {
    this.#options = options;
  }

  get utc(): ServerTime {
    if (!this.#reached) return undefined;
    if (this.#asks) return this.#found;
    const { clock } = this.#options;
    return (elapsed) => clock.utc() - (clock.elapsed() - elapsed);
  }

  /** Of the server that is followed, where it has said it. */
  get stratum(): number | undefined {
    return this.#asks ? this.#stratum : undefined;
  }

  /** Servers tell the time of people; a site that makes its own has no use for it. */
  get #asks(): boolean {
    const { sync, servers } = this.#options.settings();
    return sync === "ntp" && servers.length > 0 && this.#options.clock instanceof SystemClock;
  }

  /** Servers can be reached, or not. */
  set reached(reached: boolean) {
    this.#reached = reached;
    this.#options.changed(this.utc);
  }

  /** Begins to ask the servers that are configured now, if any. */
  start(): void {
    this.stop();
    this.#found = undefined;
    if (!this.#asks) return;
    const { clock, settings, changed } = this.#options;
    const { servers, pollSeconds } = settings();
    this.#servers = new TimeServers({
      servers: servers.map(peerOf),
      clock,
      ask: askUdp,
      nonce: randomNonce,
      pollSeconds,
      found: (utc, stratum) => {
        this.#found = utc;
        this.#stratum = stratum;
        changed(this.utc);
      },
    });
    this.#servers.start();
  }

  stop(): void {
    this.#servers?.stop();
    this.#servers = undefined;
  }
}

const NTP_PORT = 123;

/** "host", "host:port", "[::1]:port". */
function peerOf(text: string): UdpPeer {
  const [, host = "", port = NTP_PORT] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

export interface TimeServed extends ServedTime {
  /** Milliseconds on which that clock runs, as fast as the site's does: they never step. */
  readonly elapsed: number;
}

/**
 * What time it is by a meter's own clock, which its measuring follows in steps; and how far that is from one that keeps itself, where time servers
 * keep it. A site that makes its own time has servers of which it knows nothing.
 */
export function servedTime(
  { utc, elapsed, timeSource }: { readonly utc: number; readonly elapsed: number; readonly timeSource: string },
  now: number,
  { stratum = 1, utc: server }: { readonly stratum: number | undefined; readonly utc: ServerTime },
): TimeServed {
  const own = utc + now - elapsed;
  if (timeSource !== "time server") return { utc: own, elapsed: now, stratum: undefined };
  // While it runs faster or slower to come up with its server it is off by that.
  const offMs = server === undefined ? undefined : Math.abs(own - server(now));
  return { utc: own, elapsed: now, stratum: 1 + stratum, offMs };
}
