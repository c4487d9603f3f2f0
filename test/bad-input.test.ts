/** What goes wrong between people and meters, and what the command says then. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test, type TestContext } from "node:test";
import { freePort, startSite, temporaryFolder } from "./running-site.ts";

/** Ports that several units share. */
const [gateway, substation] = [await freePort(), await freePort()];

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

async function site(t: TestContext, yaml: string) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const running = await startSite(folder, yaml);
  t.after(() => running.end());
  const run = (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
      let [out, err] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
      child.on("close", (status) => resolve({ status, out, err }));
    });
  return { run, folder, url: `modbus://127.0.0.1:${running.port}` };
}

/** The words of floats, the lower word first. */
function turnedFloats(count: number, values: Readonly<Record<number, number>>): number[] {
  const view = new DataView(new ArrayBuffer(2 * count));
  for (const [address, value] of Object.entries(values)) {
    const float = new DataView(new ArrayBuffer(4));
    float.setFloat32(0, value);
    view.setUint16(2 * Number(address), float.getUint16(2));
    view.setUint16(2 * Number(address) + 2, float.getUint16(0));
  }
  return Array.from({ length: count }, (_, k) => view.getUint16(2 * k));
}

test("wrong word order: noticed by frequency and volts, and read the other way on request", async (t) => {
  const values = turnedFloats(400, { 0x00: 229.1, 0x02: 230.4, 0x04: 231.7, 0x46: 50.02 });
  const { run, url } = await site(
    t,
    `devices: [{ name: turned, memory: { input: { from: 0, count: 400, values: [${values.join(",")}] }, holding: { from: 0, count: 65000 } }, listen: [{ modbus: tcp, port: 0, unit: 1 }] }]`,
  );
  const wrong = await run("read", `${url}/1`, "--model", "eastron-sdm630");
  assert.match(
    wrong.err,
    /note {2}unit 1: values of two registers make sense only with their words the other way round \(V\.a = 229\.1\): set the word order in the meter or gateway, or read with --swap-words/,
  );
  const right = await run("read", `${url}/1`, "--model", "eastron-sdm630", "--swap-words");
  assert.equal(right.err, "");
  assert.match(right.out, /V\.b +230\.4 +V/);
  assert.match(right.out, /Hz +50\.02 +Hz/);
});

test("an absent unit: behind a gateway, and on a line where nobody answers", async (t) => {
  const meter = (name: string, unit: number, extra = "") =>
    `{ name: ${name}, memory: { holding: { from: 0, count: 10 } }, listen: [{ modbus: tcp, port: ${gateway}, unit: ${unit}${extra} }] }`;
  const { run, url } = await site(
    t,
    `devices: [${meter("a", 1)}, ${meter("b", 2, ", faults: [{ drop: true, unit: 2 }]")}]`,
  );
  const absent = await run("read", `${url}/9`, "--model", "leviton-s4100");
  assert.equal(absent.status, 1);
  assert.match(
    absent.err,
    /unit 9 refused .*: gateway target failed to respond \(0x0b\); nothing answers there behind the gateway: look at the unit's address and wiring, or scan/,
  );
  const silent = await run("read", `${url}/2`, "--model", "leviton-s4100", "--timeout", "100");
  assert.equal(silent.status, 1);
  assert.match(silent.err, /unit 2 did not answer within 100 ms; is its address 2, and is it powered\?/);
});

test("a gateway that answers for another unit is not believed", async (t) => {
  const gateway = net.createServer((socket) => {
    socket.on("data", (request: Buffer) => {
      const answer = Buffer.concat([
        request.subarray(0, 4),
        Buffer.from([0, 5, (request[6] ?? 0) + 1, request[7] ?? 0, 2, 0, 1]),
      ]);
      socket.write(answer);
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  t.after(() => gateway.close());
  const { port } = gateway.address() as net.AddressInfo;
  const child = spawn(process.execPath, [main, "read", `modbus://127.0.0.1:${port}/5`, "--model", "leviton-s4100"]);
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(status, 1);
  assert.match(
    err,
    /asked unit 5, but unit 6 answered; the gateway maps units wrongly, or two devices share an address/,
  );
});

const energySite = `
store: ":memory:"
meters:
  - { name: old, model: powerlogic-cm2000, source: &s { synthetic: { volts: 277, amps: 80, steps: true } }, settings: { ctPrimary: 100 }, listen: [{ modbus: tcp, port: ${substation}, unit: 1 }] }
  - { name: new, model: powerlogic-cm3000, source: *s, settings: { ctPrimary: 100 }, listen: [{ modbus: tcp, port: ${substation}, unit: 2 }] }
`;

test("a transfer that is wrongly asked for writes nothing and says what was expected", async (t) => {
  const { run, url, folder } = await site(t, energySite);
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return name;
  };
  const readings = (value: (k: number) => number) =>
    Array.from({ length: 28 }, (_, k) => `${1700 + k} ${value(k)}`).join("\n");
  const to = ["--to-model", "powerlogic-cm3000"];
  const cases: [args: string[], status: number, says: RegExp][] = [
    [[`${url}/1`, `${url}/2`, ...to], 2, /--from-model is needed to read a meter/],
    [
      [`${url}/1`, `${url}/2`, "--to-model", "powerlogic-cm2000"],
      2,
      /--to-model: expected one of powerlogic-cm3000, powerlogic-cm4000, powerlogic-pm800; found "powerlogic-cm2000"/,
    ],
    [
      [`${url}/1`, `${url}/2`, ...to, "--from-model", "leviton-s4100"],
      2,
      /--from-model: expected one of powerlogic-cm2000, /,
    ],
    [
      [`${url}/1`, `${url}/2`, ...to, "--from-model", "powerlogic-cm2000"],
      2,
      /nothing has been written: --yes writes without asking/,
    ],
    [
      [`${url}/2`, `${url}/1`, ...to, "--from-model", "powerlogic-cm2000", "--yes"],
      1,
      /unit 1 says by its .* \(powerlogic-cm2000\); it was taken for powerlogic-cm3000: is --to-model right\? Nothing is written/,
    ],
    [["nowhere.txt", `${url}/2`, ...to, "--yes"], 2, /cannot read nowhere\.txt: there is no such file/],
    [
      [
        file(
          "bad.txt",
          readings((k) => (k === 3 ? 12_000 : 1)),
        ),
        `${url}/2`,
        ...to,
        "--yes",
      ],
      2,
      /register 1703 \(Real Energy In\): expected -9999 to \+9999, found 12000/,
    ],
    [
      [
        file(
          "turned.txt",
          readings((k) => [0, 0, 12, 3456][k % 4]!),
        ),
        `${url}/2`,
        ...to,
        "--yes",
      ],
      2,
      /were the groups noted the other way round\?/,
    ],
    [
      [
        file(
          "good.txt",
          readings(() => 0),
        ),
        `${url}/2`,
        ...to,
        "--yes",
        "--record",
        "good.txt",
      ],
      2,
      /good\.txt is no record of a transfer/,
    ],
    [
      [
        file(
          "2.txt",
          readings(() => 0),
        ),
        `${url}/2`,
        ...to,
        "--from-model",
        "powerlogic-cm2000",
        "--yes",
      ],
      2,
      /the registers of 2\.txt are those of powerlogic-cm3000, powerlogic-cm4000, powerlogic-pm800; found "powerlogic-cm2000"/,
    ],
  ];
  for (const [args, status, says] of cases) {
    const ran = await run("transfer", ...args);
    assert.match(ran.err, says, args.join(" "));
    assert.equal(ran.status, status, args.join(" "));
  }
  assert.equal(existsSync(path.join(folder, `transfer-127.0.0.1-${substation}-2.json`)), false);
});

test("a setting of a meter with sessions is written by its name", async (t) => {
  const { run, url } = await site(
    t,
    "meters: [{ name: pm, model: powerlogic-pm800, source: { live: {} }, listen: [{ modbus: tcp, port: 0, unit: 1 }] }]",
  );
  const write = (...args: string[]) => run("write", `${url}/1`, ...args, "--model", "powerlogic-pm800");
  assert.match((await write("demandSubInterval", "300")).out, /demandSubInterval: 900 before, 300 now/);
  assert.match((await write("brand", "Square D")).out, /brand: 0 before, 1 now/);
  const refused = await write("ctPrimary", "0");
  assert.equal(refused.status, 2);
});
