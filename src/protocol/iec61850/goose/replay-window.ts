/**
 * Which numbers of a sender have come: what comes again, or long after its turn, is a replay. Who it is, is said by what was signed, never by where
 * it comes from.
 */

/** Numbers behind the newest one within which what comes late may be new: datagrams overtake each other. */
const WINDOW = 32;

/** Only who has a key gets in. */
const MOST_SENDERS = 1024;

interface Heard {
  newest: number;
  /** Bit k: the newest less k has come. */
  seen: number;
}

export class ReplayWindow {
  /** Who was heard of longest ago is the first. */
  readonly #heard = new Map<string, Heard>();

  /** Whether a number, of 32 bits, has not come from a sender yet; from here on it has. */
  isNew(sender: string, number: number): boolean {
    const heard = this.#heard.get(sender);
    if (heard === undefined) {
      const [oldest] = this.#heard.keys();
      if (this.#heard.size >= MOST_SENDERS && oldest !== undefined) this.#heard.delete(oldest);
      this.#heard.set(sender, { newest: number, seen: 1 });
      return true;
    }
    this.#heard.delete(sender);
    this.#heard.set(sender, heard);
    // They go round at 2^32.
    const ahead = (number - heard.newest) | 0;
    if (ahead > 0) {
      heard.seen = ahead >= WINDOW ? 1 : ((heard.seen << ahead) | 1) >>> 0;
      heard.newest = number;
      return true;
    }
    if (ahead <= -WINDOW) return false;
    const bit = (1 << -ahead) >>> 0;
    if ((heard.seen & bit) !== 0) return false;
    heard.seen = (heard.seen | bit) >>> 0;
    return true;
  }

  /** A sender has been silent for so long that it is gone: who starts anew counts from wherever it likes. */
  forget(sender: string): void {
    this.#heard.delete(sender);
  }
}
