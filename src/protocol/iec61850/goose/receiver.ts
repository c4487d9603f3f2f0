/** What comes of GOOSE at one place, over Ethernet or over UDP, and who follows which control block of it. */
import { macText } from "#io/ethernet-frame.ts";
import { WireError } from "#wire/cursor.ts";
import { readGooseFrame } from "./goose-frame.ts";
import { readGoosePdu } from "./goose-pdu.ts";
import { ReplayWindow } from "./replay-window.ts";
import type { SessionReader } from "./session-security.ts";
import type { Received, Subscription } from "./subscription.ts";

export class GooseReceiver {
  readonly counts = {
    /** Messages that were understood. */
    messages: 0,
    /** Of control blocks that nobody follows. */
    unknown: 0,
    /** What is no GOOSE. */
    malformed: 0,
    /** Of sessions: with no key that is known, with a signature that does not fit, what has come before. */
    withoutKey: 0,
    unsigned: 0,
    replayed: 0,
  };
  /** Is told of sessions that are not taken, and from where: their key is not known, or their signature or cipher does not fit it. */
  refused: ((peer: string, why: "key" | "signature") => void) | undefined;
  readonly #subscriptions = new Map<string, Subscription[]>();
  readonly #replays = new ReplayWindow();
  readonly #all: ((received: Received) => void) | undefined;

  /** `all` is told of every message, whoever follows it. */
  constructor(all?: (received: Received) => void) {
    this.#all = all;
  }

  add(subscription: Subscription): void {
    const { controlBlock } = subscription.settings;
    this.#subscriptions.set(controlBlock, [...(this.#subscriptions.get(controlBlock) ?? []), subscription]);
  }

  remove(subscription: Subscription): void {
    subscription.close();
    const { controlBlock } = subscription.settings;
    const left = this.#subscriptions.get(controlBlock)?.filter((one) => one !== subscription) ?? [];
    if (left.length > 0) this.#subscriptions.set(controlBlock, left);
    else this.#subscriptions.delete(controlBlock);
  }

  /** Whether somebody follows a control block. */
  follows(controlBlock: string): boolean {
    return this.#subscriptions.has(controlBlock);
  }

  /** A frame without its tag; false where it is none of GOOSE. */
  takeFrame(bytes: Uint8Array): boolean {
    return this.#understood(() => {
      const { appId, simulated, source, pdu } = readGooseFrame(bytes);
      this.#take({ appId, simulated, pdu: readGoosePdu(pdu), source: macText(source) });
    });
  }

  /** A datagram; false where it is none of GOOSE, or nobody may have sent it. */
  takeDatagram(bytes: Uint8Array, peer: string, sessions: SessionReader): boolean {
    return this.#understood(() => {
      const taken = sessions.read(bytes);
      if ("refused" in taken) {
        if (taken.refused === "key") this.counts.withoutKey++;
        else this.counts.unsigned++;
        this.refused?.(peer, taken.refused);
        return;
      }
      const { number, keyId, isProved, payloads } = taken;
      for (const { appId, simulated, pdu: octets } of payloads) {
        const pdu = readGoosePdu(octets);
        const sender = `${keyId} ${pdu.controlBlock}`;
        const follows = this.#subscriptions.get(pdu.controlBlock) ?? [];
        // Whose publishers are gone: who begins anew counts from wherever it likes.
        if (follows.length > 0 && follows.every(({ state }) => state.isGone)) this.#replays.forget(sender);
        if (isProved && !this.#replays.isNew(sender, number)) this.counts.replayed++;
        // Who has a key is its publisher, from whatever port it sends.
        else this.#take({ appId, simulated, pdu, source: isProved ? sender : peer });
      }
    });
  }

  #take(received: Received): void {
    this.counts.messages++;
    this.#all?.(received);
    const follows = this.#subscriptions.get(received.pdu.controlBlock);
    if (follows === undefined) this.counts.unknown++;
    else for (const subscription of follows) subscription.take(received);
  }

  #understood(run: () => void): boolean {
    try {
      run();
      return true;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.counts.malformed++;
      return false;
    }
  }
}
