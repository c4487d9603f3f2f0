import type { Link } from "./link.ts";

class End implements Link {
  readonly peer: string;
  other: End | undefined;
  readonly #early: Uint8Array[] = [];
  #receiver: ((bytes: Uint8Array) => void) | undefined;
  readonly #onClosed: (() => void)[] = [];
  #open = true;

  constructor(peer: string) {
    this.peer = peer;
  }

  send(bytes: Uint8Array): void {
    if (this.#open) this.other?.take(bytes);
  }

  take(bytes: Uint8Array): void {
    if (!this.#open) return;
    if (this.#receiver === undefined) this.#early.push(bytes);
    else this.#receiver(bytes);
  }

  receive(run: (bytes: Uint8Array) => void): void {
    this.#receiver = run;
    for (const bytes of this.#early.splice(0)) run(bytes);
  }

  closed(run: () => void): void {
    this.#onClosed.push(run);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const run of this.#onClosed) run();
    this.other?.close();
  }

  get open(): boolean {
    return this.#open;
  }
}

/** Two ends of one cable: what is sent at one arrives at the other before `send` returns. */
export function nullModem(): [Link & { readonly open: boolean }, Link & { readonly open: boolean }] {
  const a = new End("null modem a");
  const b = new End("null modem b");
  a.other = b;
  b.other = a;
  return [a, b];
}
