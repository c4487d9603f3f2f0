/** A site in this process: its web side by function calls, live readings, fast clocks. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { loadSite } from "#fleet/load-site.ts";
import type { Site } from "#fleet/site.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";
import { webSide, type WebSide } from "#web/server.ts";
import { buildPage } from "../bin/page.mjs";
import { instrumentOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";

await buildPage();

async function site(t: TestContext, yaml: string): Promise<Site> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(file, yaml);
  const made = loadSite(file);
  t.after(() => made.stop());
  await made.start();
  return made;
}

const live = `
store: ":memory:"
clock: { start: "2026-01-01T00:00:00Z", speed: 100 }
meters:
  - name: feeder-1
    model: leviton-s4100
    source: { live: { hz: 50 } }
    settings: { systemVoltage: 400, parity: even, displayUnits: IEC }
  - name: feeder-2
    model: leviton-s4100
    source: { synthetic: { volts: 230, amps: [5, 6, 7], steps: true } }
`;

const reach = async (done: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !done(); tries++) await new Promise((wait) => setTimeout(wait, 10));
  assert.ok(done(), "it took too long");
};

const push = (app: WebSide["app"], body: unknown, meter = "feeder-1", type = "application/json") =>
  app.request(`http://127.0.0.1/api/meters/${meter}/readings`, {
    method: "POST",
    headers: { "Content-Type": type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

test("live readings pushed over HTTP become what the meter measures", async (t) => {
  const running = await site(t, live);
  const app = webSide(running).app;
  const instrument = instrumentOf(running, "feeder-1");
  assert.equal(
    (await push(app, { volts: [229.1, 230.4, 231.7], amps: [5.1, 4.8, 6], pf: [0.9, -0.8, 1] })).status,
    200,
  );
  await reach(() => instrument.read("W") > 0);
  const near = (name: Parameters<typeof instrument.read>[0], value: number): void =>
    assert.ok(Math.abs(instrument.read(name) / value - 1) < 1e-9, `${name} ${instrument.read(name)} for ${value}`);
  near("W.a", 229.1 * 5.1 * 0.9);
  near("W.b", 230.4 * 4.8 * 0.8);
  near("var.b", -230.4 * 4.8 * 0.6);
  near("W.c", 231.7 * 6);
  near("Hz", 50);
  const view = (await (await app.request("http://127.0.0.1/api/meters/feeder-1")).json()) as {
    readings: Record<string, number | null>;
    settings: Record<string, number>;
  };
  assert.ok(Math.abs(view.readings["V.c"]! - 231.7) < 1e-9);
  assert.deepEqual([view.settings["parity"], view.settings["displayUnits"]], [1, 0]);
});

test("before the first reading a live meter measures nothing, and says so", async (t) => {
  const running = await site(t, live);
  const instrument = instrumentOf(running, "feeder-1");
  await reach(() => instrument.cycle > 4);
  assert.ok(Number.isNaN(instrument.read("W")));
  assert.equal((instrument.read("alerts") >> 6) & 1, 1);
});

test("the passwords of a meter's own menus are not shown to who reads it", async (t) => {
  const running = await site(
    t,
    live.replace("displayUnits: IEC", "displayUnits: IEC, setupPassword: 4711, resetPassword: 4712"),
  );
  const app = webSide(running).app;
  for (const place of ["", "/configuration"]) {
    const text = await (await app.request(`http://127.0.0.1/api/meters/feeder-1${place}`)).text();
    assert.match(text, /"systemVoltage":400/);
    assert.doesNotMatch(text, /Password|471[12]/);
  }
});

test("a reading that is wrong is refused with its key, and changes nothing", async (t) => {
  const running = await site(t, live);
  const app = webSide(running).app;
  const cases: readonly (readonly [body: unknown, status: number, says: RegExp, meter?: string, type?: string])[] = [
    [{ volts: [230], amps: "many" }, 422, /amps: expected a number, or a list; found "many"/],
    [{ volts: [230] }, 422, /amps: /],
    [{ volts: [230, 231], amps: [1] }, 422, /as many values of each as of volts/],
    [{ volts: [230], amps: [1], hz: 400 }, 422, /hz: .*70/],
    [{ volts: [230], amps: [1], voltage: 3 }, 422, /voltage: there is no such key/],
    ["{", 400, /and JSON like/],
    [{ volts: [230], amps: [1] }, 415, /expected Content-Type: application\/json/, "feeder-1", "text/plain"],
    [{ volts: [230], amps: [1] }, 404, /there is no meter feeder-9; this site has feeder-1, feeder-2/, "feeder-9"],
    [{ volts: [230], amps: [1] }, 422, /feeder-2 \(leviton-s4100\) does not take readings/, "feeder-2"],
  ];
  for (const [body, status, says, meter, type] of cases) {
    const response = await push(app, body, meter, type);
    assert.equal(response.status, status, JSON.stringify(body));
    assert.match(((await response.json()) as { error: string }).error, says);
  }
  const large = await push(app, `{"volts":[230],"amps":[1],"x":"${"y".repeat(70_000)}"}`);
  const { error } = (await large.json()) as { error: string };
  assert.deepEqual([large.status, error], [413, "expected a body of at most 65536 bytes"]);
  assert.ok(Number.isNaN(instrumentOf(running, "feeder-1").read("W")));
});

test("the API lists the meters, streams each cycle, and answers only for this machine's names", async (t) => {
  const running = await site(t, live);
  const app = webSide(running).app;
  const list = (await (await app.request("http://127.0.0.1/api/meters")).json()) as { meters: { name: string }[] };
  assert.deepEqual(
    list.meters.map(({ name }) => name),
    ["feeder-1", "feeder-2"],
  );
  const stream = await app.request("http://localhost/api/meters/feeder-2/live");
  const reader = stream.body!.getReader();
  let text = "";
  while ((text.match(/^data: /gm) ?? []).length < 3) text += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  const events = text
    .split("\n\n")
    .filter((part) => part.startsWith("data: "))
    .map((part) => JSON.parse(part.split("\n")[0]!.slice(6)) as { cycle: number });
  assert.ok(events[1]!.cycle > events[0]!.cycle);
  assert.equal((await app.request("http://evil.example/api/meters")).status, 403);
  assert.equal((await app.request("http://127.0.0.1/nothing")).status, 404);
  assert.equal((await app.request("http://127.0.0.1/api/meters/x")).status, 404);
  const page = await app.request("http://127.0.0.1/");
  assert.equal(page.status, 200);
  const [, script = ""] = /src="(\/page\/[^"]+\.js)"/.exec(await page.text()) ?? [];
  assert.equal((await app.request(`http://127.0.0.1${script}`)).status, 200);
});

test("faults stand in the site file, and are changed while the site runs", async (t) => {
  const running = await site(
    t,
    `${live}    listen: [{ modbus: tcp, port: 0, unit: 2, faults: [{ exception: 6, function: 3, addresses: [0, 10] }] }]\n`,
  );
  const app = webSide(running).app;
  const [listener] = running.listeners;
  const { port } = new URL(listener!.urls[0]!.url.replace("modbus:", "http:"));
  const client = new ModbusClient(await connectTcp("127.0.0.1", Number(port)), new SystemClock(), {
    framing: "tcp",
    timeoutMs: 2000,
  });
  t.after(() => client.close());
  const ask = async (first: number): Promise<string> => {
    const response = await client.request(2, { kind: "read", fn: 3, first, count: 1 });
    return response.kind === "exception" ? `exception ${response.exception}` : response.kind;
  };
  assert.equal(await ask(3), "exception 6");
  assert.equal(await ask(20), "registers");
  const put = (body: unknown, index = 0) =>
    app.request(`http://127.0.0.1/api/listeners/${index}/faults`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  assert.equal((await put([{ exception: 5, times: 1 }])).status, 200);
  assert.deepEqual([await ask(20), await ask(20)], ["exception 5", "registers"]);
  const list = (await (await app.request("http://127.0.0.1/api/listeners")).json()) as {
    faults: { struck: number }[];
  }[];
  assert.equal(list[0]!.faults[0]!.struck, 1);
  for (const [body, says] of [
    [[{ drop: true, delay: 5 }], /0\]?: expected exactly one of delay, drop, exception/],
    [[{ explode: true }], /explode: there is no such key/],
    [{ drop: true }, /^the body: expected a list; found an object$/],
  ] as const) {
    const response = await put(body);
    assert.equal(response.status, 422);
    assert.match(((await response.json()) as { error: string }).error, says);
  }
  assert.equal((await put([], 7)).status, 404);
  assert.equal((await put([])).status, 200);
  assert.equal(await ask(3), "registers");
});

const relay = fileURLToPath(new URL("../../shared/data/comtrade/Comtrade1.cfg", import.meta.url));
const skip = existsSync(relay) ? false : "the recordings of ../shared are not here";

test("a recording is played as fast as possible, and time stops when it has ended", { skip }, async (t) => {
  const running = await site(
    t,
    `
store: ":memory:"
clock: { start: "2023-07-27T00:19:53Z", speed: max }
meters:
  - name: hv
    model: leviton-s4100
    source:
      recording:
        file: ${relay}
        map: { va: HV Bus VR, vb: HV Bus VS, vc: HV Bus VT, ia: HV IR, ib: HV IS, ic: { channel: HV IT, scale: 1 } }
    settings: { ptRatio: 300, systemVoltage: 32000, ctPrimary: 300 }
`,
  );
  const instrument = instrumentOf(running, "hv");
  await reach(() => instrument.source.ended);
  const cycle = instrument.cycle;
  await new Promise((wait) => setTimeout(wait, 100));
  assert.equal(instrument.cycle, cycle, "time has stopped");
  // 7,200 samples at 1,200 Hz: the breaker opens after a second, the volts stay.
  assert.ok(Math.abs(instrument.read("V.a") / 130_500 - 1) < 0.01);
  assert.ok(instrument.read("A.a") < 10);
  assert.ok(instrument.read("Wh.import") + instrument.read("Wh.export") > 5000);
});
