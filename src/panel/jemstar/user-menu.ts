/** The graphical user menu: screens that lead to others, the red perimeter that the navigation keys move, the foot with its lock. */
import { menus } from "#model/jemstar-panel.ts";
import { isRefused, type MeterCommand, type Outcome, type Refused, type Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Choice, Part, Screen, Tone } from "#panel/picture.ts";
import { communicationsView } from "./communications-views.ts";
import { logInView } from "./log-in-view.ts";
import type { LogIn } from "./log-in.ts";
import { menuView } from "./menu-view.ts";
import { displayOf } from "./setup.ts";
import { settingsView } from "./settings-views.ts";
import { identificationView, statusView, usbView } from "./status-views.ts";
import { testModeView, testSettings } from "./test-mode-view.ts";
import type { Desk, Key, Target, View } from "./view.ts";

interface Shown {
  readonly view: View;
  /** Where the red perimeter is, by row and place; the foot is the row after the last. */
  y: number;
  x: number;
}

const SECOND_MS = 1000;

const changedMeanwhile: Refused = {
  refused: "invalid",
  words: ["the configuration has been changed meanwhile: SAVE again"],
};

export class UserMenu implements Desk {
  readonly surface: MeterSurface;
  at = 0;
  readonly #logIn: LogIn;
  readonly #changed: () => void;
  #stack: Shown[] = [];
  #note: { readonly words: readonly string[]; readonly tone: Tone } | undefined;
  /** Something goes on that the panel waits for. */
  #isBusy = false;
  /** Counts what has been left: what comes later for it comes to nobody. */
  #visit = 0;
  #armedUntil: number | undefined;
  #test = testSettings();
  readonly #back: Target = { text: "Back", set: () => this.#goBack() };
  readonly #lock: Target = { text: "Lock", set: () => this.#turnLock() };

  constructor(surface: MeterSurface, logIn: LogIn, changed: () => void) {
    this.surface = surface;
    this.#logIn = logIn;
    this.#changed = changed;
  }

  get isOpen(): boolean {
    return this.#stack.length > 0;
  }

  get configuration(): unknown {
    return this.surface.configuration();
  }

  get session(): Session {
    return this.#logIn.session;
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** When the next thing happens by itself; undefined when none does. */
  get due(): number | undefined {
    const { menuTimeoutSeconds, presetMinutes } = displayOf(this.configuration);
    const all = [this.#logIn.until];
    if (this.isOpen) {
      all.push(this.#armedUntil);
      if (menuTimeoutSeconds !== undefined) all.push(this.at + menuTimeoutSeconds * SECOND_MS);
      if (this.#top?.view.isPreset === true) all.push(this.at + presetMinutes * 60 * SECOND_MS);
    }
    const known = all.filter((one) => one !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  /** It is so late: what was due happens. `at` stays the instant of the last press. */
  pass(now: number): void {
    for (let due = this.due; due !== undefined && due <= now; due = this.due) {
      if (this.#logIn.until === due) this.lock();
      else if (this.#armedUntil === due) {
        this.#armedUntil = undefined;
        this.back();
      } else if (this.#top?.view.isPreset === true && this.#presetEnd === due) this.back();
      else this.leave();
    }
  }

  get #presetEnd(): number {
    return this.at + displayOf(this.configuration).presetMinutes * 60 * SECOND_MS;
  }

  // ── what keys do ────────────────────────────────────────────────────────────────────────────────────────────────

  enter(at: number): void {
    this.at = at;
    this.#note = undefined;
    this.open(this.#main());
  }

  leave(): void {
    this.#visit++;
    this.#stack = [];
    this.#note = undefined;
    this.#disarm();
  }

  /** Whoever goes away from the prompt has changed his mind. */
  #disarm(): void {
    if (this.#armedUntil === undefined) return;
    this.#armedUntil = undefined;
    this.surface.obey({ command: "disarm" }, this.session);
  }

  /** There is no power: what was typed is gone; what is armed happens now. */
  forget(): void {
    this.#armedUntil = undefined;
    this.leave();
    this.#test = testSettings();
  }

  /** Somebody else is there: what somebody has begun is not his. */
  another(): void {
    this.#visit++;
    this.#note = undefined;
    this.#disarm();
    this.#stack.length = Math.min(1, this.#stack.length);
  }

  press(key: Key, at: number): void {
    if (this.#isBusy) return;
    this.at = at;
    this.#note = undefined;
    const top = this.#top;
    if (top === undefined) return;
    if (top.view.take?.(key) === true) return this.#settle(top);
    if (key === "set") this.#selected(top)?.set?.();
    else this.#move(top, key);
    const now = this.#top;
    if (now !== undefined) this.#settle(now);
  }

  #move(top: Shown, key: Exclude<Key, "set">): void {
    const rows = this.#rows(top.view);
    if (key === "up" || key === "down") {
      const y = top.y + (key === "down" ? 1 : -1);
      const row = rows[y];
      if (row === undefined) return;
      // The foot has two ends: what is on the right of a screen is above the lock.
      const wasWide = rows[top.y]?.length ?? 1;
      const isFoot = y === rows.length - 1 || top.y === rows.length - 1;
      top.x = isFoot && top.x > 0 && top.x === wasWide - 1 ? row.length - 1 : Math.min(top.x, row.length - 1);
      top.y = y;
    } else top.x += key === "right" ? 1 : -1;
  }

  /** The perimeter is around something that there is. */
  #settle(top: Shown): void {
    const rows = this.#rows(top.view);
    top.y = Math.max(0, Math.min(top.y, rows.length - 1));
    top.x = Math.max(0, Math.min(top.x, (rows[top.y]?.length ?? 1) - 1));
  }

  get #top(): Shown | undefined {
    return this.#stack.at(-1);
  }

  #rows(view: View): readonly (readonly Target[])[] {
    const rows = view.rows().filter((row) => row.length > 0);
    return [...rows, this.#hasLock(view) ? [this.#back, this.#lock] : [this.#back]];
  }

  /** Of a meter with its key there is none: "meters with the internal security jumpers installed can not be unlocked". */
  #hasLock(view: View): boolean {
    return view.isLockable && this.#bar === undefined;
  }

  /** Why nothing can be unlocked here, whoever asks. */
  get #bar(): readonly string[] | undefined {
    const hindrance = this.surface.permits("configure", this.session);
    const isBarred = hindrance?.refused === "key" || hindrance?.refused === "mid";
    return isBarred ? hindrance.words : undefined;
  }

  #selected(top: Shown): Target | undefined {
    return this.#rows(top.view)[top.y]?.[top.x];
  }

  #goBack(): void {
    if (this.#top?.view.cancel?.() === true) return;
    this.#disarm();
    this.back();
  }

  #turnLock(): void {
    this.#top?.view.cancel?.();
    if (this.#logIn.isOpen) this.lock();
    else this.open(logInView(this));
  }

  // ── what screens ask of it ──────────────────────────────────────────────────────────────────────────────────────

  open(view: View): void {
    this.#visit++;
    this.#stack.push({ view, y: 0, x: 0 });
  }

  first(): () => void {
    const top = this.#top;
    if (top === undefined) return () => {};
    const { x, y } = top;
    Object.assign(top, { x: 0, y: 0 });
    return () => void Object.assign(top, { x, y });
  }

  back(): void {
    this.#visit++;
    this.#stack.pop();
  }

  say(words: readonly string[], tone: Tone = "plain"): void {
    this.#note = { words, tone };
  }

  may(command: MeterCommand["command"]): boolean {
    const hindrance = this.surface.permits(command, this.session);
    if (hindrance !== undefined) this.say(hindrance.words, "bad");
    return hindrance === undefined;
  }

  tell(command: MeterCommand, then?: (outcome: Outcome) => void): void {
    const { session } = this;
    const done = (outcome: Outcome): void => {
      if (isRefused(outcome)) this.say(outcome.words, "bad");
      else if (then === undefined) this.say(["SAVED"], "good");
      then?.(outcome);
    };
    if (command.command !== "configure") return done(this.surface.obey(command, session));
    // Reading a configuration would hold up everybody else. What somebody changes meanwhile is not in it.
    const { epoch } = this.surface;
    const prepared = this.surface.prepare(command, session);
    this.wait(
      prepared.then((hindrance) => {
        if (hindrance !== undefined) return hindrance;
        return this.surface.epoch === epoch ? this.surface.obey(command, session) : changedMeanwhile;
      }),
      done,
    );
  }

  wait<T>(work: Promise<T>, done: (result: T) => void): void {
    const visit = this.#visit;
    const hand = this.#logIn.handId;
    this.#isBusy = true;
    const over = (what: () => void): void => {
      this.#isBusy = false;
      if (visit === this.#visit && this.#logIn.isHand(hand)) what();
      const top = this.#top;
      if (top !== undefined) this.#settle(top);
      this.#changed();
    };
    void work.then(
      (result) => over(() => done(result)),
      () => over(() => this.say(["it went wrong"], "bad")),
    );
  }

  unlocked(session: Session): void {
    this.#logIn.unlock(session, this.at + displayOf(this.configuration).userMenuSeconds * SECOND_MS);
  }

  /** What somebody has begun is his: whoever logs in next begins anew. */
  locked(): void {
    this.#top?.view.cancel?.();
    for (const { view } of this.#stack) view.forget?.();
  }

  lock(): void {
    this.locked();
    this.#logIn.lock();
  }

  // ── what is seen ────────────────────────────────────────────────────────────────────────────────────────────────

  #main(): View {
    const views: Readonly<Record<string, () => View>> = {
      "Meter Settings": () => settingsView(this),
      Communications: () => communicationsView(this),
      "Test Mode": () => testModeView(this, this.#test),
      "Meter Status": () => statusView(this, (until) => void (this.#armedUntil = until)),
      "Meter ID": () => identificationView(this),
      "USB Port": usbView,
    };
    return menuView(
      menus.main.title,
      menus.main.items.map((row) =>
        row.map((text) => {
          const view = views[text];
          return { text, set: view === undefined ? undefined : () => this.open(view()) };
        }),
      ),
    );
  }

  get screen(): Pick<Screen, "title" | "parts" | "foot"> | undefined {
    const top = this.#top;
    if (top === undefined) return undefined;
    const { view } = top;
    const selected = this.#selected(top);
    const choice = (target: Target): Choice => ({
      text: target.text,
      selected: target === selected,
      ...(target.grey === true ? { grey: true } : {}),
    });
    const said = this.#isBusy ? { words: ["Please wait"], tone: "plain" as const } : this.#note;
    const note: Part[] =
      said === undefined ? [] : [{ part: "lines", lines: said.words.map((text) => ({ text, tone: said.tone })) }];
    const lock = this.#hasLock(view) ? { open: this.#logIn.isOpen, selected: selected === this.#lock } : undefined;
    return {
      title: view.title,
      parts: [...view.parts(choice), ...note],
      foot: { back: choice(this.#back), user: this.#logIn.user, lock },
    };
  }
}
