/** What programs that watch the site are told: OpenMetrics, or the older text format of Prometheus, as they ask. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Hono } from "hono";
import type { Site } from "#fleet/site.ts";
import { limits } from "#quantity/limits.ts";
import type { MeterStatus, SurfaceIdentity } from "#quantity/meter-surface.ts";
import { operations } from "#web/api/operations.ts";
import type { EventStreams } from "./event-streams.ts";
import { MeterMetrics } from "./meter-metrics.ts";
import { contentTypes, endOf, formatFor, textOf, type Family, type Kind, type Sample } from "./metric-text.ts";
import { sessionOf } from "./peer.ts";
import { barredFrom } from "./reading.ts";
import type { SiteSessions } from "./site-sessions.ts";

const NS = 1e9;
const US = 1e6;
const MS = 1000;

/** A piece of text that takes its time. */
const PIECE_CHARACTERS = 10_000;

export interface Watched {
  readonly site: Site;
  readonly sessions: SiteSessions;
  readonly streams: EventStreams;
  /** Requests that were refused for who asked, or from where. */
  readonly refused: () => number;
}

const peerWords: Readonly<Record<string, string>> = {
  taken: "Connections that a listener has let in",
  refused: "Connections for which a listener had no place",
  putOut: "Peers that a listener has closed to make room for others, before they had had an answer",
  handshakesFailed: "TLS handshakes of a listener that failed or took too long",
  unread: "Peers that a listener has dropped because they did not read",
};

type Row = readonly [name: string, kind: Kind, unit: string | undefined, help: string, value: number];

function familyOf([name, kind, unit, help, value]: Row): Family {
  return { name, kind, unit, help, samples: [{ labels: {}, value }] };
}

/** What became of peers, listener by listener. */
function listenerFamilies({ listeners }: Site): readonly Family[] {
  const of = (value: (listener: Site["listeners"][number]) => number): readonly Sample[] =>
    listeners.map((listener) => ({ labels: { listener: listener.what }, value: value(listener) }));
  const counts = Object.entries(peerWords).map(([what, help]): Family => {
    const name = `peers_${what.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
    return { name, kind: "counter", help, samples: of((listener) => listener.counts[what] ?? 0) };
  });
  const now: Family = {
    name: "peers",
    kind: "gauge",
    help: "Links that are open on a listener",
    samples: of(({ peers }) => peers),
  };
  return [now, ...counts];
}

function siteFamilies({ site, sessions, streams, refused }: Watched): readonly Family[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const { commits, journalBytes, filedBytes } = site.store.counts;
  // prettier-ignore
  const rows: readonly Row[] = [
    ["up", "gauge", undefined, "1 while the site runs", 1],
    ["uptime_seconds", "gauge", "seconds", "How long the process has run", process.uptime()],
    ["site_time_seconds", "gauge", "seconds", "The time of the site's clock, seconds since 1970", site.utc / MS],
    ["meters", "gauge", undefined, "Meters of the site", site.meters.length],
    ["listeners", "gauge", undefined, "Listeners that are open", site.listeners.length],
    ["reloads", "counter", undefined, "Times that the site file was read again and taken", site.reloads.done],
    ["reloads_refused", "counter", undefined, "Times that the site file was read again and refused", site.reloads.refused],
    ["commits", "counter", undefined, "Transactions of the store", commits],
    ["commits_waiting", "gauge", undefined, "Meters of which something is not on disk yet", site.waiting],
    ["store_journal_bytes", "counter", "bytes", "Bytes written to the journal of the store", journalBytes],
    ["store_filed_bytes", "counter", "bytes", "Bytes of records written to the files of the store", filedBytes],
    ["store_trouble", "gauge", undefined, "1 while the store cannot be written", site.trouble === undefined ? 0 : 1],
    ["web_sessions", "gauge", undefined, "Sessions of users of the site", sessions.size],
    ["web_streams", "gauge", undefined, "Event streams that are open", streams.size],
    ["web_streams_dropped", "counter", undefined, "Event streams that nobody read", streams.dropped],
    ["web_streams_refused", "counter", undefined, "Event streams that there was no room for", streams.refused],
    ["web_refused", "counter", undefined, "Requests refused for who asked, or from where", refused()],
    ["memory_resident_bytes", "gauge", "bytes", "Memory of the process", rss],
    ["memory_heap_bytes", "gauge", "bytes", "Heap that is used", heapUsed],
    ["cpu_seconds", "counter", "seconds", "Processor time of the process", (user + system) / US],
  ];
  return rows.map(familyOf);
}

/** What is known of each meter besides its readings. */
class MeterFacts {
  readonly #samples: Record<"info" | "powered" | "trouble" | "barred", Sample[]> = {
    info: [],
    powered: [],
    trouble: [],
    barred: [],
  };

  add({ identity, status }: { identity: SurfaceIdentity; status: MeterStatus }, isBarred: boolean): void {
    const { name: meter, model, serial, firmware } = identity;
    const labels = { meter };
    this.#samples.info.push({ labels: { meter, model, serial, firmware }, value: 1 });
    this.#samples.powered.push({ labels, value: status.powered ? 1 : 0 });
    this.#samples.trouble.push({ labels, value: status.conditions.filter(({ trouble }) => trouble).length });
    this.#samples.barred.push({ labels, value: isBarred ? 1 : 0 });
  }

  get families(): readonly Family[] {
    const { info, powered, trouble, barred } = this.#samples;
    const barredHelp = "1 where the meter shows its readings to its own users only: they are not here";
    return [
      { name: "meter", kind: "info", help: "Which meters there are", samples: info },
      { name: "meter_powered", kind: "gauge", help: "1 while the meter has power", samples: powered },
      {
        name: "meter_trouble",
        kind: "gauge",
        help: "Conditions of the meter that somebody should look after",
        samples: trouble,
      },
      { name: "meter_barred", kind: "gauge", help: barredHelp, samples: barred },
    ];
  }
}

export function addMetrics(app: Hono, watched: Watched): void {
  const { site } = watched;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  /** The event loop runs in between: others wait for no more than a slice. */
  const pause = (): Promise<void> => new Promise((resolve) => void site.real.after(0, resolve));

  app.get(operations.metrics.path, async (context) => {
    const format = formatFor(context.req.header("Accept"));
    const readings = new MeterMetrics();
    const facts = new MeterFacts();
    for (const [k, { surface }] of site.meters.entries()) {
      if (k > 0 && k % limits.web.metersAtOnce === 0) await pause();
      const isBarred = barredFrom(surface, operations.metrics.tells, sessionOf(context, surface)) !== undefined;
      facts.add({ identity: surface.identity, status: surface.status() }, isBarred);
      if (!isBarred) readings.add(surface);
    }
    const loop: Family = {
      name: "event_loop_delay_seconds",
      kind: "summary",
      unit: "seconds",
      help: "Time between two ticks of a timer of 0.01 s since this was asked last; what is above 0.01 is delay",
      samples: [{ labels: { quantile: "0.99" }, value: delay.percentile(99) / NS }],
    };
    delay.reset();
    const parts: string[] = [];
    const families = [
      ...siteFamilies(watched),
      loop,
      ...listenerFamilies(site),
      ...facts.families,
      ...readings.families,
    ];
    for (const family of families) {
      for (const piece of textOf(family, format)) {
        parts.push(piece);
        if (piece.length > PIECE_CHARACTERS) await pause();
      }
    }
    parts.push(endOf(format));
    return context.body(parts.join(""), 200, { "Content-Type": contentTypes[format], Vary: "Accept" });
  });
}
