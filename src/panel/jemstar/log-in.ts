/** Who is at the panel: nobody's session, or that of who has logged in, until its time is over or somebody else is there (section Unlocking the Meter). */
import type { Peer, Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { GUEST } from "#model/jemstar-panel.ts";
import type { Hand } from "#panel/panel.ts";

export class LogIn {
  readonly #surface: MeterSurface;
  /** Runs when it locks by itself. */
  readonly #changed: () => void;
  #hand: Hand | undefined;
  #guest: Session | undefined;
  #unlocked: { readonly session: Session; readonly until: number; readonly forget: () => void } | undefined;

  constructor(surface: MeterSurface, changed: () => void) {
    this.#surface = surface;
    this.#changed = changed;
  }

  get user(): string {
    return this.#unlocked?.session.user ?? GUEST;
  }

  get isOpen(): boolean {
    return this.#unlocked !== undefined;
  }

  /** When it locks; undefined of what is locked. */
  get until(): number | undefined {
    return this.#unlocked?.until;
  }

  get session(): Session {
    return this.#unlocked?.session ?? (this.#guest ??= this.#surface.open(this.#peer));
  }

  get #peer(): Peer {
    return { near: false, ...this.#hand?.peer, protocol: "panel", port: "panel" };
  }

  /** Somebody is at the panel now; whether it is another than before, who finds it locked. */
  takes(hand: Hand): boolean {
    const isOther = this.#hand !== undefined && this.#hand.id !== hand.id;
    if (isOther) this.lock();
    // What he may do is as he is now: pages know people by log-ins that change.
    this.#hand = hand;
    this.#guest = undefined;
    return isOther;
  }

  isHand(id: string | undefined): boolean {
    return this.#hand?.id === id;
  }

  get handId(): string | undefined {
    return this.#hand?.id;
  }

  unlock(session: Session, until: number): void {
    this.lock();
    let isOver = false;
    const forget = this.#surface.whenOver(session, () => {
      isOver = true;
      if (this.#unlocked?.session !== session) return;
      this.#unlocked = undefined;
      this.#changed();
    });
    if (!isOver) this.#unlocked = { session, until, forget };
  }

  lock(): void {
    const unlocked = this.#unlocked;
    if (unlocked === undefined) return;
    this.#unlocked = undefined;
    unlocked.forget();
    this.#surface.leave(unlocked.session);
  }
}
