/** The bench of a meter as the site has it: what is set, what changes it, the site's clock and its listeners; and what is recorded of all that. */
import { signal } from "@preact/signals";
import type { BenchView, ClockView } from "#quantity/bench-view.ts";
import { API } from "./address.ts";
import { Recording, type Deed } from "./bench-recording.ts";
import { request } from "./site-request.ts";

/** Milliseconds between two looks at what is set: somebody else may change it, and events end. */
const LOOK_MS = 2000;

export interface ListenerView {
  readonly what: string;
  readonly urls: readonly { readonly meter?: string; readonly url: string }[];
  readonly faults: readonly Readonly<Record<string, unknown>>[];
}

/** What became of the last change. */
export type Outcome =
  | { readonly kind: "done"; readonly utc: number }
  | { readonly kind: "refused"; readonly words: string }
  | { readonly kind: "lost" };

interface Problem {
  readonly error?: string;
}

export class BenchLink {
  readonly view = signal<BenchView | undefined>(undefined);
  readonly clock = signal<ClockView | undefined>(undefined);
  readonly listeners = signal<readonly ListenerView[]>([]);
  readonly outcome = signal<Outcome | undefined>(undefined);
  /** How many steps are recorded; undefined while nothing is. */
  readonly recorded = signal<number | undefined>(undefined);
  readonly #meter: string;
  #recording: Recording | undefined;
  #looks: ReturnType<typeof setInterval> | undefined;

  constructor(meter: string) {
    this.#meter = meter;
  }

  get #path(): string {
    return `${API}/meters/${encodeURIComponent(this.#meter)}`;
  }

  begin(): void {
    void this.#look();
    this.#looks = setInterval(() => void this.#look(), LOOK_MS);
  }

  end(): void {
    clearInterval(this.#looks);
  }

  async #look(): Promise<void> {
    try {
      const [view, clock, listeners] = await Promise.all(
        [`${this.#path}/bench`, `${API}/clock`, `${API}/listeners`].map(async (path) => {
          const answer = await request(path);
          return answer.ok ? ((await answer.json()) as unknown) : undefined;
        }),
      );
      if (view !== undefined) this.view.value = view as BenchView;
      if (clock !== undefined) this.clock.value = clock as ClockView;
      if (listeners !== undefined) this.listeners.value = listeners as readonly ListenerView[];
    } catch {
      // The header says that the connection is lost.
    }
  }

  /** Asks for a change; what came of it, where it was made. */
  async #send<T>(path: string, method: string, body: unknown, deed: Deed): Promise<T | undefined> {
    try {
      const answer = await request(path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
      });
      const value = (await answer.json()) as T & Problem;
      if (!answer.ok) {
        this.outcome.value = { kind: "refused", words: value.error ?? String(answer.status) };
        return undefined;
      }
      const utc = await this.#utcOf(value);
      this.outcome.value = { kind: "done", utc };
      this.#recording?.did(utc, deed);
      this.#count();
      return value;
    } catch {
      this.outcome.value = { kind: "lost" };
      return undefined;
    }
  }

  /** When something was done, by the site's clock. */
  async #utcOf(value: unknown): Promise<number> {
    const { since } = value as Partial<BenchView>;
    if (typeof since === "string") return Date.parse(since);
    const clock = (await (await request(`${API}/clock`)).json()) as ClockView;
    return clock.utc;
  }

  #count(): void {
    this.recorded.value = this.#recording?.length;
  }

  async change(bench: Deed): Promise<void> {
    const view = await this.#send<BenchView>(`${this.#path}/bench`, "POST", bench, { meter: this.#meter, bench });
    if (view !== undefined) this.view.value = view;
  }

  async reset(): Promise<void> {
    const deed = { meter: this.#meter, resetBench: true };
    const view = await this.#send<BenchView>(`${this.#path}/bench`, "DELETE", undefined, deed);
    if (view !== undefined) this.view.value = view;
  }

  async command(command: Deed): Promise<void> {
    await this.#send(`${this.#path}/commands`, "POST", command, { meter: this.#meter, command });
  }

  async speed(speed: number | "max"): Promise<void> {
    const clock = await this.#send<ClockView>(`${API}/clock`, "PUT", { speed }, { speed });
    if (clock !== undefined) this.clock.value = clock;
  }

  async faults(listener: number, faults: readonly Deed[]): Promise<void> {
    const done = await this.#send(`${API}/listeners/${listener}/faults`, "PUT", faults, { listener, faults });
    if (done !== undefined) await this.#look();
  }

  record(): void {
    const { value } = this.view;
    if (value === undefined) return;
    const utc = this.clock.value?.utc ?? value.utc;
    this.#recording = new Recording({ ...value, utc: Math.max(value.utc, utc) });
    this.#count();
  }

  expect(readings: Readonly<Record<string, number | null>>, utc: number): void {
    this.#recording?.expects(utc, readings);
    this.#count();
  }

  /** The scenario; nothing is recorded any more. */
  stop(): string {
    const yaml = this.#recording?.yaml ?? "";
    this.#recording = undefined;
    this.#count();
    return yaml;
  }
}
