/**
 * Front panels of a site's meters. A meter has one, and all who look see the same; it is made when somebody looks, and is forgotten when nobody has for a
 * while, so that ten thousand meters cost nothing. Who may touch one is decided in panel-api.ts, what a touch does by the meter.
 */
import type { Cancel, Clock } from "#clock/clock.ts";
import type { Control, Hand, MakePanel, Panel } from "#panel/panel.ts";
import type { Picture } from "#panel/picture.ts";
import { limits } from "#quantity/limits.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

interface Looker {
  readonly changed: () => void;
  readonly over: () => void;
}

const SECOND_MS = 1000;
/** Milliseconds after which time does again what it does where nobody looks: a log-in that has timed out ends, seen or not. */
const UNSEEN_MS = 10_000;

/** A panel, with those who look at it. */
export class SitePanel {
  readonly surface: MeterSurface;
  readonly #panel: Panel;
  readonly #clock: Clock;
  readonly #lookers = new Set<Looker>();
  /** Buttons that are held, and when they come up where nobody says so: whoever held one may be gone. */
  readonly #held = new Map<string, number>();
  readonly #undo: () => void;
  /** Touches of the current second, by hand. */
  readonly #touches = { second: NaN, of: new Map<string, number>() };
  #next: Cancel = () => {};
  #lookedAt: number;
  #timedAt: number;

  constructor(surface: MeterSurface, make: MakePanel, clock: Clock) {
    this.surface = surface;
    this.#clock = clock;
    this.#lookedAt = this.#timedAt = clock.elapsed();
    this.#panel = make({ surface, changed: () => this.#tell() });
    this.#undo = surface.on("cycle", () => this.#tell());
  }

  get controls(): readonly Control[] {
    return this.#panel.controls;
  }

  picture(): Picture {
    this.#lookedAt = this.#clock.elapsed();
    return this.#panel.picture(this.#lookedAt);
  }

  /** The shut flap behind which a control stands; undefined of one that a hand reaches. */
  shutBefore(control: string): Control | undefined {
    const behind = this.controls.find(({ name }) => name === control)?.behind;
    if (behind === undefined || this.picture().open.includes(behind)) return undefined;
    return this.controls.find(({ name }) => name === behind);
  }

  /** A control goes down under a hand, or comes up without one; false of somebody (`who`) who is faster than a hand. */
  touch(control: string, hand: Hand | undefined, who: string): boolean {
    const now = this.#clock.elapsed();
    if (this.#isTooFast(who, now)) return false;
    if (hand === undefined) this.#release(control, now);
    else {
      this.#panel.press(control, hand, now);
      const isButton = this.controls.some(({ name, kind }) => name === control && kind === "button");
      if (isButton) this.#held.set(control, now + limits.panel.heldMs);
    }
    this.#tell();
    return true;
  }

  /** `changed` runs when the picture may be another one, `over` when there is no such panel any more. The result ends it. */
  follow(changed: () => void, over: () => void): () => void {
    const looker = { changed, over };
    this.#lookers.add(looker);
    this.#wait();
    return () => {
      this.#lookers.delete(looker);
      if (this.#lookers.size === 0) this.#next();
    };
  }

  /** Does what time does where nobody looks, now and then; false when nobody has looked for long. */
  sweep(): boolean {
    const now = this.#clock.elapsed();
    const gone = [...this.#held].filter(([, until]) => until <= now);
    for (const [control] of gone) this.#release(control, now);
    if (gone.length > 0) this.#tell();
    else if (this.#lookers.size === 0 && now - this.#timedAt >= UNSEEN_MS) {
      this.#timedAt = now;
      this.#panel.picture(now);
    }
    return this.#lookers.size > 0 || now - this.#lookedAt < limits.panel.unusedMs;
  }

  end(): void {
    this.#next();
    this.#undo();
    this.#panel.end();
    for (const { over } of this.#lookers) over();
    this.#lookers.clear();
  }

  #release(control: string, now: number): void {
    this.#held.delete(control);
    this.#panel.release(control, now);
  }

  #isTooFast(who: string, now: number): boolean {
    const { of } = this.#touches;
    const second = Math.floor(now / SECOND_MS);
    if (second !== this.#touches.second) of.clear();
    this.#touches.second = second;
    const count = (of.get(who) ?? 0) + 1;
    of.set(who, count);
    return count > limits.panel.touchesPerSecond;
  }

  #tell(): void {
    for (const { changed } of this.#lookers) changed();
    this.#wait();
  }

  /** Waits for what time alone changes, as long as somebody looks. */
  #wait(): void {
    this.#next();
    this.#next = () => {};
    if (this.#lookers.size === 0) return;
    const now = this.#clock.elapsed();
    const due = this.#panel.due(now);
    if (due !== undefined) this.#next = this.#clock.after(Math.max(due - now, 1), () => this.#tell());
  }
}

export interface PanelSite {
  /** By which people go. */
  readonly real: Clock;
  meter(name: string): { readonly surface: MeterSurface } | undefined;
}

export class SitePanels {
  readonly #site: PanelSite;
  readonly #makes: Readonly<Record<string, MakePanel>>;
  readonly #panels = new Map<string, SitePanel>();

  /** `makes` says which model has which panel. */
  constructor(site: PanelSite, makes: Readonly<Record<string, MakePanel>>) {
    this.#site = site;
    this.#makes = makes;
  }

  /** Panels that are there now. */
  get size(): number {
    return this.#panels.size;
  }

  /** Of a meter of the site; undefined where there is no such meter, or none of its model. */
  of(name: string): SitePanel | undefined {
    const surface = this.#site.meter(name)?.surface;
    const there = this.#panels.get(name);
    // After a reload a meter of its name is another one.
    if (there !== undefined && there.surface === surface) return there;
    if (there !== undefined) this.#end(name, there);
    const { model, readFrom } = surface?.identity ?? {};
    const make =
      model !== undefined && readFrom === undefined && Object.hasOwn(this.#makes, model)
        ? this.#makes[model]
        : undefined;
    if (surface === undefined || make === undefined) return undefined;
    const panel = new SitePanel(surface, make, this.#site.real);
    this.#panels.set(name, panel);
    return panel;
  }

  /** Now and then: ends panels of meters that are gone, and those at which nobody looks. */
  sweep(): void {
    for (const [name, panel] of this.#panels)
      if (this.#site.meter(name)?.surface !== panel.surface || !panel.sweep()) this.#end(name, panel);
  }

  #end(name: string, panel: SitePanel): void {
    this.#panels.delete(name);
    panel.end();
  }
}
