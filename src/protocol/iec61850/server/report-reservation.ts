/** Who has a report control block to himself (Resv, ResvTms, Owner: IEC 61850-7-2, 17.2.2 and 17.2.4). */
import type { Cancel, Clock } from "#clock/clock.ts";
import { addressOf } from "#io/address.ts";
import type { Asker } from "./served.ts";

export class Reservation {
  readonly #clock: Clock;
  #holder: Asker | undefined;
  /** The address of the one who had it when his association ended: he may come back. */
  #awaited: string | undefined;
  #seconds = 0;
  #expiry: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How long it waits for its holder when his association has ended; 0 where nobody has it. */
  get seconds(): number {
    return this.#seconds;
  }

  get isTaken(): boolean {
    return this.#holder !== undefined || this.#awaited !== undefined;
  }

  /** His address; undefined where nobody has it. */
  get owner(): string | undefined {
    return this.#holder === undefined ? this.#awaited : hostOf(this.#holder);
  }

  isOf(asker: Asker): boolean {
    return this.#holder === asker;
  }

  /** Whether another one has it than who asks. */
  isOthers(asker: Asker): boolean {
    if (this.#holder !== undefined) return this.#holder !== asker;
    return this.#awaited !== undefined && this.#awaited !== hostOf(asker);
  }

  take(asker: Asker, seconds: number): void {
    this.free();
    this.#holder = asker;
    this.#seconds = seconds;
  }

  free(): void {
    this.#expiry?.();
    this.#expiry = undefined;
    this.#holder = undefined;
    this.#awaited = undefined;
    this.#seconds = 0;
  }

  /** An association has ended: its own block waits for it, or is free. */
  left(asker: Asker): void {
    if (this.#holder !== asker) return;
    const seconds = this.#seconds;
    this.free();
    if (seconds <= 0) return;
    this.#awaited = hostOf(asker);
    this.#seconds = seconds;
    this.#expiry = this.#clock.after(1000 * seconds, () => this.free());
  }
}

/** An address without its port. */
function hostOf({ peer }: Asker): string {
  const colon = peer.lastIndexOf(":");
  return addressOf(colon > 0 ? peer.slice(0, colon) : peer) ?? addressOf(peer) ?? peer;
}

/** Four octets of an IPv4 address, sixteen of an IPv6 one (IEC 61850-8-1, 17.2.2); none of what is neither. */
export function ownerOctets(owner: string | undefined): Uint8Array {
  if (owner === undefined) return new Uint8Array(0);
  if (!owner.includes(":")) {
    const parts = owner.split(".").map(Number);
    return parts.length === 4 && parts.every((part) => part >= 0 && part <= 255)
      ? Uint8Array.from(parts)
      : new TextEncoder().encode(owner).slice(0, 64);
  }
  const [left = "", right] = owner.split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((one) => Number.parseInt(one, 16));
  const [before, after] = [groups(left), groups(right ?? "")];
  const all = [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
  return Uint8Array.from(all.slice(0, 8).flatMap((group) => [(group >> 8) & 255, group & 255]));
}
