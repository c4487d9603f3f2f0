/**
 * What an outstation has once, whoever asks: points as they were last looked at, when the time is needed again, class 0 at hand. It begins
 * anew when the meter's settings are others.
 */
import type { Clock } from "#clock/clock.ts";
import { indications } from "#protocol/dnp3/application/indications.ts";
import { Answer, Class0 } from "./answer.ts";
import { Changes, looksForChanges } from "./changes.ts";
import { EventBlocks } from "./event-blocks.ts";
import type { ChangeEvent } from "./event-queue.ts";
import type { MasterEvents } from "./events.ts";
import type { DnpHost, OutstationSettings } from "./host.ts";
import { Octets } from "./octets.ts";
import type { ReadPlan } from "./read-request.ts";

/** A master, as the process sees it. */
export interface ProcessMaster {
  readonly events: MasterEvents;
  restart(): void;
}

export class DnpProcess {
  readonly host: DnpHost;
  readonly clock: Clock;
  readonly epoch: number;
  readonly settings: OutstationSettings;
  /** The fragment in the making: each is sent before the next is begun. */
  readonly octets: Octets;
  readonly blocks: EventBlocks;
  readonly #class0: Class0;
  readonly #changes: Changes | undefined;
  /** Elapsed time from which on the time is needed. */
  #needsTimeAt: number;
  /** The last of the instants at which it is looked for events that have gone by. */
  #looked: number;

  readonly #masters: () => Iterable<ProcessMaster>;

  constructor(host: DnpHost, clock: Clock, masters: () => Iterable<ProcessMaster>) {
    this.#masters = masters;
    this.host = host;
    this.clock = clock;
    this.epoch = host.epoch;
    this.settings = host.settings;
    this.octets = new Octets(this.settings.application.maxFragment);
    this.blocks = new EventBlocks(this.octets);
    this.#class0 = new Class0(this.settings);
    this.#changes = looksForChanges(this.settings) ? new Changes(this.settings, host.image()) : undefined;
    this.#needsTimeAt = this.#neededAt(0);
    this.#looked = this.#scan();
  }

  /** Milliseconds of the meter's clock. */
  elapsed(): number {
    return this.host.elapsed?.() ?? this.clock.elapsed();
  }

  /** The time is needed until it is told. */
  needTime(): void {
    this.#needsTimeAt = this.#neededAt(0);
  }

  timeWasTold(): void {
    this.#needsTimeAt = this.#neededAt(this.settings.needTimeMs ?? Infinity);
  }

  #neededAt(ms: number): number {
    return this.settings.needTimeMs === undefined ? Infinity : this.clock.elapsed() + ms;
  }

  get indications(): number {
    return this.clock.elapsed() >= this.#needsTimeAt ? indications.needTime : 0;
  }

  answer(plan: ReadPlan, events: MasterEvents): Answer {
    const showing = { image: this.host.image(), variations: this.settings.variations };
    return new Answer(plan, events.bound(this.#changes?.next ?? 0), showing, this.#class0);
  }

  /** Points are looked at between requests, too. */
  get looksForChanges(): boolean {
    return this.#changes !== undefined;
  }

  #scan(): number {
    return Math.floor(this.clock.elapsed() / this.settings.events.scanMs);
  }

  /** Takes notice of what has happened, if one of the instants at which it is looked has gone by. True when it did. */
  look(): boolean {
    if (this.#scan() === this.#looked) return false;
    this.lookNow();
    return true;
  }

  lookNow(): void {
    this.#looked = this.#scan();
    const found: ChangeEvent[] = [];
    const now = { ...this.host.now(), freezes: this.host.freezes.next };
    this.#changes?.look(this.host.image(), now, (event) => void found.push(event));
    for (const { events } of this.#masters()) {
      events.look();
      for (const event of found) events.push(event);
    }
  }

  /** A restart, cold or warm, is that of this process: what waits for masters stays. */
  restart(): void {
    this.needTime();
    for (const master of this.#masters()) master.restart();
  }
}
