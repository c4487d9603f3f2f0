/** What a report control block has to tell: changes of its data set, and all of it by time or when it is asked for. */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { NamedSet } from "./data-sets.ts";
import type { IedHost } from "./host.ts";
import { EVENTS, triggerBits } from "./report-bits.ts";
import type { EntryKind } from "./report-buffer.ts";
import { Gathering } from "./report-gathering.ts";
import type { ReportSettings } from "./report-settings.ts";
import type { MemberOctets, SetWatch, Watcher, Watches } from "./report-watch.ts";

/** The arrays are used again: what is kept is copied. */
export type TellMembers = (kind: EntryKind, reasons: Uint8Array, octets: MemberOctets, utc: number) => void;

interface Running {
  readonly watch: SetWatch;
  readonly gathering: Gathering;
  /** Of TrgOps, those of events. */
  readonly events: number;
  readonly reasons: Uint8Array;
}

export class ReportSource implements Watcher {
  readonly #host: IedHost;
  readonly #clock: Clock;
  readonly #watches: Watches;
  readonly #tell: TellMembers;
  #running: Running | undefined;
  #integrity: Cancel | undefined;

  constructor(host: IedHost, clock: Clock, watches: Watches, tell: TellMembers) {
    this.#host = host;
    this.#clock = clock;
    this.#watches = watches;
    this.#tell = tell;
  }

  /** Tells from now on, by these settings. */
  start(set: NamedSet, { triggers, bufferMs, integrityMs }: ReportSettings): void {
    this.stop();
    const { length } = set.members;
    this.#running = {
      watch: this.#watches.join(set, this),
      gathering: new Gathering(this.#clock, length, bufferMs, (reasons, octets, utc) =>
        this.#tell("event", reasons, octets, utc),
      ),
      events: triggers & EVENTS,
      reasons: new Uint8Array(length),
    };
    if ((triggers & triggerBits.integrity) !== 0 && integrityMs > 0) this.#everySo(integrityMs);
  }

  stop(): void {
    this.#integrity?.();
    this.#integrity = undefined;
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.gathering.stop();
    this.#watches.leave(running.watch, this);
  }

  /** Tells what waits to be told with others, now. */
  flush(): void {
    this.#running?.gathering.flush();
  }

  /** All members as they are now; undefined where nothing is told. */
  octets(): MemberOctets | undefined {
    return this.#running?.watch.octets();
  }

  changed(): void {
    const running = this.#running;
    if (running === undefined) return;
    const { watch, gathering, events, reasons } = running;
    let any = 0;
    for (let k = 0; k < reasons.length; k++) {
      const reason = (watch.reasons[k] ?? 0) & events;
      reasons[k] = reason;
      any |= reason;
    }
    if (any !== 0) gathering.take(reasons, watch.octets(), this.#host.now().utc);
  }

  /** Tells all members; what waits to be told with others goes before them. */
  all(kind: Exclude<EntryKind, "event">): void {
    this.#watches.look();
    const running = this.#running;
    if (running === undefined) return;
    running.gathering.flush();
    const { watch, reasons } = running;
    reasons.fill(kind === "integrity" ? triggerBits.integrity : triggerBits.generalInterrogation);
    this.#tell(kind, reasons, watch.octets(), this.#host.now().utc);
  }

  /** By elapsed time, from when it was enabled: a timer that is late does not move those behind it. */
  #everySo(ms: number, due = this.#clock.elapsed() + ms): void {
    this.#integrity = this.#clock.after(due - this.#clock.elapsed(), () => {
      const now = this.#clock.elapsed();
      this.#everySo(ms, due + ms > now ? due + ms : now + ms);
      if (this.#host.answers()) this.all("integrity");
    });
  }
}
