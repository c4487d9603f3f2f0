import type { Link } from "./link.ts";

class End implements Link {
  readonly peer: string;
  other: End | undefined;
  /** What has come and not been handed on. */
  readonly #early: Uint8Array[] = [];
  #unread = 0;
  #paused = false;
  #receiver: ((bytes: Uint8Array) => void) | undefined;
  readonly #onClosed: (() => void)[] = [];
  #open = true;

  constructor(peer: string) {
    this.peer = peer;
  }

  get waiting(): number {
    return this.other?.unread ?? 0;
  }

  /** Bytes that have come and not been handed on. */
  get unread(): number {
    return this.#unread;
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.other?.take(bytes);
  }

  take(bytes: Uint8Array): void {
    if (!this.#open) return;
    if (this.#receiver !== undefined && !this.#paused && this.#early.length === 0) {
      this.#receiver(bytes);
      return;
    }
    this.#early.push(bytes);
    this.#unread += bytes.length;
  }

  receive(run: (bytes: Uint8Array) => void): void {
    this.#receiver = run;
    this.#handOn();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#handOn();
  }

  closed(run: () => void): void {
    this.#onClosed.push(run);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#early.length = 0;
    this.#unread = 0;
    for (const run of this.#onClosed) run();
    this.other?.close();
  }

  get open(): boolean {
    return this.#open;
  }

  #handOn(): void {
    while (this.#receiver !== undefined && !this.#paused) {
      const [bytes] = this.#early;
      if (bytes === undefined) return;
      this.#early.shift();
      this.#unread -= bytes.length;
      this.#receiver(bytes);
    }
  }
}

/** Two ends of one cable: what is sent at one arrives at the other before `send` returns, unless that one pauses. */
export function nullModem(): [Link & { readonly open: boolean }, Link & { readonly open: boolean }] {
  const a = new End("null modem a");
  const b = new End("null modem b");
  a.other = b;
  b.other = a;
  return [a, b];
}
