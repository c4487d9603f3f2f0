/** A meter that the site reads: asked again and again while the site runs, beside all others that do not share its line. */
import { onBeat } from "#headend/beat.ts";
import { intervalMs } from "#headend/interval.ts";
import type { MeterSource } from "#headend/meter-source.ts";
import type { Clock } from "#clock/clock.ts";
import type { Device } from "#product/product.ts";
import { Contact } from "./contact.ts";
import { openSource, type Opening } from "./open.ts";
import { RemoteSurface } from "./surface.ts";

export interface RemoteOptions extends Omit<Opening, "clock"> {
  /** Of the site. */
  readonly clock: Clock;
  /** By which peers and lines go. */
  readonly real: Clock;
  /** Told in words that it cannot be read any more, and that it can again. */
  readonly tell: (level: "info" | "warn", words: string) => void;
}

/** Failures in a row after which a meter is asked less often, so that those on its line wait less for it. */
const PATIENCE = 3;
/** How long it is left alone at most, in milliseconds. */
const REST_MS = 30_000;
/** Milliseconds between two looks of those who follow it. */
const LOOK_MS = 1000;

class Reading {
  readonly #options: RemoteOptions;
  readonly #contact: Contact;
  readonly #surface: RemoteSurface;
  readonly #ending = new AbortController();
  #source: MeterSource | undefined;
  /** It is not asked before. */
  #restsUntil = -Infinity;

  constructor(options: RemoteOptions, contact: Contact, surface: RemoteSurface) {
    this.#options = options;
    this.#contact = contact;
    this.#surface = surface;
  }

  begin(): void {
    const { signal } = this.#ending;
    const { real } = this.#options;
    const beat = { intervalMs: this.#contact.everyMs, count: Infinity, signal };
    void onBeat(
      real,
      beat,
      () => this.#once(),
      () => {},
    );
  }

  end(): void {
    this.#ending.abort();
    const source = this.#source;
    this.#source = undefined;
    // Others may be asking on the same line.
    if (source !== undefined) void this.#options.lines.turns.take(source.line, () => source.close()).catch(() => {});
  }

  async #once(): Promise<void> {
    const { real, lines } = this.#options;
    if (real.elapsed() < this.#restsUntil) return;
    const isOver = (): boolean => this.#ending.signal.aborted;
    try {
      const source = this.#source ?? (await openSource({ ...this.#options, clock: real }));
      if (isOver()) return;
      this.#source = source;
      const reading = await lines.turns.take(source.line, async () => (isOver() ? undefined : source.read()));
      if (isOver() || reading === undefined) return;
      if (this.#contact.taken(reading)) this.#options.tell("info", "is read again");
      this.#surface.take();
    } catch (error) {
      if (isOver()) return;
      this.#failed(error instanceof Error ? error.message : String(error));
    }
  }

  #failed(words: string): void {
    const { real, tell } = this.#options;
    const [line = ""] = words.split("\n");
    if (this.#contact.failed(line)) tell("warn", `cannot be read: ${line}`);
    const { failures, everyMs } = this.#contact;
    const rest = failures < PATIENCE ? 0 : Math.min(REST_MS, everyMs * 2 ** (failures - PATIENCE));
    this.#restsUntil = real.elapsed() + rest;
    this.#surface.age();
  }
}

/** It listens nowhere, and keeps nothing. */
export function remoteDevice(options: RemoteOptions): Device {
  const { entry, read, real, clock } = options;
  const everyMs = intervalMs(read.every);
  if (everyMs === undefined) throw new Error(`source.read.every: "${read.every}" is no interval`);
  const contact = new Contact({ url: read.url, everyMs }, real);
  const surface = new RemoteSurface(entry, contact, clock);
  let reading: Reading | undefined;
  let looked = -Infinity;
  return {
    surface,
    source: contact,
    bindings: {},
    notices: [],
    line: { address: 1, baud: 19_200, parity: 0 },
    room: () => undefined,
    advance() {
      const now = real.elapsed();
      if (now - looked < LOOK_MS) return;
      looked = now;
      surface.age();
    },
    start() {
      reading = new Reading(options, contact, surface);
      reading.begin();
    },
    stop() {
      reading?.end();
      reading = undefined;
    },
  };
}
