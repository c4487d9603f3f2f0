/** Looks with each calculation cycle at what a meter has to tell, and tells it to those who receive it. */
import { limits } from "#quantity/limits.ts";
import { AlarmWatch } from "./alarms.ts";
import type { SnmpHost } from "./host.ts";
import { alarmTold, started, unauthentic, type Notification } from "./notification.ts";
import type { Receiver } from "./receiver.ts";

export interface TellerParts {
  readonly host: SnmpHost;
  readonly receivers: readonly Receiver[];
  /** Whether the meter says anything now. */
  readonly answers: () => boolean;
  /** Something may have changed. */
  readonly changed: () => void;
}

export class Teller {
  readonly watch = new AlarmWatch();
  readonly #parts: TellerParts;
  #unheard: (() => void) | undefined;
  /** It has not said yet that it has begun. */
  #isNew = true;
  #unauthenticAt: number | undefined;

  constructor(parts: TellerParts) {
    this.#parts = parts;
  }

  begin(): void {
    this.#unheard ??= this.#parts.host.surface.on("cycle", () => this.#look());
  }

  end(): void {
    this.#unheard?.();
    this.#unheard = undefined;
    for (const receiver of this.#parts.receivers) receiver.stop();
  }

  /** Somebody is not who he says: strangers can send as many as they like, so that only some are told. */
  unauthentic(): void {
    const now = this.#elapsed;
    const { unauthenticMs } = limits.snmp;
    if (this.#unauthenticAt !== undefined && now - this.#unauthenticAt < unauthenticMs) return;
    this.#unauthenticAt = now;
    this.#tell([unauthentic(now)]);
  }

  get #elapsed(): number {
    return this.#parts.host.engine.elapsed();
  }

  #look(): void {
    const { host, answers, changed } = this.#parts;
    const { surface } = host;
    changed();
    const status = surface.status();
    if (!answers()) {
      // Without power it ends, and begins anew.
      if (!status.powered) this.#isNew = true;
      return;
    }
    const elapsedMs = this.#elapsed;
    const { begun, ended } = this.watch.look(status, surface.now());
    const all = [
      ...(this.#isNew ? [started(elapsedMs)] : []),
      ...begun.map((alarm) => alarmTold("began", alarm, { surface, elapsedMs })),
      ...ended.map((alarm) => alarmTold("ended", alarm, { surface, elapsedMs })),
    ];
    this.#isNew = false;
    if (all.length > 0) this.#tell(all);
  }

  /** What is told is on disk; while nothing can be kept it is told all the same, as answers are. */
  #tell(all: readonly Notification[]): void {
    const { host, receivers } = this.#parts;
    if (receivers.length === 0) return;
    host.whenKept(() => {
      for (const one of all) for (const receiver of receivers) receiver.tell(one);
    });
  }
}
