/** Meters that are added, changed and removed over HTTP while a site runs; and scans for those that are there. */
import assert from "node:assert/strict";
import { chmodSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { additionsSchema, scanSchema, siteEditSchema } from "#web/api/edit-schemas.ts";
import { freePort } from "./running-site.ts";
import { elsewhere, here, passwordOf, webRig } from "./web-rig.ts";

const SITE = `# The site of a school: "quoted", and with a comment.
store: ":memory:"
meters:
  - name: feeder                          # the incomer
    model: leviton-s4100
    source: { live: { hz:   50 } }
`;

interface Told {
  readonly tag: string;
  readonly changes: readonly string[];
  readonly notes: readonly string[];
  readonly difference: readonly { readonly sign: string; readonly line: number; readonly text: string }[];
  readonly detail?: string;
  readonly barred?: string;
  readonly problems?: readonly string[];
}

async function rigged(t: TestContext, site = SITE) {
  const rig = await webRig(t, { site });
  const file = path.join(rig.site.folder, "site.yaml");
  const text = (): string => readFileSync(file, "utf8");
  const ask = async (method: string, place: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await rig.ask(`/api/v1/${place}`, { ...here, method, body, headers });
    return { status: answer.status, etag: answer.headers.get("ETag"), told: (await answer.json()) as Told };
  };
  return { ...rig, file, text, asks: ask };
}

const live = (name: string, more: object = {}) => ({ name, model: "leviton-s4100", source: { live: {} }, ...more });
const listening = (port: number) => ({ listen: [{ modbus: "tcp", port, unit: 7 }] });

test("a meter is written into the file below the others, taken up, and answers where it is to", async (t) => {
  const { site, text, asks } = await rigged(t);
  const port = await freePort();
  const checked = await asks("POST", "meters?check", live("pump", listening(port)));
  assert.equal(checked.status, 200);
  assert.equal(text(), SITE, "a check changes nothing");
  assert.equal(site.meter("pump"), undefined);
  const { status, told, etag } = await asks("POST", "meters", live("pump", listening(port)), {
    "If-Match": checked.told.tag,
  });
  assert.equal(status, 200);
  siteEditSchema.parse(told);
  const added = [
    "  - name: pump",
    "    model: leviton-s4100",
    "    source: { live: {} }",
    "    listen:",
    `      - { modbus: tcp, port: ${port}, unit: 7 }`,
  ];
  assert.equal(text(), `${SITE}${added.join("\n")}\n`);
  assert.deepEqual(
    told.difference.filter(({ sign }) => sign === "+").map((one) => one.text),
    added,
  );
  assert.deepEqual(
    told.difference.filter(({ sign }) => sign === "-"),
    [],
  );
  assert.equal(told.difference.find(({ sign }) => sign === "+")?.line, 7);
  assert.ok(told.changes.includes("pump: is new"), told.changes.join("; "));
  assert.equal(etag, told.tag);
  // Modbus Application Protocol V1.1b3, 6.17: unit 7 says what it is.
  const socket = net.connect(port, "127.0.0.1");
  socket.write(Buffer.from("000100000002" + "0711", "hex"));
  const answer = await new Promise<Buffer>((resolve) => socket.once("data", resolve as (data: unknown) => void));
  socket.destroy();
  assert.equal(answer.subarray(6, 8).toString("hex"), "0711");
});

test("what is wrong is said by the keys of the meter, and changes nothing", async (t) => {
  const { site, text, asks } = await rigged(t);
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as net.AddressInfo;
  const own = await freePort();
  assert.equal((await asks("POST", "meters", live("own", listening(own)))).status, 200);
  const before = text();
  const cases: readonly (readonly [entry: object, says: RegExp])[] = [
    [live("feeder"), /^name: another meter is called feeder$/],
    [live("a b"), /^name: expected letters/],
    [{ ...live("x"), model: "leviton-s410" }, /^model: .*did you mean leviton-s4100/],
    [{ ...live("x"), source: {} }, /^source: expected exactly one of/],
    [{ ...live("x"), source: { recording: { file: "none.cfg", map: { va: 1 } } } }, /none\.cfg: there is no such file/],
    [{ ...live("x"), settings: { ctPrimary: -1 } }, /^settings\.ctPrimary: /],
    [{ ...live("x"), settings: { ctPrimry: 5 } }, /^settings\.ctPrimry: .*did you mean ctPrimary/],
    [live("x", { listn: [] }), /listn: .*did you mean listen/],
    [live("x", listening(own)), /^listen\[0\]: own has unit 7 on 127\.0\.0\.1:\d+ already/],
    [live("x", { listen: [{ dnp3: "tcp", port: own }] }), /^listen\[0\]\.dnp3: .* carries modbus tcp of own already/],
    [live("x", listening(port)), /^listen\[0\]: x cannot listen on 127\.0\.0\.1:\d+: another program uses it/],
    [
      live("x", {
        listen: [
          { modbus: "tcp", port: 0 },
          { modbus: "tcp", port },
        ],
      }),
      /^listen\[1\]: x cannot listen on 127\.0\.0\.1:\d+: another program uses it/,
    ],
    [live("x", { listen: [{ dlms: "tcp", port: 0 }] }), /^listen\[0\]\.dlms: x does not speak DLMS/],
    [
      live("x", { listen: [{ modbus: "rtu", device: "/dev/no-such-line" }] }),
      /^listen\[0\]: x cannot open the serial port \/dev\/no-such-line: /,
    ],
    [{ ...live("x"), source: { read: { url: "modbus://" } } }, /^source\.read\.url: /],
  ];
  for (const [entry, says] of cases)
    for (const place of ["meters?check", "meters"]) {
      const { status, told } = await asks("POST", place, entry);
      assert.equal(status, 422, JSON.stringify(entry));
      assert.match(told.problems?.[0] ?? "", says, JSON.stringify(entry));
    }
  assert.equal(text(), before);
  assert.equal(site.meters.length, 2);
});

test("a file that somebody else has changed is not written over", async (t) => {
  const { file, text, asks } = await rigged(t);
  const { tag } = (await asks("GET", "additions")).told;
  const theirs = SITE.replace("the incomer", "the one in the cellar");
  writeFileSync(file, theirs);
  const stale = await asks("POST", "meters", live("pump"), { "If-Match": tag });
  assert.deepEqual([stale.status, text()], [412, theirs]);
  const { status, told } = await asks("POST", "meters", live("pump"), {
    "If-Match": (await asks("GET", "additions")).told.tag,
  });
  assert.equal(status, 200);
  assert.ok(text().startsWith(theirs));
  // A comment is nothing that would be taken up.
  assert.deepEqual(told.notes, []);
});

test("what the file says besides is taken up, too, and that is said", async (t) => {
  const { file, asks, site } = await rigged(t);
  writeFileSync(file, `${SITE}  - { name: other, model: leviton-s4100, source: { live: {} } }\n`);
  const { told } = await asks("POST", "meters?check", live("pump"));
  assert.match(told.notes[0] ?? "", /has been changed since it was read: that is taken up, too$/);
  await asks("POST", "meters", live("pump"));
  assert.deepEqual(
    site.meters.map(({ surface }) => surface.identity.name),
    ["feeder", "other", "pump"],
  );
});

test("where the reload refuses, the file is as it was", async (t) => {
  const { file, text, asks, site } = await rigged(t);
  // What belongs to a run of the process as a whole, somebody else has changed.
  const theirs = SITE.replace('store: ":memory:"', "store: ./elsewhere");
  writeFileSync(file, theirs);
  const { status, told } = await asks("POST", "meters", live("pump"));
  assert.equal(status, 422);
  assert.match(told.detail ?? "", /store: cannot be changed while the site runs/);
  assert.equal(text(), theirs);
  assert.equal(site.meter("pump"), undefined);
});

test("a file that cannot be written, or is not there, is said", async (t) => {
  const { file, text, asks } = await rigged(t);
  chmodSync(file, 0o444);
  assert.match((await asks("GET", "additions")).told.barred ?? "", /site\.yaml is read-only$/);
  for (const place of ["meters?check", "meters"]) {
    const { status, told } = await asks("POST", place, live("pump"));
    assert.equal(status, 409);
    assert.match(told.detail ?? "", /site\.yaml is read-only: it cannot be changed from here$/);
  }
  assert.equal(text(), SITE);
  unlinkSync(file);
  for (const [method, place, body] of [
    ["GET", "additions", undefined],
    ["POST", "meters", live("pump")],
  ] as const) {
    const { status, told } = await asks(method, place, body);
    assert.deepEqual([status, /cannot read .*site\.yaml: there is no such file/.test(told.detail ?? "")], [409, true]);
  }
});

test("where a meter listens is changed, and every other word of it stays", async (t) => {
  const { text, asks, site } = await rigged(t);
  const port = await freePort();
  const { status, told } = await asks("PUT", "meters/feeder", listening(port));
  assert.equal(status, 200, told.detail ?? "");
  assert.equal(text(), `${SITE}    listen: [ { modbus: tcp, port: ${port}, unit: 7 } ]\n`);
  assert.deepEqual(
    site.listeners.flatMap(({ urls }) => urls.map(({ url }) => url)),
    [`modbus://127.0.0.1:${port}/7`],
  );
  assert.equal((await asks("PUT", "meters/feeder", { name: "other" })).status, 422);
  assert.equal((await asks("PUT", "meters/nobody", { listen: [] })).status, 404);
});

test("a meter is taken out, and what becomes of what it knows is said before", async (t) => {
  const { text, asks, site } = await rigged(t);
  await asks("POST", "meters", live("pump"));
  const { told } = await asks("DELETE", "meters/pump?check");
  assert.match(told.notes[0] ?? "", /^what pump knows stays in the store/);
  assert.notEqual(site.meter("pump"), undefined);
  assert.equal((await asks("DELETE", "meters/pump")).status, 200);
  assert.equal(text(), SITE);
  assert.equal(site.meter("pump"), undefined);
  const last = await asks("DELETE", "meters/feeder");
  assert.deepEqual([last.status, text()], [422, SITE]);
  assert.match(last.told.detail ?? "", /expected at least one meter/);
});

test("only an owner changes the site, and looks for meters", async (t) => {
  const rig = await rigged(t);
  const cases = [
    ["GET", "additions"],
    ["POST", "meters"],
    ["PUT", "meters/feeder"],
    ["DELETE", "meters/feeder"],
    ["GET", "scan"],
    ["PUT", "scan"],
    ["DELETE", "scan"],
    ["GET", "scan/live"],
  ] as const;
  const body = JSON.stringify({ user: "operator", password: passwordOf("operator") });
  const logIn = await rig.ask("/api/v1/session", { ...elsewhere, method: "POST", body });
  const { token } = (await logIn.json()) as { token: string };
  for (const [method, place] of cases) {
    const own = method === "POST" || method === "PUT" ? { body: live("x") } : {};
    const headers = { "Polyphase-Session": token };
    assert.equal(
      (await rig.ask(`/api/v1/${place}`, { ...elsewhere, method, ...own })).status,
      401,
      `${method} ${place}`,
    );
    assert.equal(
      (await rig.ask(`/api/v1/${place}`, { ...elsewhere, method, ...own, headers })).status,
      403,
      `${method} ${place}`,
    );
  }
  assert.equal(rig.text(), SITE);
});

test("what can be added is told with the schema of a meter", async (t) => {
  const { asks } = await rigged(t);
  const { told } = await asks("GET", "additions");
  const { models, listeners, sources, schema } = additionsSchema.parse(told);
  assert.deepEqual(models.find(({ name }) => name === "leviton-s4100")?.made, true);
  assert.deepEqual(
    models.filter(({ made }) => !made).map(({ name }) => name),
    ["self-describing"],
  );
  assert.ok(
    listeners.some(({ protocol, transport, port }) => protocol === "modbus" && transport === "tcp" && port === 1502),
  );
  assert.deepEqual(sources, ["synthetic", "recording", "live", "sampledValues", "read"]);
  assert.ok(Object.hasOwn(schema["properties"] as object, "source"));
});

/** What is told of a scan once it has come to its end. */
async function scanned(asks: Awaited<ReturnType<typeof rigged>>["asks"]) {
  for (let k = 0; k < 2000; k++) {
    const view = scanSchema.parse((await asks("GET", "scan")).told);
    if (view.state !== "running") return view;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return assert.fail("the scan has no end");
}

test("a scan finds the units that are there, says which models they may be, and one goes at a time", async (t) => {
  const port = await freePort();
  const { asks } = await rigged(t, SITE + `    listen: [{ modbus: tcp, port: ${port}, unit: 3 }]\n`);
  assert.equal(scanSchema.parse((await asks("GET", "scan")).told).state, "none");
  const url = `modbus://127.0.0.1:${port}`;
  const begun = await asks("PUT", "scan", { url, from: 2, to: 4, timeout: 50 });
  assert.equal(begun.status, 200);
  const second = await asks("PUT", "scan", { url });
  assert.deepEqual([second.status, /is being scanned; one scan at a time/.test(second.told.detail ?? "")], [409, true]);
  const { state, found, silent } = await scanned(asks);
  assert.equal(state, "done");
  assert.deepEqual(
    found.map(({ unit, url: at, models }) => [unit, at, models]),
    [[3, `${url}/3`, ["leviton-s4100"]]],
  );
  assert.equal(silent, 2);
});

test("a scan ends when somebody says so, and where there is nothing to scan", async (t) => {
  const { asks } = await rigged(t);
  // It takes who comes, and says nothing.
  const mute = net.createServer(() => {});
  await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
  t.after(() => mute.close());
  const { port } = mute.address() as net.AddressInfo;
  await asks("PUT", "scan", { url: `modbus://127.0.0.1:${port}`, timeout: 5000 });
  assert.equal((await asks("DELETE", "scan")).status, 200);
  assert.equal((await scanned(asks)).state, "stopped");
  await asks("PUT", "scan", { url: `modbus://127.0.0.1:${await freePort()}` });
  const { state, words } = await scanned(asks);
  assert.deepEqual([state, /nothing listens there/.test(words)], ["failed", true]);
  for (const body of [
    { url: "mms://127.0.0.1" },
    { url: "x" },
    { url: "modbus://h", from: 9, to: 8 },
    { url: "modbus://h", to: 248 },
  ])
    assert.equal((await asks("PUT", "scan", body)).status, 422, JSON.stringify(body));
});

test("a scan is followed as it goes", async (t) => {
  const port = await freePort();
  const { ask, asks } = await rigged(t, SITE + `    listen: [{ modbus: tcp, port: ${port}, unit: 2 }]\n`);
  const stream = (await ask("/api/v1/scan/live", here)).body!.getReader();
  await asks("PUT", "scan", { url: `modbus://127.0.0.1:${port}`, from: 1, to: 3, timeout: 50 });
  let text = "";
  while (!text.includes('"state":"done"')) {
    const { value, done } = await stream.read();
    assert.equal(done, false, text);
    text += new TextDecoder().decode(value);
  }
  await stream.cancel();
  const views = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = ""]) => scanSchema.parse(JSON.parse(data)));
  assert.equal(views[0]?.state, "none");
  // Unit 2 is told as soon as it has been found, before unit 3 has been looked at in vain.
  const early = views.find(({ state, found }) => state === "running" && found.length === 1);
  assert.deepEqual([early?.unit, early?.found[0]?.unit], [3, 2]);
});

test("an outstation of DNP3 is found by its address, and told with the URL by which it is read", async (t) => {
  const port = await freePort();
  const jem = `  - { name: jem, model: ametek-jemstar-ii, source: { live: {} }, listen: [{ dnp3: tcp, port: ${port} }] }\n`;
  const { asks } = await rigged(t, SITE + jem);
  const url = `dnp3://127.0.0.1:${port}`;
  assert.equal((await asks("PUT", "scan", { url, from: 0, to: 2, timeout: 300 })).status, 200);
  const { state, found, words } = await scanned(asks);
  assert.deepEqual([state, words], ["done", ""]);
  assert.deepEqual(
    found.map((one) => [one.unit, one.by, one.url, one.models]),
    [[1, "answers", `${url}/1`, ["self-describing"]]],
  );
  const added = { name: "read", model: "self-describing", source: { read: { url: `${url}/1` } } };
  assert.equal((await asks("POST", "meters?check", added)).status, 200);
});
