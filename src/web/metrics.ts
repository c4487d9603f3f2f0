/** What programs that watch the site are told: the Prometheus text format, version 0.0.4. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Hono } from "hono";
import type { Site } from "#fleet/site.ts";
import type { EventStreams } from "./event-streams.ts";
import type { SiteSessions } from "./site-sessions.ts";

const NS = 1e9;
const US = 1e6;

export interface Watched {
  readonly site: Site;
  readonly sessions: SiteSessions;
  readonly streams: EventStreams;
  /** Requests that were refused for who asked, or from where. */
  readonly refused: () => number;
}

const peerWords: Readonly<Record<string, string>> = {
  taken: "connections that listeners let in",
  refused: "connections for which there was no place",
  putOut: "peers that were closed to make room for others, before they had had an answer",
  handshakesFailed: "TLS handshakes that failed or took too long",
  unread: "peers that were dropped because they did not read",
};

type Row = readonly [name: string, kind: "gauge" | "counter", says: string, value: number, labels?: string];

function textOf(rows: readonly Row[]): string {
  return rows
    .map(([name, kind, says, value, labels = ""]) => {
      const whole = `polyphase_${name}`;
      return `# HELP ${whole} ${says}\n# TYPE ${whole} ${kind}\n${whole}${labels} ${value}\n`;
    })
    .join("");
}

/** What became of peers, of all listeners together. */
function peerRows({ listeners }: Site): readonly Row[] {
  const all = new Map<string, number>();
  for (const { counts } of listeners)
    for (const [what, count] of Object.entries(counts)) all.set(what, (all.get(what) ?? 0) + count);
  const name = (what: string): string => what.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [...all].map(([what, count]) => [`peers_${name(what)}_total`, "counter", peerWords[what] ?? what, count]);
}

export function addMetrics(app: Hono, { site, sessions, streams, refused }: Watched): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  app.get("/metrics", (context) => {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    // prettier-ignore
    const rows: readonly Row[] = [
      ["up", "gauge", "1 while the site runs", 1],
      ["meters", "gauge", "meters of the site", site.meters.length],
      ["listeners", "gauge", "listeners that are open", site.listeners.length],
      ...peerRows(site),
      ["commits_total", "counter", "transactions of the store", site.commits],
      ["store_trouble", "gauge", "1 while the store cannot be written", site.trouble === undefined ? 0 : 1],
      ["web_sessions", "gauge", "sessions of users of the site", sessions.size],
      ["web_streams", "gauge", "event streams that are open", streams.size],
      ["web_streams_dropped_total", "counter", "event streams that nobody read", streams.dropped],
      ["web_streams_refused_total", "counter", "event streams that there was no room for", streams.refused],
      ["web_refused_total", "counter", "requests refused for who asked, or from where", refused()],
      ["memory_resident_bytes", "gauge", "memory of the process", rss],
      ["memory_heap_bytes", "gauge", "heap that is used", heapUsed],
      ["cpu_seconds_total", "counter", "processor time of the process", (user + system) / US],
      ["event_loop_delay_seconds", "gauge", "seconds between two ticks of a timer of 0.01 s since /metrics was asked last; what is above 0.01 is delay", delay.percentile(99) / NS, '{quantile="0.99"}'],
    ];
    delay.reset();
    return context.body(textOf(rows), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
  });
}
