import type { Command } from "commander";
import { emitKeypressEvents } from "node:readline";
import type { Control } from "#panel/panel.ts";
import { drawn, USUAL, withinRows, wrapped } from "#panel/drawn.ts";
import type { Picture } from "#panel/picture.ts";
import { SiteRefusal, type Pass } from "#headend/site-meter.ts";
import { readPanel, touchPanel } from "#headend/site-panel.ts";
import { PASSWORDS_HELP, siteUser, type Asking } from "./credentials.ts";
import { onEnd } from "./ended.ts";
import { controlNames, pressAll, saidIn, TAP_MS, wait } from "./panel-presses.ts";
import { jsonOption } from "./print.ts";
import { atMeter, siteUrl, wordsOf } from "./site-meter.ts";
import { lines } from "./harmless.ts";
import { asJson, say, Shown, write } from "./terminal.ts";

interface Options extends Asking {
  readonly press?: string;
  readonly json?: true;
}

/** Milliseconds between two looks: a finger is slower. */
const LOOK_MS = 250;

export function addPanel(program: Command): void {
  program
    .command("panel")
    .description("stand in front of a meter of a running site: its front panel in the terminal, keys as its buttons")
    .argument(...siteUrl)
    .option(
      "--press <controls>",
      "press these one after the other, show what is seen then, and end; NAME:SECONDS holds one, SECONDS alone waits, " +
        "cover:open and cover:shut do so however it is",
    )
    .option(...siteUser)
    .option(...jsonOption)
    .addHelpText(
      "after",
      "\nWithout --press it shows the panel until q or Ctrl-C; below it stand the keys. Elsewhere than in a terminal it shows it once, and below\n" +
        "it by which names --press knows the controls of this meter. What stands on them is taken as well: --press next,+ is --press right,plus.\n\n" +
        "For example:\n" +
        "  npx polyphase panel http://127.0.0.1:8080/api/meters/feeder-1\n" +
        "  npx polyphase panel http://127.0.0.1:8080/api/meters/feeder-1 --press next,next,+\n" +
        "  npx polyphase panel http://127.0.0.1:8080/api/meters/substation-7 --press read:5 --json\n" +
        "  npx polyphase panel http://127.0.0.1:8080/api/meters/substation-7 --press cover:open,left,set\n" +
        PASSWORDS_HELP,
    )
    .action(async (url: string, options: Options) => {
      const said = options.press === undefined ? undefined : saidIn(options.press);
      await atMeter(url, options, async (at, pass) => {
        const { name, controls, picture } = await readPanel(at, pass);
        const { columns } = windowSize();
        const show = (seen: Picture, below: readonly string[] = []): void =>
          say(
            options.json ? asJson({ name, controls, picture: seen }) : [...drawn(seen, columns), ...below].join("\n"),
          );
        if (said !== undefined) return show(await pressAll(at, pass, controls, said));
        if (options.json || !process.stdin.isTTY || !process.stdout.isTTY)
          return show(picture, wrapped(["--press", ...controlNames(controls)], columns, "  "));
        return stand(at, pass, controls);
      });
    });
}

/** Names of keys as terminals say them, by what browsers call them. */
const keyNames: Readonly<Record<string, string>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Enter: "return",
  Escape: "escape",
  Backspace: "backspace",
  " ": "space",
};

/** What stands on them. */
const shown: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  " ": "Space",
};

function keyOf({ key }: Control): string | undefined {
  return key === undefined ? undefined : (keyNames[key] ?? key);
}

/** Some terminals say that they are 0 wide and high. */
function windowSize(): { readonly columns: number; readonly rows: number } {
  const { columns = 0, rows = 0 } = process.stdout;
  return { columns: columns > 0 ? columns : USUAL, rows: rows > 0 ? rows : Infinity };
}

interface Pressed {
  readonly name?: string;
  readonly sequence?: string;
  readonly ctrl?: boolean;
}

/** Of a key; of one with the very sign that stands on a button, too. */
function controlOf(controls: readonly Control[], { name, sequence }: Pressed): Control | undefined {
  const byKey = controls.find((one) => one.key !== undefined && [name, sequence].includes(keyOf(one)));
  return byKey ?? controls.find(({ label }) => label === sequence);
}

/** Shows the panel anew whenever it is another, until somebody ends it. */
async function stand(at: string, pass: Pass, controls: readonly Control[]): Promise<void> {
  const ending = onEnd();
  const quit = new AbortController();
  const over = AbortSignal.any([ending.signal, quit.signal]);
  const keys = controls.flatMap((one) => (one.key === undefined ? [] : [`${shown[one.key] ?? one.key} ${one.label}`]));
  /** Why the last press did nothing. */
  let refused = "";
  const onKey = (_: string, key: Pressed): void => {
    if (key.name === "q" || (key.ctrl === true && key.name === "c")) return quit.abort();
    const control = controlOf(controls, key);
    if (control !== undefined) void tap(at, pass, control).then((why) => (refused = why));
    return undefined;
  };
  emitKeypressEvents(process.stdin);
  process.stdin.setRawMode(true);
  process.stdin.on("keypress", onKey);
  let last = "";
  try {
    while (!over.aborted) {
      const { columns: all, rows } = windowSize();
      // The last column stays free: what is erased behind a line that fills its row is its end.
      const columns = all - 1;
      const why = refused === "" ? [] : wrapped(refused.split(" "), columns);
      const below = [...wrapped([...keys, "q end"], columns, "   "), ...why];
      const text = withinRows(drawn((await readPanel(at, pass)).picture, columns), ["", ...below], rows).join("\n");
      if (text !== last) {
        // Line by line over what was there, so that nothing flickers.
        const painted = lines(text)
          .split("\n")
          .map((line) => `${line}\u001b[K\n`);
        await write(new Shown(`\u001b[H${painted.join("")}\u001b[J`));
      }
      last = text;
      await wait(LOOK_MS);
    }
  } finally {
    process.stdin.off("keypress", onKey);
    process.stdin.setRawMode(false);
    process.stdin.pause();
    ending.done();
  }
}

/** Why it did nothing; empty where it did. */
async function tap(at: string, pass: Pass, { name, kind }: Control): Promise<string> {
  try {
    await touchPanel(at, { press: name }, pass);
    if (kind === "flap") return "";
    await wait(TAP_MS);
    await touchPanel(at, { release: name }, pass);
    return "";
  } catch (error) {
    // That the site is gone is seen at the next look.
    return error instanceof SiteRefusal ? wordsOf(error) : "";
  }
}
