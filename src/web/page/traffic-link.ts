/** Traffic as the page asks for it: what is chosen, what has come of it, and one message that is opened. */
import { isPageSeen } from "./seen.ts";
import { signal, type ReadonlySignal } from "@preact/signals";
import type { TrafficDetail, TrafficView } from "#quantity/traffic-view.ts";
import { API } from "./address.ts";
import { Feed } from "./feed.ts";
import { say } from "./language.ts";
import { anything, queryOf, type Chosen } from "./traffic-choice.ts";
import { cleared, goneOn, nothing, paused, taken, type Held } from "./traffic-list.ts";
import { trafficTexts } from "./texts/traffic.ts";
import { request } from "./site-request.ts";

/** Milliseconds after a letter until it is searched for what was typed, between looks at a stream, and until a site is asked again. */
const [TYPED_MS, LOOK_MS, AGAIN_MS] = [200, 500, 2000];

export interface ListenerName {
  readonly what: string;
  readonly urls: readonly { readonly meter: string }[];
}

export class TrafficLink {
  readonly #chosen = signal<Chosen>(anything);
  readonly #held = signal<Held>(nothing);
  readonly #trouble = signal<string | undefined>(undefined);
  readonly #opened = signal<TrafficDetail | "gone" | undefined>(undefined);
  readonly #listeners = signal<readonly ListenerName[]>([]);
  #feed: Feed | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  /** Of the question that waits for its answer. */
  #under = new AbortController();
  #wanted: number | undefined;

  constructor(meter: string | undefined) {
    if (meter !== undefined) this.#chosen.value = { ...anything, meter };
  }

  get chosen(): ReadonlySignal<Chosen> {
    return this.#chosen;
  }

  get held(): ReadonlySignal<Held> {
    return this.#held;
  }

  /** Why what is shown is not of now. */
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble;
  }

  get opened(): ReadonlySignal<TrafficDetail | "gone" | undefined> {
    return this.#opened;
  }

  get listeners(): ReadonlySignal<readonly ListenerName[]> {
    return this.#listeners;
  }

  begin(): void {
    this.#looking = setInterval(() => this.#feed?.look(), LOOK_MS);
    void this.#askListeners();
    this.#after(0);
  }

  end(): void {
    clearInterval(this.#looking);
    clearTimeout(this.#next);
    this.#under.abort();
    this.#feed?.close();
  }

  /** Another choice begins anew. */
  choose(change: Partial<Chosen>): void {
    this.#chosen.value = { ...this.#chosen.value, ...change };
    this.#after(change.text === undefined && change.peer === undefined ? 0 : TYPED_MS);
    if (change.secrets !== undefined && this.#wanted !== undefined) void this.open(this.#wanted);
  }

  pause(): void {
    this.#held.value = paused(this.#held.value);
  }

  goOn(): void {
    this.#held.value = goneOn(this.#held.value);
    if (this.#feed === undefined) this.#after(0);
  }

  clear(): void {
    this.#held.value = cleared(this.#held.value);
    this.shut();
  }

  async open(number: number): Promise<void> {
    this.#wanted = number;
    const query = this.#chosen.value.secrets ? "?secrets=shown" : "";
    try {
      const answer = await request(`${API}/traffic/messages/${number}${query}`);
      if (this.#wanted !== number) return;
      if (answer.status === 401) return location.reload();
      this.#opened.value = answer.ok ? ((await answer.json()) as TrafficDetail) : "gone";
    } catch {
      this.#trouble.value = say(trafficTexts.lost);
    }
  }

  shut(): void {
    this.#wanted = undefined;
    this.#opened.value = undefined;
  }

  #after(ms: number): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.#ask(), ms);
  }

  async #askListeners(): Promise<void> {
    try {
      const answer = await request(`${API}/listeners`);
      if (answer.ok) this.#listeners.value = (await answer.json()) as readonly ListenerName[];
    } catch {
      // Everything can be chosen but a listener.
    }
  }

  /** What is kept of the choice, and from there on what comes. */
  async #ask(): Promise<void> {
    this.#under.abort();
    this.#feed?.close();
    this.#feed = undefined;
    const under = (this.#under = new AbortController());
    const query = queryOf(this.#chosen.value).toString();
    try {
      const answer = await request(`${API}/traffic?${query}`, { signal: under.signal });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(say(trafficTexts.answered, { status: answer.status }));
      const view = (await answer.json()) as TrafficView;
      const { gone, messages, waiting } = this.#held.value;
      const begun = { ...nothing, gone: gone + messages.length };
      this.#held.value = taken(begun, view);
      if (waiting !== undefined) this.pause();
      this.#trouble.value = undefined;
      this.#follow(query, view.last);
    } catch (error) {
      if (under.signal.aborted) return;
      this.#trouble.value = error instanceof TypeError ? say(trafficTexts.lost) : String(error).replace(/^Error: /, "");
      this.#after(AGAIN_MS);
    }
  }

  #follow(query: string, last: number): void {
    const hear = (): void => void (this.#trouble.value = undefined);
    this.#feed = new Feed({
      open: (after) => new EventSource(`${API}/traffic/live?${query}&after=${after ?? last}`),
      isSeen: isPageSeen,
      now: () => performance.now(),
      read: (data) => {
        hear();
        this.#held.value = taken(this.#held.value, JSON.parse(data) as TrafficView);
      },
      beat: hear,
      lost: () => {
        this.#trouble.value = say(trafficTexts.lost);
        // It may be another site that answers, or one that does not know who asks. What somebody holds stays as it is until he goes on.
        this.#feed?.close();
        this.#feed = undefined;
        if (this.#held.value.waiting === undefined) this.#after(AGAIN_MS);
      },
    });
  }
}
