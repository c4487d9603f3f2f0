/** What `read`, `browse`, `watch`, `write`, `pqdif` and `scan` make of a meter over IEC 61850: a JEMStar II on a port of this machine. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import type { Link } from "#io/link.ts";
import { connectTcp, listenTcp } from "#io/tcp.ts";
import { UnknownName } from "#headend/chosen.ts";
import type { Reading } from "#headend/meter-source.ts";
import { parseMeterUrl, sourceOf } from "#headend/meter-url.ts";
import { browseMeter, typeText } from "#headend/mms-browse.ts";
import { withMeter } from "#headend/mms-meter.ts";
import { parseMmsUrl } from "#headend/mms-url.ts";
import { writeMms } from "#headend/mms-write.ts";
import { dataText, namedText } from "#headend/mms-values.ts";
import { watchReports } from "#headend/mms-watch.ts";
import { UrlError } from "#headend/place.ts";
import { qualityWords } from "#protocol/iec61850/mms/data-words.ts";
import { referenceText } from "#protocol/iec61850/client/references.ts";
import { controls } from "#protocol/iec61850/server/controls.ts";
import { reports } from "#protocol/iec61850/server/reports.ts";
import { main, run } from "./cli-run.ts";
import { iedMeter, type IedMeter } from "./iec61850-meter.ts";
import { onPort } from "./interop/iec61850-serving.ts";
import { TestHost } from "./mms-serving.ts";

const SECRET = { command: "secret", name: "iec61850.password", value: "open sesame", user: "admin" };
const secrets = {
  password: () => Promise.resolve(new TextEncoder().encode("open sesame")),
  key: () => undefined,
  nameOf: (name: string) => name,
};

/** A meter a minute after its start, and where it listens. */
async function listening(t: TestContext): Promise<{ meter: IedMeter; url: string }> {
  const meter = iedMeter(t, { configuration: "communications: { ethernet1: { iec61850: { use: enabled } } }" });
  meter.pass(1);
  const { port } = await onPort(t, meter.host, [reports, controls]);
  return { meter, url: `mms://127.0.0.1:${port}/JEM01` };
}

async function reading(url: string, ...names: readonly string[]): Promise<Reading> {
  const source = await sourceOf(url)!({ names, timeoutMs: 2000, secrets, held: new Map() });
  try {
    return await source.read();
  } finally {
    await source.close();
  }
}

test("a URL names the IED, who shows a password, and where it listens by usage", () => {
  const { place, ...rest } = parseMmsUrl("mms://192.0.2.7/JEM01?auth=password&outstanding=9");
  assert.deepEqual(place, { over: "tcp", host: "192.0.2.7", port: 102 });
  assert.deepEqual(rest, { protocol: "mms", transport: "tcp", ied: "JEM01", showsPassword: true, outstanding: 9 });
  const secure = parseMeterUrl("mms+tls://192.0.2.7?certificate=a.pem&key=a.key&authority=b.pem");
  assert.partialDeepStrictEqual(secure, { transport: "tls", place: { over: "tls", port: 3782 }, ied: undefined });
  for (const text of [
    "mms://192.0.2.7/JEM01/MMXU1",
    "mms://192.0.2.7/%ff",
    "mms://192.0.2.7?auth=maybe",
    "mms://192.0.2.7?outstanding=0",
    "mms://192.0.2.7?unit=1",
    "mms+tls://192.0.2.7",
    "mms://",
  ])
    assert.throws(() => parseMmsUrl(text), UrlError, text);
});

test("a meter tells what it measures with its units, by node; what is named comes in the order of the names", async (t) => {
  const { url } = await listening(t);
  const all = await reading(url);
  assert.match(all.identification.join(" "), /JEMStar/);
  const part = all.parts.find(({ title }) => title === "MMXU1");
  // 118 V, 4 A and 0.8; 121 V, 5 A and 0.6; 124 V, 6 A and 1.
  const watts = part?.points.find(({ label }) => label === "MMXU1.TotW");
  assert.deepEqual([watts?.name, watts?.unit], ["W", "W"]);
  assert.ok(Math.abs(Number(watts?.value) - (377.6 + 363 + 744)) < 0.5);
  assert.ok(all.parts.every(({ points }) => points.length > 0));
  const named = await reading(url, "V.b", "MMXU1.A.phsC", "JEM01MTR/MMXU1.W.phsA[MX]", "MMXU1.W.phsA.cVal.mag.f");
  const points = named.parts.flatMap((one) => one.points);
  assert.deepEqual(
    points.map(({ name, unit, value }) => [name, unit, Math.round(Number(value))]),
    [
      ["V.b", "V", 121],
      ["A.c", "A", 6],
      ["W.a", "W", 378],
      ["JEM01MTR/MMXU1.W.phsA.cVal.mag.f[MX]", "", 378],
    ],
  );
  // A node is all of its values, as they are without a name.
  const node = await reading(url, "MMXU1");
  const unasked = node.parts.flatMap((one) => one.points);
  const names = (points: readonly { readonly name: string; readonly unit: string }[] = []): readonly string[] =>
    points.map((one) => `${one.name} ${one.unit}`);
  assert.deepEqual(names(unasked), names(part?.points));
  await assert.rejects(reading(url, "V.z"), UnknownName);
  await assert.rejects(
    reading(url.replace("JEM01", "JEM02"), "V.a"),
    /no logical device of an IED "JEM02"; it has JEM01MTR/,
  );
});

test("a column is named as it was asked for, and has the value, whatever the server calls it; states are states", async (t) => {
  const { url } = await listening(t);
  const names = ["MMXU1.W.phsA.cVal.mag.f[MX]", "W", "JEM01MTR/MMXU1.A.phsC", "MHAI1.ThdA.phsA.instCVal.mag.f"];
  const { status, out, err } = await run("read", url, ...names, "--csv");
  assert.deepEqual([status, err], [0, ""]);
  const [head = "", row = ""] = out.split(/\r?\n/);
  assert.equal(
    head,
    "utc,offsetMinutes,meter,MMXU1.W.phsA.cVal.mag.f[MX],W (W),JEM01MTR/MMXU1.A.phsC (A),MHAI1.ThdA.phsA.instCVal.mag.f",
  );
  // 118 V, 4 A and 0.8; the sum of three; 6 A; no harmonics.
  assert.deepEqual(
    row
      .split(",")
      .slice(3)
      .map((cell) => Math.round(Number(cell))),
    [378, 1485, 6, 0],
  );
  // What stands for several has a column for each.
  const several = await run("read", url, "LPHD1.PhyNam", "IN_GGIO1.Ind7", "--csv");
  assert.match(
    several.out,
    /^utc,offsetMinutes,meter,JEM01MTR\/LPHD1\.PhyNam\.vendor\[DC\],JEM01MTR.*,IN_GGIO1\.Ind7\r?$/m,
  );
  const state = await run("read", url, "IN_GGIO1.Ind7.stVal", "--json");
  assert.equal((JSON.parse(state.out) as { values: { value: unknown }[] }).values[0]?.value, false, state.out);
  const line = await run("read", url, "IN_GGIO1.Ind7.stVal", "--line-protocol");
  assert.match(line.out, /IN_GGIO1\.Ind7\.stVal\[ST\]=false \d+$/m);
});

test("what is no name is told as far as there is one, with what comes next", async (t) => {
  const { url } = await listening(t);
  const object = await run("write", url, "MMXU1.TotX", "1");
  assert.equal(object.status, 2);
  assert.match(object.err, /the server has no "MMXU1\.TotX"; did you mean MMXU1\.TotW\?/);
  const read = await run("read", url, "MMXU1.TotX");
  assert.deepEqual([read.status, /did you mean MMXU1\.TotW\?/.test(read.err)], [2, true], read.err);
  const within = await run("write", url, "JEM01MTR/MMXU1.TotW.mag.x", "1");
  assert.match(within.err, /\nit has JEM01MTR\/MMXU1\.TotW\.mag\.f$/m);
});

test("all of the model is browsed with types and values, and a part by its name", async (t) => {
  const { url } = await listening(t);
  const at = parseMmsUrl(url);
  const progress = (): void => {};
  const { attributes, dataSets } = await withMeter(at, { timeoutMs: 2000, secrets }, (client) =>
    browseMeter(client, at, { words: [], values: true, progress }),
  );
  assert.ok(attributes.length > 1000);
  const failed = attributes.filter(({ value }) => value === undefined || value.kind === "failure");
  assert.deepEqual(
    failed.map(({ reference }) => referenceText(reference)).filter((text) => !/\.(SBO|Oper|SBOw|Cancel)\b/.test(text)),
    [],
  );
  const hertz = attributes.find(({ reference }) => referenceText(reference) === "JEM01MTR/MMXU1.Hz.mag.f[MX]");
  assert.deepEqual(hertz && [typeText(hertz.type), hertz.value && dataText(hertz.value)], ["float32", "60"]);
  const energy = dataSets.find(({ name }) => name === "JEM01MTR/LLN0.Energy");
  assert.ok(energy?.members.includes("JEM01MTR/MMTR1.SupWh[ST]"));
  const some = await run("browse", url, "MMXU1.TotW", "--csv", "--no-values");
  assert.equal(some.status, 0, some.err);
  assert.match(some.out, /^JEM01MTR\/MMXU1\.TotW\.mag\.f,MX,float32,\r?$/m);
  assert.equal((await run("browse", url, "MMXU9")).status, 2);
  const whole = await run("browse", url);
  assert.match(whole.out, /^ {2}JEM01MTR\/LLN0\$BR\$brcbIO01 +buffered +free +JEM01MTR\/LLN0\$IO$/m);
});

/** `watch` as a program reads it: each report as it comes. */
function watching(t: TestContext, ...words: readonly string[]): { next(): Promise<Record<string, unknown>> } {
  const child = spawn(process.execPath, [main, "watch", ...words, "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const next = waiting.shift();
    if (next === undefined) lines.push(line);
    else next(line);
  });
  return {
    async next() {
      const line = lines.shift() ?? (await new Promise<string>((resolve) => void waiting.push(resolve)));
      return JSON.parse(line) as Record<string, unknown>;
    },
  };
}

test(
  "reports come as they are made, a buffered one behind the entry that came last",
  { timeout: 60_000 },
  async (t) => {
    const { meter, url } = await listening(t);
    const first = watching(t, url, "LLN0.brcbIO01");
    const all = await first.next();
    assert.equal(all["control"], "JEM01MTR/LLN0$BR$brcbIO01");
    const members = all["members"] as { reference: string; value: Record<string, unknown>; reasons: string[] }[];
    assert.deepEqual(members[0]?.reasons, ["general interrogation"]);
    assert.deepEqual(Object.keys(members[0]?.value ?? {}), ["stVal", "q", "t"]);
    const listed = await run("watch", url);
    assert.match(listed.out, /^JEM01MTR\/LLN0\$BR\$brcbIO01 +buffered +enabled/m);
    const busy = await run("watch", url, "LLN0.brcbIO01", "--count", "1");
    assert.equal(busy.status, 1);
    assert.match(busy.err, /LLN0\$BR\$brcbIO01 .*is another client's: (temporarily unavailable|.*access denied)/);
    assert.equal((await run("watch", url, "LLN0.urcbNone")).status, 2);
    const text = await run("watch", url, "LLN0.urcbInst01", "--count", "1");
    assert.match(
      text.out,
      /^ {2}JEM01MTR\/MMXU1\.TotW\[MX\] +instMag\.f .*mag\.f 1484\.6, q good, t \S+ .*general interrogation$/m,
    );
    meter.pass(1);
  },
);

test("what the meter does not let a client do is said; with the password an output is operated", async (t) => {
  const { meter, url } = await listening(t);
  const output = meter.host.ied.devices[0]?.nodes
    .find(({ prefix }) => prefix === "Out_")
    ?.objects.find(({ cdc }) => cdc === "SPC");
  assert.ok(output);
  const name = `Out_GGIO2.${output.name}`;
  const refused = await run("write", url, name, "on");
  assert.deepEqual([refused.status, /no access authority \(AddCause 20\)/.test(refused.err)], [1, true], refused.err);
  const wrong = await run("write", url, name, "maybe");
  assert.deepEqual([wrong.status, /expected on or off/.test(wrong.err)], [2, true]);
  const measured = await run("write", url, "MMXU1.TotW.mag.f", "5");
  assert.match(measured.err, /is not written: object access denied/);
  assert.equal(meter.tell(SECRET), "done");
  const at = parseMmsUrl(`${url}?auth=password`);
  const written = await withMeter(at, { timeoutMs: 2000, secrets }, (client) =>
    writeMms(client, at, { name, value: "on", options: {} }),
  );
  assert.deepEqual([written.before, written.after], ["false", "true"]);
  assert.match(written.control ?? "", /^select before operate|^direct/);
  await assert.rejects(
    withMeter(
      at,
      { timeoutMs: 2000, secrets: { password: () => Promise.resolve(new TextEncoder().encode("open barley")) } },
      () => Promise.resolve(),
    ),
    /is it another password, or has the meter none \(secret iec61850\.password\)\?/,
  );
});

test("no units are scanned over MMS, and who is no server of it is told apart", async (t) => {
  const scanned = await run("scan", "mms://127.0.0.1:9");
  assert.equal(scanned.status, 2);
  assert.match(scanned.err, /npx polyphase browse/);
  // A web server answers a connection request with a page: no password helps.
  const clock = new SystemClock();
  const page = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 4, clock }, (link) =>
    link.receive(() => link.send(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"))),
  );
  t.after(() => page.close());
  const web = await run("read", `mms://127.0.0.1:${page.port}`);
  assert.match(web.err, /it does not speak MMS: .*\n$/);
  assert.doesNotMatch(web.err, /password/);
});

test("who falls silent is not waited for twice", async (t) => {
  const { url } = await listening(t);
  const clock = new SystemClock();
  let asked = 0;
  const { port } = parseMmsUrl(url).place as { readonly port: number };
  const mute = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 4, clock }, (link) => {
    // Of the meter's answers two come, the connection and the association; then nothing more.
    void connectTcp("127.0.0.1", port).then((meter) => {
      link.receive((bytes) => {
        if (++asked <= 2) meter.send(bytes);
      });
      meter.receive((bytes) => link.send(bytes));
      link.closed(() => meter.close());
    });
  });
  t.after(() => mute.close());
  const { status, err } = await run("browse", `mms://127.0.0.1:${mute.port}`, "--timeout", "300");
  assert.deepEqual([status, /has not answered getNameList within 300 ms/.test(err)], [1, true], err);
  // The question, and the abort: nobody has been asked to conclude or release.
  assert.equal(asked, 4);
});

test("of a server that has nothing it is said that nothing was found", async (t) => {
  const bare = {
    name: "E",
    edition: "2",
    manufacturer: "",
    type: "",
    configVersion: "",
    devices: [],
    leaves: 0,
  } as const;
  const { port } = await onPort(t, new TestHost(bare));
  const { status, out, err } = await run("browse", `mms://127.0.0.1:${port}`);
  assert.deepEqual([status, out], [1, ""]);
  assert.match(err, /nothing was found: mms:\S+ has no logical devices/);
});

test("a block that reports nothing, and what an unbuffered one does not keep, are said", async (t) => {
  const { url } = await listening(t);
  const { out } = await run("watch", url);
  const empty = out.split("\n").find((line) => /BR\$brcbSeq01 +buffered +free *$/.test(line));
  assert.ok(empty, out);
  const nothing = await run("watch", url, "LLN0.brcbSeq01");
  assert.deepEqual([nothing.status, /has no data set, and reports nothing/.test(nothing.err)], [1, true], nothing.err);
  const behind = await run("watch", url, "LLN0.urcbInst01", "--behind", "0");
  assert.deepEqual([behind.status, /--behind: .*urcbInst01 is unbuffered/.test(behind.err)], [2, true], behind.err);
});

test("a model is not asked for, and not taken where it says nothing", async (t) => {
  const { url } = await listening(t);
  const { status, err } = await run("read", url, "--model", "leviton-s4100", "W");
  assert.deepEqual([status, /--model: expected none; what mms:/.test(err)], [2, true], err);
});

test("a name that is near is proposed without all others", async (t) => {
  const { url } = await listening(t);
  const { err } = await run("read", url, "MMTR1.SupWhh");
  assert.match(err, /has no "MMTR1\.SupWhh"; did you mean MMTR1\.SupWh\?\n$/);
  assert.match((await run("read", url, "Nothing")).err, /has no "Nothing"\nit has .*MMXU1\.TotW/);
});

test("qualities are said in the words of 7-3, and structures by the names of their parts", () => {
  // 0001 1000 0000 0 is questionable; 0100 0100 0000 1 is invalid by failure of ..., blocked by the operator.
  assert.deepEqual(qualityWords(0), []);
  assert.deepEqual(qualityWords(0b1_1000_0000_0000), ["questionable"]);
  assert.deepEqual(qualityWords(0b0_1000_0100_0001), ["invalid", "failure", "operator blocked"]);
  const type = {
    kind: "structure",
    fields: [
      {
        name: "mag",
        type: { kind: "structure", fields: [{ name: "f", type: { kind: "float", width: 32, exponent: 8 } }] },
      },
      { name: "q", type: { kind: "bits", width: -13 } },
    ],
  } as const;
  const value = {
    kind: "structure",
    items: [
      { kind: "structure", items: [{ kind: "float", value: 229.5, width: 32 }] },
      { kind: "bits", octets: Uint8Array.of(0xc0, 0), length: 13 },
    ],
  } as const;
  assert.equal(namedText(value, type), "mag.f 229.5, q questionable");
});

test(
  "an association that is lost is had again, and what a buffered block kept meanwhile comes once and in order",
  { timeout: 60_000 },
  async (t) => {
    const { meter, url } = await listening(t);
    const target = Number(new URL(url.replace("mms:", "http:")).port);
    const open: Link[] = [];
    const clock = new SystemClock();
    const between = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 4, clock }, (near) => {
      open.push(near);
      near.pause();
      void connectTcp("127.0.0.1", target).then((far) => {
        near.receive((bytes) => far.send(bytes.slice()));
        far.receive((bytes) => near.send(bytes.slice()));
        near.closed(() => far.close());
        far.closed(() => near.close());
        near.resume();
      });
    });
    t.after(() => between.close());
    const ending = new AbortController();
    t.after(() => ending.abort());
    const notes: string[] = [];
    const told: string[] = [];
    const watch = watchReports(
      parseMmsUrl(`mms://127.0.0.1:${between.port}`),
      { timeoutMs: 2000, secrets },
      { names: ["LLN0.brcbIO01"], interrogate: false },
      {
        told: {
          report: ({ members }) => {
            // Outputs follow inputs here, as the configuration of the factory has it.
            for (const { reference, value, reasons } of members.filter((one) => one.reference.includes("IN_GGIO1")))
              told.push(
                `${reference} ${value.kind === "structure" ? dataText(value.items[0]!) : ""} ${reasons.join()}`,
              );
          },
          note: (words) => void notes.push(words),
        },
        clock,
        signal: ending.signal,
      },
    );
    const until = async (so: () => boolean): Promise<void> => {
      for (let k = 0; k < 1000 && !so(); k++) await new Promise((done) => setTimeout(done, 10));
      assert.ok(so(), JSON.stringify({ notes, told }));
    };
    const enabled = async (): Promise<boolean> => (await run("watch", url, "--json")).out.includes('"enabled": true');
    for (let k = 0; k < 20 && !(await enabled()); k++);
    const input = (channel: number, closed: boolean): void => {
      meter.tell({ command: "input", channel, closed });
      meter.pass(0.1);
    };
    input(7, true);
    await until(() => told.length === 1);
    for (const link of open.splice(0)) link.close();
    await until(() => notes.length === 1);
    input(8, true);
    input(7, false);
    await until(() => told.length >= 3);
    assert.deepEqual(told, [
      "JEM01MTR/IN_GGIO1.Ind7[ST] true data change",
      "JEM01MTR/IN_GGIO1.Ind8[ST] true data change",
      "JEM01MTR/IN_GGIO1.Ind7[ST] false data change",
    ]);
    assert.match(notes[1] ?? "", /again$/);
    ending.abort();
    await watch;
  },
);
