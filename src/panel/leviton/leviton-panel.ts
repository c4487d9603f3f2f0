/**
 * The panel of the Leviton Series 4000 and 4100: an LCD with a row of digits and a row of text, a wrench and a heart, and four buttons.
 * + and - go through a menu or change what flashes, right goes on ("Next"), left goes back ("Back"). What the manuals leave open is chosen in
 * docs/models/leviton-s4000.md.
 */
import { type MainScreen, type PanelGroup, type PanelMenus, type PanelScreen } from "#model/leviton-panel.ts";
import { isRefused, type MeterCommand, type Session } from "#quantity/authority.ts";
import type { Control, Hand, MakePanel, Panel, PanelHost } from "#panel/panel.ts";
import type { Lcd, Picture } from "#panel/picture.ts";
import type { Setting } from "#quantity/setting.ts";
import { DigitEntry, type Entry } from "./entry.ts";
import { commandOf, configure, entryOf } from "./parameter.ts";
import { Screens, type DataScreen, type Shown } from "./screens.ts";

/** A button that is held repeats after so long, and then so often. */
const HOLD_MS = 500;
const REPEAT_MS = 200;
/** "The display will briefly indicate SAvEd." */
const SAVED_MS = 1000;
const ERROR_MS = 2000;
/** After so long without a press a password counts no more, and what was entered is forgotten. */
const PASSWORD_MS = 120_000;
/** The heart beats once a second. */
const BEAT_MS = 500;

const SAVED = "SAvEd";
const ERROR = "Error";

export const levitonControls: readonly Control[] = [
  { name: "left", label: "Back", kind: "button", key: "ArrowLeft", at: [1, 1] },
  { name: "minus", label: "-", kind: "button", key: "ArrowDown", at: [2, 1] },
  { name: "plus", label: "+", kind: "button", key: "ArrowUp", at: [3, 1] },
  { name: "right", label: "Next", kind: "button", key: "ArrowRight", at: [4, 1] },
];

/** Where somebody is below the main menu. */
type Place =
  | { readonly kind: "main" }
  | { readonly kind: "data"; readonly column: number; readonly row: number }
  | { readonly kind: "password"; readonly entry: DigitEntry }
  | { readonly kind: "checking" }
  | { readonly kind: "group"; readonly group: number }
  | { readonly kind: "parameter"; readonly group: number; readonly column: number; readonly entry: Entry | undefined };

interface Message {
  readonly shown: Shown;
  readonly until: number;
  /** Buttons do nothing meanwhile. */
  readonly isDeaf: boolean;
}

const MAIN: Place = { kind: "main" };
const round = (k: number, length: number): number => (k + length) % length;

export class LevitonPanel implements Panel {
  readonly controls = levitonControls;
  readonly #host: PanelHost;
  readonly #menus: PanelMenus;
  readonly #screens: Screens;
  #item = 0;
  #place: Place = MAIN;
  #message: Message | undefined;
  #session: Session | undefined;
  #now = -Infinity;
  #pressed = -Infinity;
  /** Who pressed last. */
  #hand: string | undefined;
  readonly #held = new Set<string>();
  #repeat: { readonly by: 1 | -1; readonly control: string; at: number } | undefined;

  constructor(host: PanelHost, menus: PanelMenus) {
    this.#host = host;
    this.#menus = menus;
    this.#screens = new Screens(host.surface, menus);
  }

  // ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Does what time has done until an instant, each thing at its own. */
  #advance(at: number): void {
    this.#now = Math.max(this.#now, at);
    if (!this.#isAwake) return this.#home();
    for (let next = this.#next(); next !== undefined && next <= at; next = this.#next()) this.#do(next);
  }

  /** Without power, or while its reset system runs, nobody is let in, and who was is out. */
  get #isAwake(): boolean {
    const { powered, inResetSystem } = this.#host.surface.status();
    return powered && inResetSystem !== true;
  }

  get #passwordEnds(): number | undefined {
    const { kind } = this.#place;
    return kind === "main" || kind === "data" ? undefined : this.#pressed + PASSWORD_MS;
  }

  #next(): number | undefined {
    const instants = [this.#message?.until, this.#repeat?.at, this.#passwordEnds].filter((one) => one !== undefined);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  #do(at: number): void {
    const ends = this.#passwordEnds;
    if (ends !== undefined && ends <= at) return this.#home();
    if (this.#message !== undefined && this.#message.until <= at) this.#message = undefined;
    if (this.#repeat !== undefined && this.#repeat.at <= at) {
      this.#repeat.at += REPEAT_MS;
      if (this.#message === undefined) this.#step(this.#repeat.by);
    }
  }

  due(at: number): number | undefined {
    this.#advance(at);
    if (!this.#isAwake) return undefined;
    const beat = (Math.floor(at / BEAT_MS) + 1) * BEAT_MS;
    return Math.min(beat, this.#next() ?? beat);
  }

  // ── buttons ─────────────────────────────────────────────────────────────────────────────────────────────────────

  press(control: string, hand: Hand, at: number): void {
    this.#advance(at);
    if (!levitonControls.some(({ name }) => name === control) || this.#held.has(control)) return;
    this.#held.add(control);
    // The last that goes down is the one that counts.
    this.#repeat = undefined;
    if (!this.#isAwake) return;
    this.#pressed = this.#now;
    // Another person's password is not his, nor what that one has begun; nobody presses for a screen that he has not seen.
    const isAnother = this.#hand !== hand.id && this.#passwordEnds !== undefined;
    this.#hand = hand.id;
    if (isAnother) return this.#home();
    if (this.#message?.isDeaf === true) return;
    if (this.#message !== undefined) {
      // It is about what was left: nobody presses for a screen that has not been seen.
      this.#message = undefined;
      return;
    }
    if (control === "right") return this.#right(hand);
    if (control === "left") return this.#left();
    const by = control === "plus" ? 1 : -1;
    this.#repeat = { by, control, at: this.#now + HOLD_MS };
    this.#step(by);
  }

  release(control: string, at: number): void {
    this.#advance(at);
    this.#held.delete(control);
    if (this.#repeat?.control === control) this.#repeat = undefined;
  }

  end(): void {
    this.#home();
    this.#held.clear();
  }

  // ── where somebody is ───────────────────────────────────────────────────────────────────────────────────────────

  get #main(): MainScreen {
    const main = this.#menus.main[this.#item] ?? this.#menus.main[0];
    if (main === undefined) throw new RangeError("a panel without screens");
    return main;
  }

  get #groups(): readonly PanelGroup[] {
    return this.#screens.groups(this.#main);
  }

  /** To the first screen; nobody is let in any more. */
  #home(): void {
    if (this.#place !== MAIN) this.#item = 0;
    this.#leave();
    this.#message = undefined;
    this.#repeat = undefined;
  }

  /** To the main menu, where one is in it. */
  #leave(): void {
    this.#place = MAIN;
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) this.#host.surface.leave(session);
  }

  #say(value: string, label: string, isDeaf: boolean): void {
    this.#message = { shown: { value, label }, until: this.#now + (isDeaf ? ERROR_MS : SAVED_MS), isDeaf };
  }

  // ── + and - ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** + is up: to the screen before, or to the next value; - is down. */
  #step(by: 1 | -1): void {
    const place = this.#place;
    if (place.kind === "main") this.#item = round(this.#item - by, this.#menus.main.length);
    if (place.kind === "data") {
      const { length } = this.#screens.columns(this.#main)[place.column] ?? [];
      if (length > 0) this.#place = { ...place, row: round(place.row - by, length) };
    }
    if (place.kind === "password") place.entry.step(by);
    if (place.kind === "group") this.#place = { ...place, group: round(place.group - by, this.#groups.length) };
    if (place.kind === "parameter") place.entry?.step(by);
  }

  // ── right ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #right(hand: Hand): void {
    const place = this.#place;
    if (place.kind === "main") this.#into();
    if (place.kind === "data") this.#toData(place.column + 1);
    if (place.kind === "password" && !place.entry.move(1)) this.#check(place.entry.digits, hand);
    if (place.kind === "group") this.#toParameter(place.group, 0);
    if (place.kind === "parameter" && place.entry?.move(1) !== true) this.#accept(place);
  }

  #into(): void {
    if (!("guarded" in this.#main)) return this.#toData(0);
    const digits = this.#menus.passwordDigits;
    this.#place = { kind: "password", entry: new DigitEntry(0, { digits, decimals: 0, isWhole: true }) };
  }

  /** After the last screen comes the heading. */
  #toData(column: number): void {
    const isThere = column < this.#screens.columns(this.#main).length;
    this.#place = isThere ? { kind: "data", column, row: 0 } : MAIN;
  }

  #check(password: string, hand: Hand): void {
    const main = this.#main;
    if (!("guarded" in main)) return;
    const checking: Place = { kind: "checking" };
    this.#place = checking;
    const { surface } = this.#host;
    const peer = { ...hand.peer, port: "panel" };
    void surface.admit({ kind: "password", user: main.password, password }, peer).then((answer) => {
      if (this.#place !== checking) {
        if (!isRefused(answer)) surface.leave(answer);
        return;
      }
      if (isRefused(answer)) {
        this.#into();
        this.#say(ERROR, this.#menus.passwordLabel, true);
      } else this.#admitted(answer);
      this.#host.changed();
    });
  }

  #admitted(session: Session): void {
    this.#session = session;
    this.#host.surface.whenOver(session, () => {
      if (this.#session !== session) return;
      this.#home();
      this.#host.changed();
    });
    if (this.#groups[0]?.label === "") this.#toParameter(0, 0);
    else this.#place = { kind: "group", group: 0 };
  }

  /** After the last parameter comes the heading of the group, or of the menu where the group has none. */
  #toParameter(group: number, column: number): void {
    const at = this.#groups[group];
    const [screen] = at?.columns[column] ?? [];
    if (screen !== undefined) this.#place = { kind: "parameter", group, column, entry: this.#entryOf(screen) };
    else if (at?.label === "") this.#leave();
    else this.#place = { kind: "group", group };
  }

  #entryOf(screen: PanelScreen): Entry | undefined {
    const takes = (setting: Setting, value: number): boolean => !isRefused(this.#obey(configure(setting, value, true)));
    return entryOf(screen, this.#screens.settings(), takes);
  }

  #obey(command: MeterCommand): ReturnType<PanelHost["surface"]["obey"]> {
    const session = this.#session;
    if (session === undefined) return { refused: "session", words: ["nobody is at the panel"] };
    return this.#host.surface.obey(command, session);
  }

  /** "When leaving this parameter screen using the right button, the display will briefly indicate SAvEd." */
  #accept({ group, column, entry }: Extract<Place, { readonly kind: "parameter" }>): void {
    const [screen] = this.#groups[group]?.columns[column] ?? [];
    const settings = this.#screens.settings();
    const command = screen === undefined || entry === undefined ? undefined : commandOf(screen, entry, settings);
    if (screen === undefined || command === undefined) return this.#toParameter(group, column + 1);
    const label = this.#screens.shown(screen).label;
    if (isRefused(this.#obey(command))) {
      entry?.again();
      return this.#say(ERROR, label, true);
    }
    this.#toParameter(group, column + 1);
    this.#say(SAVED, label, false);
  }

  // ── left ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What was entered and not accepted is forgotten. */
  #left(): void {
    const place = this.#place;
    if (place.kind === "main") this.#item = 0;
    if (place.kind === "data") this.#place = place.column === 0 ? MAIN : { ...place, column: place.column - 1, row: 0 };
    if (place.kind === "password" && !place.entry.move(-1)) this.#leave();
    if (place.kind === "checking" || place.kind === "group") this.#leave();
    if (place.kind !== "parameter" || place.entry?.move(-1) === true) return;
    this.#toParameter(place.group, place.column === 0 ? Infinity : place.column - 1);
  }

  // ── what is seen ────────────────────────────────────────────────────────────────────────────────────────────────

  picture(at: number): Picture {
    this.#advance(at);
    const { powered, inResetSystem } = this.#host.surface.status();
    const seen = { lights: [], held: [...this.#held], open: [] };
    if (!powered) return { display: { kind: "dark" }, ...seen };
    if (inResetSystem === true)
      return { display: lcd({ value: this.#menus.resetSystem, label: "RS" }, undefined, []), ...seen };
    const on = [
      ...(this.#screens.alerts === 0 ? [] : ["wrench"]),
      ...(Math.floor(at / BEAT_MS) % 2 === 0 ? ["heart"] : []),
    ];
    return { display: this.#display(on), ...seen };
  }

  #display(on: readonly string[]): Lcd {
    const entry = this.#message === undefined && "entry" in this.#place ? this.#place.entry : undefined;
    return lcd(this.#message?.shown ?? this.#shown(), entry, on);
  }

  #shown(): Shown {
    const place = this.#place;
    if (place.kind === "main") return this.#screens.heading(this.#main);
    if (place.kind === "data") return this.#screens.shown(this.#dataScreen(place.column, place.row));
    if (place.kind === "group") return { value: "", label: this.#groups[place.group]?.label ?? "" };
    if (place.kind !== "parameter") return { value: "", label: this.#menus.passwordLabel };
    const [screen] = this.#groups[place.group]?.columns[place.column] ?? [];
    return screen === undefined ? { value: "", label: "" } : this.#screens.shown(screen);
  }

  #dataScreen(column: number, row: number): DataScreen {
    const screen = this.#screens.columns(this.#main)[column]?.[row];
    if (screen === undefined) throw new RangeError(`there is no screen ${column}, ${row}`);
    return screen;
  }
}

function lcd({ value, label, arrow }: Shown, entry: Entry | undefined, on: readonly string[]): Lcd {
  const icon = (name: string, isOn: boolean) => ({ name, on: isOn });
  return {
    kind: "lcd",
    rows: [
      { text: entry?.text ?? value, segments: 7, flashes: entry?.flashes },
      { text: label, segments: 14 },
    ],
    icons: [
      ...["wrench", "heart"].map((name) => icon(name, on.includes(name))),
      ...["import", "export"].map((name) => icon(name, arrow === name)),
    ],
  };
}

export function levitonPanel(menus: PanelMenus): MakePanel {
  return (host) => new LevitonPanel(host, menus);
}
