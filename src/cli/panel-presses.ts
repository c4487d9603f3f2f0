/** What `--press` says, in the names of a panel's controls or in the words on its face, and the hand that does it. */
import { realClock } from "#headend/real-clock.ts";
import type { Pass } from "#headend/site-meter.ts";
import { readPanel, touchPanel } from "#headend/site-panel.ts";
import type { Control } from "#panel/panel.ts";
import type { Picture } from "#panel/picture.ts";
import { Failure } from "./failure.ts";

/** Milliseconds for which a press is a press. */
export const TAP_MS = 100;
/** Milliseconds after which a held button is pressed again, so that the site knows that somebody holds it. */
const HOLDS_ON_MS = 5000;
const MOST_SECONDS = 600;

const states = ["open", "shut"] as const;
type State = (typeof states)[number];

/** One of them, as it was said: of which control is known once the panel is. */
export interface Said {
  readonly word: string;
  /** Undefined where somebody only waits. */
  readonly control: string | undefined;
  readonly seconds?: number;
  /** How a cover is to be, however it is. */
  readonly state?: State;
}

type Press =
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "button"; readonly name: string; readonly ms: number }
  | { readonly kind: "flap"; readonly name: string; readonly state: State | undefined };

/** Fails with status 2 of words that are none, whatever the panel. */
export function saidIn(text: string): readonly Said[] {
  return text.split(",").map((all) => {
    const word = all.trim();
    const strange = (): never => {
      const found = word === "" ? "nothing between commas" : `"${word}"`;
      throw new Failure(
        `--press: expected controls and seconds up to ${MOST_SECONDS}, like plus,read:5,0.5,cover:open; found ${found}`,
        2,
      );
    };
    const [, before, behind] = /^(?:(.+):)?([^:]+)$/.exec(word) ?? strange();
    const number = /^\d+(?:\.\d+)?$/.test(behind ?? "") ? Number(behind) : undefined;
    if (number !== undefined && number > MOST_SECONDS) return strange();
    if (number !== undefined) return { word, control: before?.trim(), seconds: number };
    if (before === undefined) return { word, control: word };
    const state = states.find((one) => one === behind?.trim().toLowerCase());
    return state === undefined ? strange() : { word, control: before.trim(), state };
  });
}

/** "left (Back)", "read": by what controls are pressed, and what stands on them where that is another word. */
export function controlNames(controls: readonly Control[]): readonly string[] {
  return controls.map(({ name, label }) => (name === label.toLowerCase() ? name : `${name} (${label})`));
}

function named(controls: readonly Control[], said: string): Control | undefined {
  const word = said.toLowerCase();
  return controls.find(({ name }) => name === word) ?? controls.find(({ label }) => label.toLowerCase() === word);
}

/** Fails with status 2 of what this panel has not. */
function pressOf(controls: readonly Control[], { word, control: said, seconds = 0, state }: Said): Press {
  if (said === undefined) return { kind: "wait", ms: 1000 * seconds };
  const control = named(controls, said);
  if (control === undefined)
    throw new Failure(`--press: expected one of ${controlNames(controls).join(", ")}; found "${said}"`, 2);
  const { name, kind } = control;
  if (kind === "button" && state === undefined) return { kind, name, ms: Math.max(1000 * seconds, TAP_MS) };
  if (kind === "flap" && seconds === 0) return { kind, name, state };
  const expected =
    kind === "flap" ? `${name}:open, ${name}:shut, or ${name} for the other of the two` : `${name} or ${name}:SECONDS`;
  throw new Failure(`--press: expected ${expected}; found "${word}"`, 2);
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => void realClock.after(ms, resolve));

/** Does one after the other, once all of them are known to be there; what is seen then. */
export async function pressAll(
  at: string,
  pass: Pass,
  controls: readonly Control[],
  all: readonly Said[],
): Promise<Picture> {
  const presses = all.map((said) => pressOf(controls, said));
  for (const press of presses) {
    if (press.kind === "wait") await wait(press.ms);
    else if (press.kind === "flap") await turn(at, pass, press.name, press.state);
    else {
      await hold(at, pass, press.name, press.ms);
      await touchPanel(at, { release: press.name }, pass);
      // As long up as down at least, as a finger does it.
      await wait(TAP_MS);
    }
  }
  return (await readPanel(at, pass)).picture;
}

async function turn(at: string, pass: Pass, name: string, state: State | undefined): Promise<void> {
  const isAs = async (): Promise<boolean> =>
    state !== undefined && (await readPanel(at, pass)).picture.open.includes(name) === (state === "open");
  if (!(await isAs())) await touchPanel(at, { press: name }, pass);
  await wait(TAP_MS);
}

async function hold(at: string, pass: Pass, control: string, ms: number): Promise<void> {
  await touchPanel(at, { press: control }, pass);
  for (let left = ms; left > 0; left -= HOLDS_ON_MS) {
    await wait(Math.min(left, HOLDS_ON_MS));
    if (left > HOLDS_ON_MS) await touchPanel(at, { press: control }, pass);
  }
}
