/**
 * The front panel of a PowerLogic meter, as far as registers go: a menu, a password, a number, and the word that stands there, to be read and written.
 * What a write does is the meter's: it is the same as over Modbus.
 */
import type { PanelChoice, RegisterPanelDesign } from "#model/powerlogic-panel.ts";
import { isRefused, type Session } from "#quantity/authority.ts";
import type { Control, Hand, MakePanel, Panel, PanelHost } from "#panel/panel.ts";
import type { Lcd, LcdRow, Picture } from "#panel/picture.ts";
import { turned, turnsNext } from "./turned.ts";

/** Milliseconds without a button after which the panel goes back to its first screen, and asks for the password again. */
const IDLE_MS = 120_000;
/** Milliseconds for which what came of a write is shown. */
const SAYS_MS = 2000;
/** Milliseconds for which each of two things is shown where there is room for one. */
const ALTERNATES_MS = 1000;
const LAST = 65_535;
/** A word is shown and set as the note on energy readings has it: from -32,768 to 32,767. */
const [LEAST, MOST] = [-32_768, 32_767];
const PASSWORDS = 9998;

type Place =
  | { readonly at: "menu"; readonly path: readonly number[] }
  | { readonly at: "password"; readonly path: readonly number[]; readonly turned: number }
  | { readonly at: "number"; readonly register: number }
  | { readonly at: "value"; readonly register: number; readonly sets: number | undefined };

interface Held {
  readonly control: string;
  readonly since: number;
  /** How far the number has been turned for it already. */
  turned: number;
}

const controls = ({ labels }: RegisterPanelDesign): readonly Control[] => [
  { name: "menu", label: labels.menu, kind: "button", key: "Escape", at: [1, 1] },
  { name: "down", label: labels.down, kind: "button", key: "ArrowDown", at: [2, 1] },
  { name: "up", label: labels.up, kind: "button", key: "ArrowUp", at: [3, 1] },
  { name: "enter", label: labels.enter, kind: "button", key: "Enter", at: [4, 1] },
];

function signed(word: number): number {
  return word > MOST ? word - LAST - 1 : word;
}

class RegisterPanel implements Panel {
  readonly controls: readonly Control[];
  readonly #host: PanelHost;
  readonly #design: RegisterPanelDesign;
  #place: Place = { at: "menu", path: [0] };
  #held: Held | undefined;
  #touched = 0;
  #says: { readonly text: string; readonly until: number } | undefined;
  /** Of whom the password was taken; anybody else is asked for it again. */
  #session: { readonly session: Session; readonly hand: string } | undefined;
  #asks = 0;

  constructor(host: PanelHost, design: RegisterPanelDesign) {
    this.#host = host;
    this.#design = design;
    this.controls = controls(design);
  }

  press(control: string, hand: Hand, at: number): void {
    this.#passes(at);
    if (this.#held !== undefined || !this.controls.some(({ name }) => name === control)) return;
    this.#touched = at;
    this.#says = undefined;
    // Whoever is asked for a password meanwhile is let in to what is not on the screen any more.
    this.#asks++;
    if (this.#session !== undefined && this.#session.hand !== hand.id) this.#lock();
    this.#held = { control, since: at, turned: 0 };
    if (control === "menu") this.#back(at);
    else if (control === "enter") this.#enter(hand, at);
    else this.#turn(control === "up" ? 1 : -1);
    this.#held.turned = 1;
  }

  release(control: string, at: number): void {
    this.#passes(at);
    if (this.#held?.control === control) this.#held = undefined;
  }

  picture(at: number): Picture {
    this.#passes(at);
    const held = this.#held === undefined ? [] : [this.#held.control];
    const display = this.#host.surface.status().powered ? this.#lcd(at) : ({ kind: "dark" } as const);
    return { display, lights: [], held, open: [] };
  }

  due(at: number): number | undefined {
    const all = [this.#says?.until];
    if (this.#held !== undefined) all.push(this.#held.since + turnsNext(at - this.#held.since));
    if (this.#place.at !== "menu" || this.#place.path.length > 1 || this.#place.path[0] !== 0)
      all.push(this.#touched + IDLE_MS);
    if (this.#design.decimal === undefined && this.#place.at !== "menu")
      all.push((Math.floor(at / ALTERNATES_MS) + 1) * ALTERNATES_MS);
    const ahead = all.filter((one): one is number => one !== undefined && one > at);
    return ahead.length === 0 ? undefined : Math.min(...ahead);
  }

  end(): void {
    this.#lock();
  }

  /** Does what time has done. */
  #passes(at: number): void {
    const held = this.#held;
    if (held !== undefined) {
      this.#touched = at;
      const all = turned(at - held.since);
      if (held.control === "up" || held.control === "down") {
        this.#turn((held.control === "up" ? 1 : -1) * (all - held.turned));
        held.turned = all;
      }
    }
    if (this.#says !== undefined && at >= this.#says.until) this.#says = undefined;
    if (at - this.#touched >= IDLE_MS) this.#lock();
  }

  /** Back to the first screen; what was set and not taken is forgotten. */
  #lock(): void {
    if (this.#session !== undefined) this.#host.surface.leave(this.#session.session);
    this.#session = undefined;
    this.#asks++;
    this.#place = { at: "menu", path: [0] };
  }

  #choices(path: readonly number[]): readonly PanelChoice[] {
    let choices = this.#design.top;
    for (const k of path.slice(0, -1)) {
      const leads = choices[k]?.leads;
      choices = Array.isArray(leads) ? leads : [];
    }
    return choices;
  }

  #turn(by: number): void {
    const place = this.#place;
    if (by === 0) return;
    if (place.at === "menu") {
      const count = this.#choices(place.path).length;
      const last = (place.path.at(-1) ?? 0) - by;
      this.#place = { at: "menu", path: [...place.path.slice(0, -1), ((last % count) + count) % count] };
    } else if (place.at === "password")
      this.#place = { ...place, turned: Math.min(PASSWORDS, Math.max(0, place.turned + by)) };
    else if (place.at === "number")
      this.#place = { ...place, register: Math.min(LAST, Math.max(this.#design.first, place.register + by)) };
    else if (place.sets !== undefined)
      this.#place = { ...place, sets: Math.min(MOST, Math.max(LEAST, place.sets + by)) };
  }

  #back(at: number): void {
    const place = this.#place;
    if (place.at === "menu") this.#place = { at: "menu", path: place.path.length > 1 ? place.path.slice(0, -1) : [0] };
    else if (place.at === "password") this.#place = { at: "menu", path: place.path };
    else if (place.at === "number") this.#lock();
    else if (place.sets === undefined) this.#place = { at: "number", register: place.register };
    else if (this.#isWhole) this.#write(place.register, place.sets, at, place.register);
    else this.#place = { ...place, sets: undefined };
  }

  /** Whether number and values have room on the screen at once: then the value is changed where the number is chosen. */
  get #isWhole(): boolean {
    return this.#design.hexadecimal !== undefined;
  }

  #enter(hand: Hand, at: number): void {
    const place = this.#place;
    if (place.at === "menu") {
      const leads = this.#choices(place.path)[place.path.at(-1) ?? 0]?.leads;
      if (leads === "registers") this.#place = { at: "password", path: place.path, turned: 0 };
      else if (leads !== undefined) this.#place = { at: "menu", path: [...place.path, 0] };
    } else if (place.at === "password") void this.#admit(place.turned, hand, at);
    else if (place.at === "number" && !this.#isWhole)
      this.#place = { at: "value", register: place.register, sets: undefined };
    else if (place.at === "number" || place.sets === undefined) {
      const { register } = place;
      const word = this.#host.surface.word(register);
      if (word !== undefined) this.#place = { at: "value", register, sets: signed(word) };
    } else this.#write(place.register, place.sets, at, Math.min(LAST, place.register + 1));
  }

  async #admit(password: number, { id, peer }: Hand, at: number): Promise<void> {
    const asks = ++this.#asks;
    const admitted = await this.#host.surface.admit(
      { kind: "password", user: "setup", password: String(password) },
      peer,
    );
    if (isRefused(admitted)) {
      if (asks === this.#asks) this.#says = { text: "Error", until: at + SAYS_MS };
    } else if (asks === this.#asks) {
      this.#session = { session: admitted, hand: id };
      this.#place = { at: "number", register: this.#design.first };
    } else this.#host.surface.leave(admitted);
    this.#host.changed();
  }

  /** Then a whole screen shows the register that comes next, the other the one that was written. */
  #write(register: number, value: number, at: number, next: number): void {
    if (this.#session === undefined) return;
    const word = value < 0 ? value + LAST + 1 : value;
    const outcome = this.#host.surface.obey({ command: "word", register, value: word }, this.#session.session);
    if (isRefused(outcome)) this.#says = { text: "Error", until: at + SAYS_MS };
    this.#place = this.#isWhole ? { at: "number", register: next } : { at: "value", register, sets: undefined };
  }

  #lcd(at: number): Lcd {
    return { kind: "lcd", rows: this.#rows(at), icons: [] };
  }

  #rows(at: number): readonly LcdRow[] {
    const place = this.#place;
    const row = (text: string): LcdRow => ({ text, segments: 14 });
    if (this.#says !== undefined) return [row(this.#says.text)];
    if (place.at === "menu") return [row(this.#choices(place.path)[place.path.at(-1) ?? 0]?.words ?? "")];
    const { number, hexadecimal, decimal, password } = this.#design;
    if (place.at === "password") return [row(`${password} ${place.turned}`)];
    if (place.at === "number" && hexadecimal === undefined)
      return [row(Math.floor(at / ALTERNATES_MS) % 2 === 0 ? number : String(place.register))];
    const sets = place.at === "value" ? place.sets : undefined;
    const word = sets ?? this.#host.surface.word(place.register);
    const value = word === undefined ? "----" : String(signed(word));
    const edits = sets !== undefined;
    if (hexadecimal === undefined)
      return [row(edits || Math.floor(at / ALTERNATES_MS) % 2 === 1 ? value : `r.${place.register}`)];
    const hex =
      word === undefined ? "----" : ((word + LAST + 1) % (LAST + 1)).toString(16).toUpperCase().padStart(4, "0");
    return [
      row(`${number} ${place.register}`),
      { ...row(`${hexadecimal} ${hex}`), ...(edits ? { flashes: hexadecimal.length + 1 } : {}) },
      { ...row(`${decimal} ${value}`), ...(edits ? { flashes: (decimal ?? "").length + 1 } : {}) },
    ];
  }
}

export function registerPanel(design: RegisterPanelDesign): MakePanel {
  return (host) => new RegisterPanel(host, design);
}
