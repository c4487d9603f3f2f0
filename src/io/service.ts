/**
 * What systemd is told of a service (sd_notify(3)): that it is ready, what it does, that it is alive. Node has no datagram sockets of the
 * Unix family, so systemd-notify(1) says it, which stands wherever systemd does (docs/decisions/014-operation.md).
 */
import { execFile } from "node:child_process";
import type { Cancel, Clock } from "#clock/clock.ts";

const US = 1000;
const NS_IN_US = 1000n;

/** systemd-notify waits until it was heard; who does not hear it for so long is not there. */
const SAYING_MS = 5000;

/** Says assignments like READY=1; rejects when they cannot be said. */
export type Say = (assignments: readonly string[]) => Promise<void>;

/** By systemd-notify; this process is the service, whatever started it. */
function saidBySystemdNotify(assignments: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile("systemd-notify", [`--pid=${process.pid}`, ...assignments], { timeout: SAYING_MS }, (error) => {
      if (error === null) return resolve();
      const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
      reject(
        new Error(
          isMissing
            ? "NOTIFY_SOCKET is set, and there is no systemd-notify to answer it: install it, or run the service with Type=exec"
            : `systemd-notify failed: ${error.message}`,
        ),
      );
    });
  });
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How often systemd wants to hear from this process, milliseconds; undefined where it does not. */
export function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: Environment): number | undefined {
  const us = Number(WATCHDOG_USEC);
  // What started this process hands its own surroundings on.
  const isMeant = WATCHDOG_PID === undefined || [process.pid, process.ppid].includes(Number(WATCHDOG_PID));
  return us > 0 && isMeant ? us / US : undefined;
}

/** Nothing is said of a process that systemd did not start as a service that notifies. */
export function serviceOf(environment: Environment, clock: Clock, failed: (why: string) => void): Service | undefined {
  const { NOTIFY_SOCKET } = environment;
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === "") return undefined;
  return new Service(clock, failed, watchdogMs(environment));
}

export class Service {
  readonly #clock: Clock;
  readonly #say: Say;
  readonly #failed: (why: string) => void;
  readonly #watchdogMs: number | undefined;
  /** Messages that are to be said, in order. */
  #waiting: (readonly string[])[] = [];
  #saying: Promise<void> | undefined;
  #hasFailed = false;
  #cancel: Cancel = () => {};

  /** `failed` is told once why nothing can be said. */
  constructor(
    clock: Clock,
    failed: (why: string) => void,
    watchdogMs: number | undefined,
    say: Say = saidBySystemdNotify,
  ) {
    this.#clock = clock;
    this.#failed = failed;
    this.#watchdogMs = watchdogMs;
    this.#say = say;
  }

  /** All listeners are open, and what the start has changed is on disk. */
  ready(status: string): void {
    this.#tell("READY=1", statusOf(status));
    this.#cancel();
    this.#watch();
  }

  status(status: string): void {
    this.#tell(statusOf(status));
  }

  /** By the clock that systemd has, CLOCK_MONOTONIC: it tells this reload from one that it asked for earlier. */
  reloading(): void {
    // One that has not been said yet, and its end, nobody has to know of any more.
    this.#waiting = this.#waiting.filter(([first]) => first !== "RELOADING=1" && first !== "READY=1");
    this.#tell("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / NS_IN_US}`);
  }

  /** Resolves when it was said, or cannot be. */
  async stopping(status: string): Promise<void> {
    this.#cancel();
    this.#tell("STOPPING=1", statusOf(status));
    await this.#saying;
  }

  /** Twice in the time that systemd waits, from the event loop: one that hangs is not alive. */
  #watch(): void {
    if (this.#watchdogMs === undefined) return;
    this.#cancel = this.#clock.after(this.#watchdogMs / 2, () => {
      this.#tell("WATCHDOG=1");
      this.#watch();
    });
  }

  /** Messages stay apart: RELOADING=1 and READY=1 in one would be neither. One that says what a newer one says is not sent any more. */
  #tell(...assignments: readonly string[]): void {
    const names = assignments.map(nameOf);
    this.#waiting = this.#waiting.filter((message) => !message.every((one) => names.includes(nameOf(one))));
    this.#waiting.push(assignments);
    this.#saying ??= this.#sayAll();
  }

  async #sayAll(): Promise<void> {
    for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift()) {
      try {
        await this.#say(message);
      } catch (error) {
        if (!this.#hasFailed) this.#failed(error instanceof Error ? error.message : String(error));
        this.#hasFailed = true;
      }
    }
    this.#saying = undefined;
  }
}

function nameOf(assignment: string): string {
  return assignment.replace(/=.*/s, "");
}

/** One line, whatever a file or peer has said. */
function statusOf(status: string): string {
  return `STATUS=${status.replaceAll(/\s+/g, " ")}`;
}
