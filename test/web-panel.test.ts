/** Front panels over HTTP: who may look and touch, what is no touch, streams that tell what is seen and end when they have to. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import type { Control } from "#panel/panel.ts";
import type { Picture } from "#panel/picture.ts";
import { limits } from "#quantity/limits.ts";
import { elsewhere, here, SITE, webRig, type Request } from "./web-rig.ts";

type Rig = Awaited<ReturnType<typeof webRig>>;

interface Seen {
  readonly name: string;
  readonly controls: readonly Control[];
  readonly picture: Picture;
}

const NAME = "Zähler «一» & <b>№7</b> ".padEnd(200, "я").trim();
const THREE = `${SITE}
  - { name: pm, model: powerlogic-pm800, source: { live: { hz: 50 } } }
  - { name: box, model: abb-b23, source: { live: { hz: 50 } } }
`;

async function panelRig(t: TestContext, options: Parameters<typeof webRig>[1] = {}) {
  const rig = await webRig(t, { site: THREE, ...options });
  const look = async (name: string, who: Request = here): Promise<Seen> => {
    const answer = await rig.ask(`/api/meters/${name}/panel`, who);
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Seen;
  };
  const touch = (name: string, body: unknown, who: Request = here): Promise<Response> =>
    rig.ask(`/api/meters/${name}/panel`, { ...who, method: "POST", body });
  const press = async (name: string, controls: string, who: Request = here): Promise<Picture> => {
    let picture: Picture | undefined;
    for (const control of controls.split(" ")) {
      for (const does of ["press", "release"]) {
        const answer = await touch(name, { [does]: control }, who);
        assert.equal(answer.status, 200, await answer.clone().text());
        ({ picture } = (await answer.json()) as Seen);
      }
      // A hand is not faster.
      rig.real.advance(100);
    }
    return picture!;
  };
  return { ...rig, look, touch, press };
}

const rows = ({ display }: Picture): readonly string[] =>
  display.kind === "lcd" ? display.rows.map(({ text }) => text) : [display.kind];

/** Reads what a stream tells, message by message; undefined when it has ended, or tells nothing now. */
async function follow({ ask }: Rig, name: string, who: Request = here) {
  const answer = await ask(`/api/meters/${name}/panel/live`, who);
  assert.equal(answer.status, 200);
  const reader = answer.body!.getReader();
  let text = "";
  let pending: ReturnType<typeof reader.read> | undefined;
  const next = async (): Promise<string | undefined | "ended"> => {
    while (!text.includes("\n\n")) {
      // What is not told yet is told to whoever asks next.
      pending ??= reader.read();
      const read = await Promise.race([pending, waited().then(() => undefined)]);
      if (read === undefined) return undefined;
      pending = undefined;
      if (read.done) return "ended";
      text += new TextDecoder().decode(read.value);
    }
    const [message = "", ...rest] = text.split("\n\n");
    text = rest.join("\n\n");
    return message;
  };
  return { next, cancel: () => reader.cancel() };
}

async function waited(): Promise<void> {
  for (let k = 0; k < 50; k++) await new Promise((resolve) => setImmediate(resolve));
}

test("whoever looks sees controls and a picture; a press changes it, for all", async (t) => {
  const rig = await panelRig(t);
  const { name, controls, picture } = await rig.look("pm");
  assert.equal(name, "pm");
  assert.deepEqual(
    controls.map((one) => [one.name, one.kind]),
    [
      ["menu", "button"],
      ["down", "button"],
      ["up", "button"],
      ["enter", "button"],
    ],
  );
  assert.deepEqual(rows(picture), ["MAINT"]);
  assert.deepEqual(rows(await rig.press("pm", "enter down")), ["DIAG"]);
  assert.deepEqual(rows((await rig.look("pm", await rig.as("viewer"))).picture), ["DIAG"]);
  // Each kind of meter that has one.
  assert.equal((await rig.look("feeder")).picture.display.kind, "lcd");
  assert.match((await rig.look("jem")).picture.display.kind, /screen|dark/);
});

test("what stands behind a shut cover is not pressed, and that is said", async (t) => {
  const rig = await panelRig(t);
  const say = async (body: object): Promise<string> => {
    const answer = await rig.touch("jem", body);
    const { error, picture } = (await answer.json()) as { error?: string; picture?: Picture };
    return `${answer.status} ${error ?? picture?.open.join() ?? ""}`;
  };
  const refused = "409 set stands behind the Front cover, which is shut: open that first (press cover)";
  assert.equal(await say({ press: "set" }), refused);
  assert.equal(await say({ release: "set" }), "200 ", "whatever comes up may do so");
  assert.equal(await say({ press: "cover" }), "200 cover");
  assert.equal(await say({ press: "set" }), "200 cover");
  assert.equal(await say({ press: "cover" }), "200 ");
  // It was held while the cover was shut.
  assert.equal(await say({ press: "set" }), refused);
  assert.deepEqual((await rig.look("jem")).picture.held, []);
});

test("a register is written at the panel over HTTP, and Modbus has it", async (t) => {
  const rig = await panelRig(t);
  assert.deepEqual(rows(await rig.press("pm", "enter down enter down enter enter")), [
    "REG 1000",
    "HEX ----",
    "DEC ----",
  ]);
  const { surface } = rig.site.meter("pm")!;
  for (let k = 0; k < 60; k++) {
    await rig.touch("pm", { press: "up" });
    rig.real.advance(14_000);
    await rig.touch("pm", { release: "up" });
    const number = Number(/\d+/.exec(rows((await rig.look("pm")).picture)[0]!)![0]);
    if (number > 8022) break;
  }
  for (let k = 0; k < 400; k++) {
    const number = Number(/\d+/.exec(rows((await rig.look("pm")).picture)[0]!)![0]);
    if (number === 8022) break;
    await rig.touch("pm", { press: number > 8022 ? "down" : "up" });
    if (Math.abs(number - 8022) > 400) rig.real.advance(6000 + Math.abs(number - 8022));
    else rig.real.advance(100);
    await rig.touch("pm", { release: number > 8022 ? "down" : "up" });
    rig.real.advance(100);
  }
  await rig.press("pm", "enter up up up menu");
  assert.equal(surface.word(8022), 3);
  assert.deepEqual(rows((await rig.look("pm")).picture), ["REG 8022", "HEX 0003", "DEC 3"]);
});

test("a word is written over HTTP as well, by an operator of the site, and what is none is refused", async (t) => {
  const rig = await panelRig(t);
  const { surface } = rig.site.meter("pm")!;
  const write = async (body: object, who: Request, meter = "pm"): Promise<number> =>
    (await rig.ask(`/api/meters/${meter}/commands`, { ...who, method: "POST", body: { command: "word", ...body } }))
      .status;
  const operator = await rig.as("operator");
  assert.equal(await write({ register: 8022, value: 65_535 }, operator), 200);
  assert.equal(surface.word(8022), 65_535);
  assert.equal(await write({ register: 8022, value: 1 }, await rig.as("viewer")), 403);
  for (const body of [
    {},
    { register: "8022", value: 1 },
    { register: 8022 },
    { register: 8022, value: -1 },
    { register: 8022, value: 65_536 },
    { register: 8022, value: 1.5 },
    { register: 8022, value: null },
    { register: 1e99, value: 1 },
    { register: 9999, value: 1 },
    { register: 1700, value: 1 },
  ])
    assert.equal(await write(body, here), 422, JSON.stringify(body));
  assert.equal(surface.word(8022), 65_535);
  assert.equal(await write({ register: 1, value: 1 }, here, "jem"), 422);
});

test("looking takes a viewer, a hand takes an operator or somebody near, and strangers learn nothing", async (t) => {
  const rig = await panelRig(t);
  const status = async (method: string, who: Request, place = "panel"): Promise<number> => {
    const body = method === "POST" ? { body: { press: "enter" } } : {};
    const answer = await rig.ask(`/api/meters/pm/${place}`, { ...who, method, ...body });
    await answer.body?.cancel();
    rig.real.advance(100);
    return answer.status;
  };
  const foreign: Request = { ...here, headers: { Origin: "http://evil.example", "Sec-Fetch-Site": "cross-site" } };
  const table: readonly (readonly [who: string, request: Request, look: number, live: number, touch: number])[] = [
    ["near", here, 200, 200, 200],
    ["a stranger", elsewhere, 401, 401, 401],
    ["a viewer", await rig.as("viewer"), 200, 200, 403],
    ["an operator", await rig.as("operator"), 200, 200, 200],
    ["an owner", await rig.as("owner"), 200, 200, 200],
    ["a page of elsewhere", foreign, 200, 403, 403],
  ];
  for (const [who, request, look, live, touch] of table) {
    const found = [
      await status("GET", request),
      await status("GET", request, "panel/live"),
      await status("POST", request),
    ];
    assert.deepEqual(found, [look, live, touch], who);
  }
});

test("where reading takes a session of the meter, so does its panel", async (t) => {
  const jem = `
security: { readingTakesSession: true, sessionMinutes: 5 }
users:
  - { name: admin, password: meter-admin, privileges: [freeze, readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readSecurity, configurationFile, configureUsers, configureProtocols] }
`;
  const rig = await panelRig(t, { jem });
  for (const place of ["panel", "panel/live"])
    assert.equal((await rig.ask(`/api/meters/jem/${place}`, here)).status, 401);
  const token = await rig.logIn("admin", "meter-admin", here, "jem");
  const bearing: Request = { ...here, headers: { Authorization: `Bearer ${token}` } };
  await rig.look("jem", bearing);
  const stream = await follow(rig, "jem", bearing);
  assert.match((await stream.next())!, /^data: \{"picture":/);
  await rig.ask("/api/meters/jem/session", { ...bearing, method: "DELETE" });
  rig.side.beat();
  let last = await stream.next();
  for (let k = 0; k < 3 && last !== "ended"; k++) last = await stream.next();
  assert.equal(last, "ended");
});

test("what is no meter, no panel and no touch is said in words", async (t) => {
  const rig = await panelRig(t);
  const say = async (place: string, request: Request): Promise<string> => {
    const answer = await rig.ask(place, { ...here, ...request });
    return `${answer.status} ${((await answer.json()) as { error?: string }).error ?? ""}`;
  };
  const panel = "/api/meters/pm/panel";
  const post = (body: unknown, more: Request = {}): Promise<string> => say(panel, { method: "POST", body, ...more });
  assert.match(await say("/api/meters/nobody/panel", {}), /^404 there is no meter nobody/);
  assert.match(await say("/api/meters/box/panel", {}), /^404 box has no front panel that is known \(abb-b23\)/);
  assert.match(await say("/api/meters/box/panel", { method: "POST", body: { press: "set" } }), /^404 box has no/);
  assert.match(
    await post({ press: "nosuch" }),
    /^422 there is no such control; expected one of menu, down, up, enter$/,
  );
  const shapes: readonly (readonly [body: unknown, says: RegExp])[] = [
    [{}, /^422 the body: expected either press or release$/],
    [[], /^422 the body: expected an object/],
    [null, /^422 the body: expected an object/],
    [7, /^422 the body: expected an object/],
    [{ press: 1 }, /^422 press: expected a text; found a number$/],
    [{ press: null }, /^422 press: expected a text; there is nothing$/],
    [{ press: ["enter"] }, /^422 press: expected a text; found a list$/],
    [{ press: "enter", release: "enter" }, /^422 the body: expected either press or release$/],
    [{ press: "enter", hand: "owner" }, /^422 hand: there is no such key$/],
    [{ toString: "enter" }, /^422 toString: there is no such key/],
    ["press", /^400 expected Content-Type: application\/json, and JSON like \{"press":"set"\}$/],
    ["{", /^400 expected Content-Type/],
    ["", /^400 expected Content-Type/],
  ];
  for (const [body, says] of shapes) assert.match(await post(body), says, JSON.stringify(body));
  for (const control of ["__proto__", "constructor", "toString", "", "\u0000", "ENTER"])
    assert.match(await post({ press: control }), /^422 there is no such control/, control);
  const large = await rig.ask(panel, { ...here, method: "POST", body: { press: "x".repeat(5000) } });
  assert.equal(large.status, 413);
  for (const method of ["PUT", "DELETE", "PATCH"])
    assert.ok([404, 405].includes((await rig.ask(panel, { ...here, method, body: {} })).status), method);
  assert.deepEqual(rows((await rig.look("pm")).picture), ["MAINT"], "none of it was a touch");
});

test("a thousand presses a second are forty, and whoever else is there is not kept off", async (t) => {
  const rig = await panelRig(t);
  const who = await rig.as("operator");
  const statuses = new Map<number, number>();
  for (let k = 0; k < 1000; k++) {
    const { status } = await rig.touch("pm", { press: "down" }, who);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const most = limits.panel.touchesPerSecond;
  assert.deepEqual(
    [...statuses],
    [
      [200, most],
      [429, 1000 - most],
    ],
  );
  assert.equal((await rig.touch("pm", { press: "down" })).status, 200);
  rig.real.advance(1000);
  assert.equal((await rig.touch("pm", { press: "down" }, who)).status, 200);
});

test("a stream tells the picture at first and when it is another, and beats in between", async (t) => {
  const rig = await panelRig(t);
  const stream = await follow(rig, "pm");
  assert.match((await stream.next())!, /^data: \{"picture":.*"MAINT"/);
  assert.equal(await stream.next(), undefined);
  await rig.touch("pm", { press: "enter" });
  const pressed = (await stream.next())!;
  assert.match(pressed, /"RESET"/);
  assert.match(pressed, /"held":\["enter"\]/);
  await rig.touch("pm", { release: "enter" });
  assert.match((await stream.next())!, /"held":\[\]/);
  rig.real.advance(1000);
  rig.side.beat();
  assert.equal(await stream.next(), "event: beat\ndata: {}");
  // Two minutes without a button: time alone.
  rig.real.advance(120_000);
  assert.match((await stream.next())!, /"MAINT"/);
  await stream.cancel();
});

test("a button that nobody lets go comes up, and a stream tells it", async (t) => {
  const rig = await panelRig(t);
  const stream = await follow(rig, "pm");
  await stream.next();
  await rig.touch("pm", { press: "enter" });
  assert.match((await stream.next())!, /"held":\["enter"\]/);
  for (let k = 0; k <= limits.panel.heldMs / 1000; k++) {
    rig.real.advance(1000);
    rig.side.beat();
  }
  const told: string[] = [];
  for (let next = await stream.next(); next !== undefined; next = await stream.next()) told.push(next);
  assert.match(
    told.findLast((one) => one.startsWith("data"))!,
    /"held":\[\]/,
  );
});

test("streams of panels take the places that all streams share, and give them back", async (t) => {
  const rig = await panelRig(t);
  const statuses: number[] = [];
  const opened: Awaited<ReturnType<Rig["ask"]>>[] = [];
  for (let k = 0; k < 200; k++) {
    const answer = await rig.ask(`/api/meters/${k % 2 === 0 ? "pm" : "feeder"}/panel/live`, here);
    statuses.push(answer.status);
    opened.push(answer);
  }
  const open = statuses.filter((status) => status === 200).length;
  assert.equal(open, limits.web.streamsOfAddress);
  assert.equal(statuses.filter((status) => status === 503).length, 200 - open);
  for (const answer of opened) await answer.body?.cancel();
  await waited();
  const again = await rig.ask("/api/meters/pm/panel/live", here);
  assert.equal(again.status, 200);
  await again.body?.cancel();
});

test("a stream that nobody reads is dropped", async (t) => {
  const rig = await panelRig(t);
  const answer = await rig.ask("/api/meters/pm/panel/live", here);
  assert.equal(answer.status, 200);
  for (let k = 0; k < limits.web.unreadMs / 1000 + 5; k++) {
    await rig.touch("pm", { press: "down" });
    await rig.touch("pm", { release: "down" });
    await waited();
    rig.real.advance(1000);
    rig.side.beat();
  }
  const metrics = await (await rig.ask("/metrics", here)).text();
  assert.match(metrics, /streams_dropped_total(?:\{[^}]*\})? 1/);
});

test("a stream ends when its meter is replaced or gone, and when its user may not look any more", async (t) => {
  const rig = await panelRig(t);
  const viewer = await rig.as("viewer");
  const [gone, out] = [await follow(rig, "pm"), await follow(rig, "feeder", viewer)];
  await Promise.all([gone.next(), out.next()]);
  writeFileSync(path.join(rig.folder, "site.yaml"), SITE);
  const outcome = await rig.site.reload();
  assert.equal(outcome.refused, undefined);
  await rig.ask("/api/session", { ...viewer, method: "DELETE" });
  rig.real.advance(1000);
  rig.side.beat();
  for (const [k, stream] of [gone, out].entries()) {
    let last = await stream.next();
    for (let n = 0; n < 5 && last !== "ended"; n++) last = await stream.next();
    assert.equal(last, "ended", String(k));
  }
  assert.equal((await rig.ask("/api/meters/pm/panel", here)).status, 404);
});

test("names in any script, and such as are none, are no meters", async (t) => {
  const rig = await panelRig(t);
  for (const name of [NAME, "..", "pm/..", "pm%00", "__proto__", "\u202e", "x".repeat(5000)]) {
    const answer = await rig.ask(`/api/meters/${encodeURIComponent(name)}/panel`, here);
    assert.equal(answer.status, 404, name.slice(0, 40));
  }
});

test("while nothing can be kept no button is pressed, and looking goes on", async (t) => {
  const rig = await panelRig(t);
  Object.defineProperty(rig.site, "trouble", { get: () => "the disk is full" });
  const answer = await rig.touch("pm", { press: "enter" });
  assert.equal(answer.status, 503);
  assert.deepEqual(rows((await rig.look("pm")).picture), ["MAINT"]);
});
