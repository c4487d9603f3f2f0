/** The meter that is looked at: its newest reading, how fresh that is, and what has been seen of it. */
import { isPageSeen } from "./seen.ts";
import { computed, effect, signal, untracked } from "@preact/signals";
import type { LiveView, MissedView } from "#quantity/meter-api.ts";
import { API } from "./address.ts";
import { Feed, type Heard } from "./feed.ts";
import { freshnessOf } from "./freshness.ts";
import { localMs } from "./local-time.ts";
import { LoggedEvents } from "./logged-events.ts";
import { SagWatch } from "./sags.ts";
import { forgetSeen } from "./configuration-kept.ts";
import { askMeterVisitor, closed, lookAtSession, meterVisitor, visitMeter } from "./meter-session.ts";
import { askSite, askVisitor, hasEnded, hasMeter } from "./site.ts";
import { Trend, type KeptTrend } from "./trend.ts";

/** Milliseconds between two looks at the stream and the clock. */
const LOOK_MS = 500;

export const name = signal("");
export const live = signal<LiveView | undefined>(undefined);
/** Why what the site knows cannot be kept. */
export const trouble = signal<string | undefined>(undefined);
/** That the site's clock does not go as fast as it is to. */
export const behind = signal<string | undefined>(undefined);
const heard = signal<Heard>({ connected: false, readAt: undefined, cycleMs: 0 });
const now = signal(0);

/** The meter that is looked at, when the site has it no more: it was named otherwise, or another site answers at this address. */
export const gone = computed(() => (name.value === "" || hasMeter(name.value) ? undefined : name.value));
export const freshness = computed(() => freshnessOf(live.value, heard.value, now.value, gone.value));
/** Whether what is shown of the meter is not of now; the site at a glance says so itself. */
export const isOld = computed(
  () => name.value !== "" && freshness.value.state !== "live" && freshness.value.state !== "connecting",
);

/** What has been seen so far; it grows with each reading. */
export interface Seen {
  readonly trend: Trend;
  readonly sags: SagWatch;
  readonly logged: LoggedEvents;
  /** The meter's wall clock less the site's UTC, milliseconds. */
  wall?: number;
}
const seenOf = new Map<string, Seen>();
/** Of the meter that is looked at: another object after each reading, so that whoever shows it shows it anew. */
export const seen = signal<Seen>({ trend: new Trend(), sags: new SagWatch(), logged: new LoggedEvents() });

const keyOf = (meter: string): string => `polyphase trend ${meter}`;

/** What was seen before the page was loaded anew. */
function keptOf(meter: string): KeptTrend | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(keyOf(meter)) ?? "null") as KeptTrend | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(): void {
  try {
    if (hasEnded()) return forgetSeen(sessionStorage);
    for (const [meter, { trend }] of seenOf) sessionStorage.setItem(keyOf(meter), JSON.stringify(trend.kept()));
  } catch {
    // A browser that keeps nothing shows what it has seen since it was loaded.
  }
}

let feed: Feed | undefined;
/** Whose session with the meter the stream has: null of nobody's, undefined until that is known. */
let streamed: string | null | undefined;

/** Whether waveforms are drawn: nobody else needs them sent. */
let wantsWaveforms = false;

/** Says whether waveforms are drawn from here on. */
export function wantWaveforms(wanted: boolean): void {
  if (wanted === wantsWaveforms) return;
  wantsWaveforms = wanted;
  feed?.openAnew();
}

/** Looks at none: at the site. */
export function lookAway(): void {
  feed?.close();
  feed = undefined;
  name.value = "";
  document.title = "Polyphase";
  live.value = undefined;
  visitMeter("");
}

/** Looks at another meter. */
export function watch(meter: string): void {
  name.value = meter;
  document.title = `${meter} · Polyphase`;
  streamed = undefined;
  visitMeter(meter);
  follow(meter);
}

/** Nothing is left of what was seen of a meter: it is read by its users only, and none of them looks. */
function shut(): void {
  feed?.close();
  feed = undefined;
  streamed = undefined;
  live.value = undefined;
  heard.value = { connected: false, readAt: undefined, cycleMs: 0 };
  seenOf.delete(name.value);
  seen.value = { trend: new Trend(), sags: new SagWatch(), logged: new LoggedEvents() };
  sessionStorage.removeItem(keyOf(name.value));
}

// Whoever logs in or out sees what he may, in a stream of that session.
effect(() => {
  const [isShut, user] = [closed.value !== undefined, meterVisitor.value?.user];
  untracked(() => {
    if (isShut) return shut();
    if (user === undefined) return;
    const isAnother = streamed !== undefined && streamed !== user;
    streamed = user;
    if (feed === undefined) follow(name.value);
    else if (isAnother) feed.openAnew();
  });
});

function follow(meter: string): void {
  feed?.close();
  live.value = undefined;
  const own = seenOf.get(meter) ?? {
    trend: new Trend(keptOf(meter)),
    sags: new SagWatch(),
    logged: new LoggedEvents(),
  };
  seenOf.set(meter, own);
  seen.value = { ...own };
  const of = new Feed({
    open: (after) => {
      const path = `${API}/meters/${encodeURIComponent(meter)}/live`;
      const query = new URLSearchParams(after === undefined ? {} : { after });
      if (!wantsWaveforms) query.set("without", "waveforms");
      return new EventSource(query.size === 0 ? path : `${path}?${query.toString()}`);
    },
    missed: (data) => takeMissed(JSON.parse(data) as MissedView, own),
    isSeen: isPageSeen,
    now: () => performance.now(),
    read: (data, follows) => take(JSON.parse(data) as LiveView, own, follows),
    beat: (data) => takeOfSite(JSON.parse(data) as OfSite),
    lost: () => void askAnew(),
  });
  feed = of;
  look();
}

/** Who looks, and which meters there are: a site that is gone does not answer that either, one that does may be another. */
async function askAnew(): Promise<void> {
  try {
    await askVisitor();
    await askSite();
    await askMeterVisitor();
  } catch {
    // Asked again when the stream has failed once more.
  }
}

/** What was logged while there was no connection is marked as what came while there was. */
function takeMissed({ entries }: MissedView, own: Seen): void {
  if (own.wall !== undefined) own.logged.add(entries, own.wall);
  seen.value = { ...own };
}

type OfSite = Pick<LiveView, "trouble" | "behind">;

/** What every message says of the site. */
function takeOfSite(said: OfSite): void {
  trouble.value = said.trouble;
  behind.value = said.behind;
}

function take(view: LiveView, own: Seen, follows: boolean): void {
  const ms = wallOf(view, own);
  own.trend.add(ms, view.readings, follows);
  own.logged.add(view.log, ms - view.utc);
  if (view.rms !== undefined) own.sags.add(view.rms, ms - view.utc);
  takeOfSite(view);
  // It has come back.
  if (gone.value !== undefined) void askAnew();
  live.value = view;
  seen.value = { ...own };
  look();
}

/** How far the meter's clock may wander from the site's before it was set. */
const SET_MS = 90_000;

/**
 * Local milliseconds of a reading. The wall clock is shown in whole seconds: the site's clock says the rest, and goes on evenly where two
 * clocks that wander would show time going back.
 */
function wallOf({ local, utc }: LiveView, own: Seen): number {
  const wall = localMs(local) - utc;
  if (own.wall === undefined || Math.abs(wall - own.wall) > SET_MS) own.wall = 60_000 * Math.round(wall / 60_000);
  return utc + own.wall;
}

function look(): void {
  feed?.look();
  lookAtSession();
  now.value = performance.now();
  if (feed !== undefined) heard.value = feed.heard;
}

export function beginLooking(): void {
  setInterval(look, LOOK_MS);
  addEventListener("pagehide", keep);
}
