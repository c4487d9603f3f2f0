/** `polyphase panel`: a meter's front panel in the terminal, and for programs. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test, type TestContext } from "node:test";
import { main, run } from "./cli-run.ts";
import { startSite, temporaryFolder } from "./running-site.ts";

async function site(t: TestContext): Promise<(name: string) => string> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const running = await startSite(
    folder,
    `store: ":memory:"
web: { port: 0 }
meters:
  - { name: pm, model: powerlogic-pm800, source: { live: { hz: 50 } } }
  - { name: feeder, model: leviton-s4100, source: { live: { hz: 50 } } }
  - { name: jem, model: ametek-jemstar-ii, source: { live: { hz: 50 } } }
  - { name: box, model: abb-b23, source: { live: { hz: 50 } } }
`,
  );
  t.after(() => running.end());
  return (name) => `${running.page}api/meters/${name}`;
}

test("a panel is drawn, buttons are pressed and held, programs have the picture", async (t) => {
  const url = await site(t);
  const first = await run("panel", url("pm"));
  assert.equal(first.status, 0, first.err);
  assert.equal(
    first.out,
    "┌──────────────────┐\n│ MAINT            │\n│                  │\n└──────────────────┘\n" +
      "--press  menu (back)  down (▼)  up (▲)  enter (OK)\n",
  );
  // As a browser shows it.
  assert.equal((await run("panel", url("pm").replace("api/meters/", "#"))).out, first.out);
  const pressed = await run("panel", url("pm"), "--press", "enter,down", "--json");
  const { name, controls, picture } = JSON.parse(pressed.out) as {
    name: string;
    controls: { name: string }[];
    picture: { display: { rows: { text: string }[] }; held: string[] };
  };
  assert.deepEqual(
    [name, controls.map((one) => one.name), picture.display.rows.map(({ text }) => text), picture.held],
    ["pm", ["menu", "down", "up", "enter"], ["DIAG"], []],
  );
  // The password is 0; what is held for a second turns by more than one.
  const held = await run("panel", url("pm"), "--press", "enter,down,enter,enter,0.2,up:1");
  const number = Number(/REG (\d+)/.exec(held.out)?.[1]);
  assert.ok(number > 1003 && number < 1020, held.out);
  const leviton = await run("panel", url("feeder"), "--press", "right,minus");
  assert.equal(leviton.status, 0, leviton.err);
  assert.match(leviton.out, /^┌─+┐\n│ [\s\S]*│\n└─+┘\n$/);
});

test("what cannot be pressed is said before anything is", async (t) => {
  const url = await site(t);
  const { status, err } = await run("panel", url("pm"), "--press", "enter,nosuch");
  assert.deepEqual(
    [status, err],
    [2, 'polyphase: --press: expected one of menu (back), down (▼), up (▲), enter (OK); found "nosuch"\n'],
  );
  assert.match((await run("panel", url("pm"))).out, /MAINT/);
  assert.deepEqual(await run("panel", url("box")), {
    status: 1,
    out: "",
    err: "polyphase: box has no front panel that is known (abb-b23)\n",
  });
  assert.match(
    (await run("panel", url("nobody"))).err,
    /^polyphase: there is no meter nobody; this site has pm, feeder, jem, box\n$/,
  );
});

test("controls are pressed by their names and by what stands on them, in any case", async (t) => {
  const url = await site(t);
  const seen = async (meter: string, press: string): Promise<string> => {
    const { status, out, err } = await run("panel", url(meter), "--press", press);
    assert.equal(status, 0, err);
    return out;
  };
  assert.match(await seen("pm", "OK,▼"), /DIAG/);
  assert.match(await seen("pm", "Back, MENU,ok ,DOWN"), /DIAG/);
  // "Press the + or - button repeatedly until SETUP screen appears": one up from the first.
  assert.match(await seen("feeder", "+"), /SETUP/);
  assert.match(await seen("feeder", "-,Next,NEXT,back,left"), /Wh/);
});

test("what --press cannot mean is said, with what it can", async (t) => {
  const url = await site(t);
  const why = async (meter: string, press: string): Promise<string> => {
    const { status, err } = await run("panel", url(meter), "--press", press);
    assert.equal(status, 2, err);
    return err.replace("polyphase: --press: expected ", "");
  };
  const form = "controls and seconds up to 600, like plus,read:5,0.5,cover:open; found";
  assert.equal(await why("pm", "up,,down"), `${form} nothing between commas\n`);
  assert.equal(await why("pm", "up:700"), `${form} "up:700"\n`);
  assert.equal(await why("pm", "enter,up:open"), 'up or up:SECONDS; found "up:open"\n');
  assert.equal(
    await why("jem", "cover:5"),
    'cover:open, cover:shut, or cover for the other of the two; found "cover:5"\n',
  );
  assert.match(
    await why("jem", "next"),
    /^one of cover \(Front cover\), read, up \(\+\/Up\), left, set, right, down \(-\/Down\), reset; found "next"\n$/,
  );
});

test("a press behind a shut cover is refused; a cover is opened and shut however it stands", async (t) => {
  const url = await site(t);
  const { status, out, err } = await run("panel", url("jem"), "--press", "read,RESET");
  assert.deepEqual(
    [status, out, err],
    [
      1,
      "",
      `polyphase: ${url("jem")}/panel: reset stands behind the Front cover, which is shut: open that first (press cover)\n`,
    ],
  );
  const open = async (press: string): Promise<readonly string[]> => {
    const done = await run("panel", url("jem"), "--press", press, "--json");
    assert.equal(done.status, 0, done.err);
    return (JSON.parse(done.out) as { picture: { open: string[] } }).picture.open;
  };
  assert.deepEqual(await open("cover:open"), ["cover"]);
  assert.deepEqual(await open("Front cover:OPEN,reset"), ["cover"]);
  assert.deepEqual(await open("cover:shut"), []);
  assert.deepEqual(await open("cover:shut,cover"), ["cover"]);
});

const skip = spawnSync("script", ["--version"]).status !== 0;

/** The command in a terminal of its own: `until` waits for words that are seen after what was seen before. */
function terminal(t: TestContext, words: string, before = "") {
  const child = spawn("script", ["-qec", `${before}${process.execPath} ${words}`, "/dev/null"]);
  t.after(() => child.kill());
  let seen = "";
  child.stdout.on("data", (chunk: Buffer) => (seen += chunk.toString()));
  const ended = new Promise((resolve) => child.once("close", resolve));
  const until = async (text: string): Promise<void> => {
    for (let k = 0; k < 400 && !seen.includes(text); k++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(seen.includes(text), `${text} in ${seen}`);
    seen = seen.slice(seen.lastIndexOf(text) + text.length);
  };
  return { until, ended, type: (key: string) => void child.stdin.write(key) };
}

test("in a terminal keys are buttons until q", { skip }, async (t) => {
  const url = await site(t);
  const { until, type, ended } = terminal(t, `${main} panel ${url("pm")}`);
  await until("MAINT");
  await until("Esc back   ↓ ▼   ↑ ▲   Enter OK   q end");
  for (const [key, words] of [
    ["\r", "RESET"],
    ["\u001b[B", "DIAG"],
    ["\u001b", "MAINT"],
  ] as const) {
    type(key);
    await until(words);
  }
  type("q");
  assert.equal(await ended, 0);
});

test("in a terminal of 80 columns keys are not broken, a press that did nothing says why", { skip }, async (t) => {
  const url = await site(t);
  const { until, type, ended } = terminal(t, `${main} panel ${url("jem")}`, "stty cols 80 rows 24; ");
  await until("c Front cover   r READ   ↑ +/Up   ← Left   Enter SET   → Right   ↓ -/Down");
  await until("x RESET   q end");
  type("x");
  await until("reset stands behind the Front cover, which is shut: open that first (press");
  type("c");
  await until("cover open");
  type("q");
  assert.equal(await ended, 0);
});

test("in a terminal the very signs of a face are keys", { skip }, async (t) => {
  const url = await site(t);
  const { until, type, ended } = terminal(t, `${main} panel ${url("feeder")}`);
  await until("n Wh");
  type("+");
  await until("SETUP");
  type("-");
  await until("n Wh");
  type("q");
  assert.equal(await ended, 0);
});
