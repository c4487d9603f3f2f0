/**
 * The front panel of a JEMStar II: a colour display with READ beside it, navigation keys and the reset key under the front cover (sections
 * Display Navigation & Menus, Display Faceplate, Meter Power Up Sequence).
 */
import { buttons, cover, DISPLAY_MS, HOLD_MS, RESET_DONE, VALUES_MS, welcome } from "#model/jemstar-panel.ts";
import { isRefused, type Place } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { List } from "#quantity/register.ts";
import type { Control, Hand, MakePanel, Panel, PanelHost } from "#panel/panel.ts";
import type { Picture, Screen, Tone } from "#panel/picture.ts";
import { headerOf } from "./header.ts";
import { LogIn } from "./log-in.ts";
import { screenParts, screensFor, type RegisterScreen } from "./register-screens.ts";
import { displayOf } from "./setup.ts";
import { UserMenu } from "./user-menu.ts";
import type { Key } from "./view.ts";

const controls: readonly Control[] = [
  { ...cover, kind: "flap" },
  ...buttons.map((button): Control => ({ ...button, kind: "button" })),
];
const keys: ReadonlySet<string> = new Set<Key>(["up", "down", "left", "right", "set"]);

/** What looking at a screen is to read. */
const places: Readonly<Record<RegisterScreen["kind"], Place>> = {
  registers: "registers",
  phasor: "readings",
  communication: "readings",
  alarms: "log alarm",
};

/** Milliseconds for which it is said what came of RESET. */
const SAYS_MS = 5000;

function isKey(control: string): control is Key {
  return keys.has(control);
}

/** What the meter's time since power came makes of the display. */
type Stage = "dark" | "welcome" | "not set" | "on";

export const jemstarPanel: MakePanel = (host) => new JemStarPanel(host);

class JemStarPanel implements Panel {
  readonly controls = controls;
  readonly #surface: MeterSurface;
  readonly #logIn: LogIn;
  readonly #menu: UserMenu;
  readonly #held = new Set<string>();
  /** READ went down then, and has not done anything yet. */
  #readAt: number | undefined;
  #isAlternate = false;
  #isTesting = false;
  /** The screen that is shown, when the next one comes, and whether that has begun. */
  #place = 0;
  #nextAt: number | undefined;
  #isShowing = false;
  /** What came of RESET. */
  #says: { readonly text: string; readonly tone: Tone; readonly until: number } | undefined;

  constructor({ surface, changed }: PanelHost) {
    this.#surface = surface;
    this.#logIn = new LogIn(surface, () => {
      this.#menu.locked();
      changed();
    });
    this.#menu = new UserMenu(surface, this.#logIn, changed);
  }

  // ── buttons ─────────────────────────────────────────────────────────────────────────────────────────────────────

  press(name: string, hand: Hand, at: number): void {
    this.#advance(at);
    const control = controls.find((one) => one.name === name);
    if (control === undefined || this.#held.has(name)) return;
    if (control.behind !== undefined && !this.#isCoverOpen) return;
    if (this.#logIn.takes(hand)) this.#menu.another();
    if (control.kind === "flap") return this.#turnCover();
    this.#held.add(name);
    this.#says = undefined;
    if (name === "reset") return this.#reset(at);
    if (!this.#isReady) return;
    if (name === "read") this.#read(at);
    else if (isKey(name)) this.#navigate(name, at);
  }

  release(name: string, at: number): void {
    this.#advance(at);
    if (!this.#held.delete(name) || name !== "read" || this.#readAt === undefined) return;
    this.#readAt = undefined;
    this.#step(at);
  }

  /** There is one cover, whoever opened it. */
  get #isCoverOpen(): boolean {
    return this.#surface.extra()["coverOpen"] === true;
  }

  /** The meter senses its cover: who may not open it leaves it as it is. */
  #turnCover(): void {
    const failed = !this.#isCoverOpen;
    const outcome = this.#surface.obey({ command: "hardware", part: "cover", failed }, this.#logIn.session);
    if (isRefused(outcome) || failed) return;
    for (const { name, behind } of controls) if (behind !== undefined) this.#held.delete(name);
  }

  /** Whoever has broken a seal for it sees whether the billing period has ended. */
  #reset(at: number): void {
    const outcome = this.#surface.obey({ command: "resetButton" }, this.#logIn.session);
    if (this.#stage === "dark") return;
    const said = isRefused(outcome)
      ? { text: outcome.words.join(" "), tone: "bad" as const }
      : { text: RESET_DONE, tone: "good" as const };
    this.#says = { ...said, until: at + SAYS_MS };
  }

  /** "Press the READ button any time you want to return to the normal display." */
  #read(at: number): void {
    if (this.#menu.isOpen) {
      this.#menu.leave();
      this.#isShowing = false;
      this.#show(at);
    } else this.#readAt = at;
  }

  #navigate(key: Key, at: number): void {
    if (this.#menu.isOpen) this.#menu.press(key, at);
    else if (key === "left") this.#menu.enter(at);
    if (!this.#menu.isOpen) this.#show(at);
  }

  // ── registers ───────────────────────────────────────────────────────────────────────────────────────────────────

  get #list(): List {
    return this.#surface.status().testMode ? "test" : this.#isAlternate ? "alternate" : "normal";
  }

  get #screens(): readonly RegisterScreen[] {
    return screensFor(this.#surface, this.#surface.configuration(), this.#list);
  }

  get #display() {
    return displayOf(this.#surface.configuration());
  }

  /** A button was pressed: the next screen comes after the time-out of the display. */
  #step(at: number): void {
    this.#place++;
    this.#nextAt = at + 1000 * this.#display.timeoutSeconds;
  }

  /** Registers are shown from now on. */
  #show(at: number): void {
    if (this.#isShowing) return;
    this.#isShowing = true;
    this.#nextAt = at + 1000 * this.#display.scrollSeconds;
  }

  #scroll(now: number): void {
    const { scrolling, scrollSeconds } = this.#display;
    if (this.#nextAt === undefined || !scrolling || now < this.#nextAt) return;
    // READ that is held stays on its screen.
    const steps = 1 + Math.floor((now - this.#nextAt) / (1000 * scrollSeconds));
    this.#place += steps;
    this.#nextAt += steps * 1000 * scrollSeconds;
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

  get #stage(): Stage {
    const { powered, poweredMs = Infinity } = this.#surface.status();
    if (!powered) return "dark";
    return poweredMs < DISPLAY_MS ? "welcome" : poweredMs < VALUES_MS ? "not set" : "on";
  }

  get #isReady(): boolean {
    return this.#stage === "not set" || this.#stage === "on";
  }

  /** Does what time has done until then. */
  #advance(now: number): void {
    if (this.#says !== undefined && now >= this.#says.until) this.#says = undefined;
    if (!this.#isReady) {
      this.#menu.forget();
      this.#logIn.lock();
      this.#isShowing = false;
      this.#isAlternate = false;
      this.#readAt = undefined;
      this.#place = 0;
      return;
    }
    const isTesting = this.#surface.status().testMode;
    if (isTesting !== this.#isTesting) this.#place = 0;
    this.#isTesting = isTesting;
    const wasOpen = this.#menu.isOpen;
    const leftAt = this.#menu.due;
    this.#menu.pass(now);
    if (this.#menu.isOpen) return;
    if (wasOpen) this.#isShowing = false;
    this.#show(wasOpen ? (leftAt ?? now) : now);
    if (this.#readAt !== undefined && now - this.#readAt >= HOLD_MS) {
      // Test registers are of neither list.
      if (!isTesting) {
        this.#isAlternate = !this.#isAlternate;
        this.#place = 0;
      }
      this.#nextAt = this.#readAt + HOLD_MS + 1000 * this.#display.timeoutSeconds;
      this.#readAt = undefined;
    }
    if (this.#readAt === undefined) this.#scroll(now);
  }

  due(at: number): number | undefined {
    this.#advance(at);
    if (this.#stage === "dark") return undefined;
    const all = [this.#menu.due, this.#says?.until];
    if (!this.#menu.isOpen && this.#isReady) {
      if (this.#readAt !== undefined) all.push(this.#readAt + HOLD_MS);
      else if (this.#display.scrolling) all.push(this.#nextAt);
    }
    // The clock in the header goes on, whatever else does.
    const tick = (Math.floor(at / 1000) + 1) * 1000;
    return Math.min(tick, ...all.filter((one) => one !== undefined));
  }

  // ── what is seen ────────────────────────────────────────────────────────────────────────────────────────────────

  picture(at: number): Picture {
    this.#advance(at);
    const { led, optical } = this.#surface.status().testPulses;
    return {
      display: this.#stage === "dark" ? { kind: "dark", glass: "colour" } : this.#noted(this.#screen()),
      lights: [
        { name: "LED Power Pulse", pulses: led },
        { name: "Optical Port", pulses: optical },
      ],
      held: [...this.#held],
      open: this.#isCoverOpen ? [cover.name] : [],
    };
  }

  #noted(screen: Screen): Screen {
    if (this.#says === undefined) return screen;
    const { text, tone } = this.#says;
    return { ...screen, parts: [...screen.parts, { part: "lines", lines: [{ text, tone }] }] };
  }

  #screen(): Screen {
    if (this.#stage === "welcome")
      return {
        kind: "screen",
        title: "",
        clock: "",
        marks: [],
        parts: [{ part: "lines", lines: welcome.map((text) => ({ text, tone: "plain" })) }],
        intervals: [],
      };
    const configuration = this.#surface.configuration();
    const header = headerOf(this.#surface, configuration);
    const menu = this.#menu.screen;
    if (menu !== undefined) return { kind: "screen", ...header, ...menu };
    const screens = this.#screens;
    const screen = screens[this.#place % Math.max(1, screens.length)];
    const barred = screen === undefined ? undefined : this.#surface.bars(places[screen.kind], this.#logIn.session);
    if (barred !== undefined) {
      const lines = barred.words.map((text) => ({ text, tone: "bad" as const }));
      return { kind: "screen", ...header, title: "", parts: [{ part: "lines", lines }] };
    }
    return { kind: "screen", ...header, ...screenParts(this.#surface, configuration, screen, this.#stage === "on") };
  }

  end(): void {
    this.#logIn.lock();
    this.#menu.leave();
  }
}
