/**
 * What a JEMStar sends by itself over DLMS (dlms.push): each setup has a schedule, or waits for alarms, and a queue to its destination. What is told
 * is told as it was when it came due; it leaves once that is on disk.
 */
import type { Clock } from "#clock/clock.ts";
import { LocalTime, type DaylightSaving } from "#clock/local-time.ts";
import { crc32 } from "#wire/crc32.ts";
import type { WhenKept } from "#product/product.ts";
import { pushBody } from "#product/jemstar/dlms/push-body.ts";
import { PushDue } from "#product/jemstar/dlms/push-due.ts";
import type { PushSettings } from "#product/jemstar/dlms/push-settings.ts";
import { isOpen, windowsOf } from "#product/jemstar/dlms/push-window.ts";
import { encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { protectedPush, type PushClient } from "#protocol/dlms/push-protection.ts";
import { PushQueue } from "#protocol/dlms/push-queue.ts";
import { sendPush } from "#protocol/dlms/push-send.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { same } from "#quantity/same.ts";
import { nextDue } from "#revenue/time/schedule.ts";

/** The management logical device, from which everything is. */
const MANAGEMENT = 1;
/** Of Long-Invoke-Id-And-Priority: its id; nothing is confirmed, and nothing has priority. */
const IDS = 0x01_00_00_00;

export interface DlmsPushParts {
  readonly surface: MeterSurface;
  readonly settings: () => readonly PushSettings[];
  readonly timekeeping: () => {
    readonly utcOffsetMinutes: number;
    readonly daylightSaving?: DaylightSaving | undefined;
  };
  /** Those of the management logical device, by the configuration of the moment. */
  readonly objects: () => readonly CosemObject[];
  /** Who is configured at a service access point; undefined where nobody is. */
  readonly client?: ((sap: number) => PushClient | undefined) | undefined;
  /** Whether anything may leave: it has power, is not in test mode, and DLMS is enabled on a port of Ethernet. */
  readonly works: () => boolean;
  /** By which people and peers go. */
  readonly real: Clock;
  readonly say: (what: string) => void;
  /** The network unless said. */
  readonly send?: typeof sendPush;
}

interface Running {
  readonly settings: PushSettings;
  readonly due: PushDue;
  readonly queue: PushQueue;
}

export class DlmsPush {
  readonly #parts: DlmsPushParts;
  #running: Running[] = [];
  #epoch: number | undefined;
  #zone = new LocalTime(0);
  #invoked = 0;
  #kept: WhenKept = (run) => run(true);
  #unheard: (() => void) | undefined;

  constructor(parts: DlmsPushParts) {
    this.#parts = parts;
  }

  start(kept: WhenKept = (run) => run(true)): void {
    if (this.#unheard !== undefined) return;
    this.#kept = kept;
    this.#renew();
    this.#unheard = this.#parts.surface.on("cycle", () => this.#look());
  }

  stop(): void {
    this.#unheard?.();
    this.#unheard = undefined;
    for (const { queue } of this.#running) queue.stop();
    this.#running = [];
    this.#epoch = undefined;
  }

  /** Tells of a setup now, by its place; false where there is none. */
  push(place: number): boolean {
    this.#renew();
    const running = this.#running[place];
    if (running === undefined || this.#unheard === undefined) return false;
    this.#tell(running, place);
    return true;
  }

  /** What waits, was sent and was lost, by setup. */
  get view(): readonly { readonly waiting: number; readonly sent: number; readonly lost: number }[] {
    return this.#running.map(({ queue: { waiting, sent, lost } }) => ({ waiting, sent, lost }));
  }

  #look(): void {
    this.#renew();
    // A meter without power, or that is being tested, tells nothing: what comes due meanwhile does so once, when it goes on.
    if (!this.#parts.works()) return;
    for (const [place, running] of this.#running.entries()) if (running.due.take()) this.#tell(running, place);
  }

  /** Another configuration counts: setups that are as they were go on with what waits. */
  #renew(): void {
    const { surface, settings, timekeeping } = this.#parts;
    if (this.#epoch === surface.epoch) return;
    this.#epoch = surface.epoch;
    const { utcOffsetMinutes, daylightSaving } = timekeeping();
    this.#zone = new LocalTime(utcOffsetMinutes, daylightSaving);
    const before = this.#running;
    this.#running = settings().map((one, place) => {
      const was = before[place];
      if (was !== undefined && same(was.settings, one)) return was;
      const due = new PushDue(one, { surface, nextDue: (after) => nextDue(one.when, this.#zone, after) });
      return { settings: one, due, queue: this.#queueOf(one) };
    });
    for (const { queue } of before) if (!this.#running.some((one) => one.queue === queue)) queue.stop();
  }

  #queueOf(settings: PushSettings): PushQueue {
    const { surface, works, real, say, send = sendPush } = this.#parts;
    const { transport, host, port, client, retries, repetitionSeconds } = settings;
    const windows = windowsOf(settings);
    return new PushQueue({
      clock: real,
      send: (apdu) => send({ transport, host, port, client, server: MANAGEMENT }, apdu, real),
      open: () => works() && isOpen(windows, surface.now()),
      kept: (run) => this.#kept(run),
      retries,
      repetitionMs: 1000 * repetitionSeconds,
      say: (what, why) => say(`push to ${host}:${port} ${what}${why === undefined ? "" : `: ${why}`}`),
    });
  }

  #tell({ settings, queue }: Running, place: number): void {
    const { surface, objects, client } = this.#parts;
    const session = surface.open({ protocol: "dlms", port: "ethernet 1", near: false });
    const body = pushBody(settings, objects(), session);
    const invoke = (this.#invoked = (this.#invoked + 1) % IDS);
    const apdu = encodeXdlms({ apdu: "data-notification", invoke, dateTime: new Uint8Array(0), body });
    try {
      queue.add(protectedPush(apdu, client?.(settings.client)), this.#delay(settings, place));
    } catch (error) {
      queue.lose(error instanceof Error ? error.message : String(error));
    }
  }

  /** Meters that were set up alike do not all call at once: each has its own delays, which are the same in every run. */
  #delay({ randomSeconds }: PushSettings, place: number): number {
    if (randomSeconds === 0) return 0;
    const { name, serial } = this.#parts.surface.identity;
    const seed = new TextEncoder().encode(`${name} ${serial} ${place} ${this.#invoked}`);
    return crc32(seed) % (1000 * randomSeconds + 1);
  }
}
