/** A JEMStar II with somebody at its panel: presses by name, and what is seen in words. */
import type { TestContext } from "node:test";
import { JemStarSurface } from "#product/jemstar/surface.ts";
import type { Panel } from "#panel/panel.ts";
import { jemstarPanel } from "#panel/jemstar/jemstar-panel.ts";
import type { Part, Screen } from "#panel/picture.ts";
import { jemStar, near } from "./authority-rig.ts";

export const fitter = { id: "fitter", peer: near };
export const inspector = { id: "inspector", peer: near };

/** Keeps what goes on beside, passwords that are checked and configurations that are read, so that a test can wait for it. */
class WatchedSurface extends JemStarSurface {
  readonly pending: Promise<unknown>[] = [];

  override prepare(...words: Parameters<JemStarSurface["prepare"]>): ReturnType<JemStarSurface["prepare"]> {
    return this.#kept(super.prepare(...words));
  }

  override admit(...words: Parameters<JemStarSurface["admit"]>): ReturnType<JemStarSurface["admit"]> {
    return this.#kept(super.admit(...words));
  }

  #kept<T>(work: Promise<T>): Promise<T> {
    this.pending.push(work);
    return work;
  }
}

export type At = ReturnType<typeof atPanel>;

/** `seconds` after power came; all time goes by the meter's own clock. */
export function atPanel(t: TestContext, options: Parameters<typeof jemStar>[1] = {}, seconds = 200) {
  const rig = jemStar(t, { ownTime: true, ...options });
  const surface = new WatchedSurface(rig.jem);
  const panel: Panel = jemstarPanel({ surface, changed: () => {} });
  const now = (): number => rig.clock.elapsed();
  const wait = (s: number): void => {
    rig.clock.advance(1000 * s);
    rig.jem.catchUp();
  };
  wait(seconds);
  panel.picture(now());
  const press = (names: string, hand = fitter): void => {
    for (const name of names.split(" ").filter(Boolean)) {
      panel.press(name, hand, now());
      panel.release(name, now());
    }
  };
  const screen = (): Screen => {
    const { display } = panel.picture(now());
    if (display.kind !== "screen") throw new Error(`the display is ${display.kind}`);
    return display;
  };
  const part = <K extends Part["part"]>(kind: K): Extract<Part, { part: K }> | undefined =>
    screen().parts.find((one): one is Extract<Part, { part: K }> => one.part === kind);
  /** What the red perimeter is around. */
  const selected = (): string => {
    const { parts, foot } = screen();
    const all = parts.flatMap((one) =>
      one.part === "menu" ? one.items : one.part === "keys" ? one.rows.flat() : one.part === "form" ? one.fields : [],
    );
    const found = all.find((one) => one.selected);
    if (found !== undefined) return "label" in found ? String(found.label) : found.text;
    return foot?.back.selected === true ? "Back" : foot?.lock?.selected === true ? "Lock" : "";
  };
  /** Moves the red perimeter on a keyboard or keypad to a key, and presses SET. */
  const type = (keys: readonly string[]): void => {
    for (const key of keys) {
      const rows = part("keys")?.rows ?? [];
      const y = rows.findIndex((row) => row.some(({ text }) => text === key));
      const x = rows[y]?.findIndex(({ text }) => text === key) ?? -1;
      if (x < 0) throw new Error(`there is no key ${key}`);
      const from = rows.findIndex((row) => row.some((one) => one.selected));
      for (let k = from; k < y; k++) press("down");
      for (let k = from; k > y; k--) press("up");
      for (let k = 0; k < 16; k++) press("left");
      for (let k = 0; k < x; k++) press("right");
      press("set");
    }
  };
  /** What goes on beside has come back. */
  const settled = async (): Promise<void> => {
    await Promise.allSettled(surface.pending.splice(0));
    await new Promise((resolve) => void setImmediate(resolve));
  };
  const logIn = async (user = "admin"): Promise<void> => {
    for (let k = 0; k < 9; k++) press("down");
    press("right set");
    const users = ["admin", "user1", "user2", "pq"].indexOf(user);
    for (let k = 0; k < users; k++) press("down");
    press("set");
    type([...user, "Enter"]);
    await settled();
  };
  const words = (): readonly string[] => part("lines")?.lines.map(({ text }) => text) ?? [];
  return { ...rig, surface, panel, now, wait, press, screen, part, selected, type, settled, logIn, words };
}

/** Moves the red perimeter to something, by its text or label, row by row. */
export function goTo(at: At, label: string): void {
  for (let k = 0; k < 40; k++) at.press("up");
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 4; x++) at.press("left");
    for (let x = 0; x < 4; x++) {
      if (at.selected().startsWith(label)) return;
      at.press("right");
    }
    at.press("down");
  }
  throw new Error(`there is no ${label} on ${at.screen().title}`);
}

export function choose(at: At, ...labels: readonly string[]): void {
  for (const label of labels) {
    goTo(at, label);
    at.press("set");
  }
}

/** In Meter Settings or Communications, logged in. */
export async function loggedIn(
  t: TestContext,
  menu: "Meter Settings" | "Communications" = "Meter Settings",
  options: Parameters<typeof atPanel>[1] = {},
): Promise<At> {
  const at = atPanel(t, options);
  at.press("cover left");
  choose(at, menu);
  await at.logIn();
  if (at.screen().foot?.lock?.open !== true) throw new Error("nobody is logged in");
  return at;
}
