/** Meters of foreign programs that a site reads: Gurux for Java over DLMS/COSEM, opendnp3 over DNP3, libiec61850 over MMS. What they have is theirs to say. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test, type TestContext } from "node:test";
import { startSite, temporaryFolder, type RunningSite } from "../running-site.ts";
import { scanned } from "../scanned.ts";
import { outstationOf, withoutDnp3Peers } from "./dnp3-peers.ts";
import { libiec61850Server } from "./iec61850-peers.ts";
import { guruxPeer, programPath, withoutGuruxJava, withoutPeers } from "./programs.ts";

interface View {
  readonly readings: Readonly<Record<string, number | null>>;
  readonly registers: readonly {
    readonly name: string;
    readonly measure?: string;
    readonly value: number | null;
    readonly text: string;
  }[];
  readonly conditions: readonly { readonly text: string }[];
  readonly reads: { readonly age: number | null; readonly identification: readonly string[] };
}

async function reading(t: TestContext, url: string): Promise<RunningSite> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(
    folder,
    `web: { port: 0 }\nstore: ":memory:"\nmeters: [{ name: one, model: self-describing, source: { read: { url: "${url}", every: 500ms } } }]`,
  );
  t.after(() => site.end());
  return site;
}

/** Once it is so. */
async function viewOf(site: RunningSite, isSo: (view: View) => boolean): Promise<View> {
  let view: View | undefined;
  for (let k = 0; k < 300; k++) {
    view = (await (await fetch(`${site.page}api/v1/meters/one`)).json()) as View;
    if (view.reads.age !== null && isSo(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(JSON.stringify(view));
}

const registersOf = ({ registers }: View): Readonly<Record<string, number | string>> =>
  Object.fromEntries(registers.map(({ name, value, text }) => [name, value ?? text]));

async function gurux(t: TestContext, framing: "wrapper" | "hdlc"): Promise<string> {
  const child = spawn(programPath("java") ?? "java", [...guruxPeer, "0", framing, "96"]);
  t.after(() => child.kill());
  let out = "";
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      out += chunk.toString();
      const port = /ready ([0-9]+)/.exec(out)?.[1];
      if (port !== undefined) resolve(port);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("close", () => reject(new Error(out)));
  });
}

for (const framing of ["wrapper", "hdlc"] as const)
  test(`a site reads a meter of Gurux for Java: ${framing}`, { skip: withoutGuruxJava() }, async (t) => {
    const port = await gurux(t, framing);
    const site = await reading(t, `${framing === "hdlc" ? "dlms+hdlctcp" : "dlms"}://127.0.0.1:${port}`);
    const view = await viewOf(site, () => true);
    assert.deepEqual(view.reads.identification, ["GRX0000000000007"]);
    assert.deepEqual([view.readings["W.import"], view.readings["Wh.import"]], [1234.567, 7_654_321]);
    // It does not say what it exports: nobody knows the difference.
    assert.equal("W" in view.readings, false);
    assert.equal(registersOf(view)["Wh.import"], 7_654_321);
    assert.equal(view.registers.find(({ name }) => name === "Wh.import")?.measure, "Wh.import");
    // It knows clients 16 and 17, of whom nobody has to show anything, and is silent to others (GuruxPeer.java).
    const url = `${framing === "hdlc" ? "dlms+hdlctcp" : "dlms"}://127.0.0.1:${port}`;
    const { state, found, silent } = await scanned(site, { url, from: 15, to: 18 });
    assert.equal(state, "done");
    assert.deepEqual(
      found.map((one) => [one.unit, one.by, one.text, one.url, one.models]),
      [16, 17].map((client) => [client, "open", "GRX0000000000007", `${url}?client=${client}`, ["self-describing"]]),
    );
    assert.equal(silent, 2);
  });

test(
  "a site reads an outstation of opendnp3, and shows no value of a point that is not online",
  { skip: withoutDnp3Peers() },
  async (t) => {
    const { url } = await outstationOf(t, "opendnp3");
    const site = await reading(t, url);
    const view = await viewOf(site, () => true);
    const registers = registersOf(view);
    for (let k = 0; k < 4; k++) assert.equal(registers[`counter ${k}`], 1_000_000 + k);
    for (let k = 0; k < 3; k++) assert.equal(registers[`analog ${k}`], -100_000 + 40_000 * k);
    assert.deepEqual([registers["binary 0"], registers["binary 1"], registers["output 1"]], ["off", "on", "on"]);
    assert.equal(view.registers.find(({ name }) => name === "analog 3")?.value, null);
    assert.match(String(registers["analog 3"]), /^7 \(not online, communication lost\)$/);
    assert.match(view.conditions.map(({ text }) => text).join(), /has restarted/);
  },
);

test(
  "a scan finds an outstation of opendnp3, tells its points, and the URL reads it",
  { skip: withoutDnp3Peers() },
  async (t) => {
    const { url } = await outstationOf(t, "opendnp3");
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const site = await startSite(
      folder,
      `web: { port: 0 }\nstore: ":memory:"\nmeters: [{ name: other, model: leviton-s4100, source: { live: {} } }]`,
    );
    t.after(() => site.end());
    const asked = { url: url.replace("/1?", "?"), from: 0, to: 3 };
    const { state, found, silent, words } = await scanned(site, asked);
    assert.deepEqual([state, silent, words], ["done", 3, ""]);
    assert.deepEqual(
      found.map((one) => [one.unit, one.by, one.url, one.models]),
      [[1, "answers", url, ["self-describing"]]],
    );
    // Four of each kind that it has (opendnp3_peer.py: DatabaseConfig(4)), and what it says of itself after a start.
    assert.match(found[0]?.text ?? "", /^4 counters, .*4 analogs, .*4 binaries, .*restarted/);
  },
);

test(
  "a site reads a server of libiec61850, and doubts what it says is questionable",
  { skip: withoutPeers("pyiec61850") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const server = await libiec61850Server(t, folder);
    const values: readonly (readonly [string, string])[] = [
      ["TotW.mag.f", "12345.5"],
      ["Hz.mag.f", "50.25"],
      ["PhV.phsA.cVal.mag.f", "229.5"],
      ["PhV.phsB.cVal.mag.f", "230.25"],
      ["PhV.phsC.cVal.mag.f", "231.75"],
    ];
    for (const [name, value] of values) await server.tell(`set MTR/MMXU1.${name} ${value}`);
    await server.tell("set MTR/MMTR1.SupWh.actVal 876543");
    await server.tell("set MTR/GGIO1.Ind2.stVal on");
    const site = await reading(t, `mms://127.0.0.1:${server.port}/JEM01`);
    const view = await viewOf(site, () => true);
    const read = ["W", "Hz", "V.a", "V.b", "V.c"].map((name) => view.readings[name]);
    assert.deepEqual(read, [12_345.5, 50.25, 229.5, 230.25, 231.75]);
    const registers = registersOf(view);
    assert.deepEqual(
      [registers["MMTR1.SupWh"], registers["GGIO1.Ind2"], registers["GGIO1.Ind1"]],
      [876_543, "true", "false"],
    );
    assert.deepEqual(view.conditions, []);
    // 7-3 clause 6.2.1: validity questionable, and out of range, of the second phase; the third is invalid, by a failure.
    await server.tell(`quality MTR/MMXU1.PhV.phsB.q ${0b11 | 0b1000}`);
    await server.tell(`quality MTR/MMXU1.PhV.phsC.q ${0b10 | 0b100_0000}`);
    const doubted = await viewOf(site, ({ conditions }) => conditions.length > 0);
    assert.equal(doubted.readings["V.b"], 230.25);
    assert.equal(doubted.readings["V.c"], null);
    assert.deepEqual(
      doubted.conditions.map(({ text }) => text),
      ["its meter itself doubts V.b (questionable, out of range), V.c (invalid, failure)"],
    );
  },
);
