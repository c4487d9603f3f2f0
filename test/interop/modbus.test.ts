/** The running site seen by Debian's Modbus programs: mbpoll (libmodbus), pymodbus and tshark. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { siteOf, startSite, temporaryFolder, type RunningSite } from "../running-site.ts";
import { programPath, runProgram, without } from "./programs.ts";

async function running(t: TestContext, yaml = siteOf()): Promise<{ site: RunningSite; folder: string }> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, yaml);
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 1600));
  return { site, folder };
}

/** The values that mbpoll prints, by reference. */
function polled(out: string): Map<number, string> {
  return new Map([...out.matchAll(/^\[(\d+)\]:\s+(\S+)/gm)].map(([, register, value]) => [Number(register), value!]));
}

test(
  "mbpoll reads integers and floats, writes settings and is refused what must be",
  { skip: without("mbpoll") },
  async (t) => {
    const { site } = await running(t);
    const poll = (...args: string[]) =>
      runProgram("mbpoll", ["-m", "tcp", "-p", String(site.port), "-a", "1", "-1", ...args]);
    const floats = polled((await poll("-r", "277", "-c", "9", "-t", "4:float", "-B", "127.0.0.1")).out);
    assert.equal(Number(floats.get(277)), 60);
    assert.ok(Math.abs(Number(floats.get(285)) - 433.013) < 0.001, "250 V x sqrt(3)");
    assert.equal(Number(floats.get(291)), 60);
    const integers = polled((await poll("-r", "130", "-c", "5", "-t", "3", "127.0.0.1")).out);
    assert.deepEqual([...integers.values()], ["40", "32000", "1", "100", "480"]);
    assert.match((await poll("-r", "142", "-t", "4", "127.0.0.1", "15")).out, /Written 1 references/);
    assert.equal(polled((await poll("-r", "142", "-c", "1", "-t", "4", "127.0.0.1")).out).get(142), "15");
    assert.match((await poll("-r", "142", "-t", "4", "127.0.0.1", "100")).out, /Illegal data value/);
    assert.match((await poll("-r", "113", "-c", "1", "-t", "4", "127.0.0.1")).out, /Illegal data address/);
    assert.match((await poll("-r", "135", "-t", "4", "127.0.0.1", "7")).out, /Illegal data address/);
  },
);

const pymodbusScript = `
import sys
from pymodbus.client import ModbusTcpClient
from pymodbus.payload import BinaryPayloadDecoder
from pymodbus.constants import Endian
from pymodbus.mei_message import ReadDeviceInformationRequest
from pymodbus.other_message import ReportSlaveIdRequest
client = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]))
assert client.connect()
answer = client.read_input_registers(276, 18, slave=1)
assert not answer.isError(), answer
decoder = BinaryPayloadDecoder.fromRegisters(answer.registers, Endian.Big, wordorder=Endian.Big)
print("floats", [round(decoder.decode_32bit_float(), 3) for _ in range(9)])
print("sunspec", client.read_holding_registers(40000, 4, slave=1).registers)
print("write", client.write_registers(148, [3, 900], slave=1).isError())
print("read back", client.read_holding_registers(148, 2, slave=1).registers)
print("refused", client.write_registers(148, [7, 900], slave=1).exception_code)
print("hole", client.read_holding_registers(112, 1, slave=1).exception_code)
print("absent unit", client.read_holding_registers(0, 1, slave=9).exception_code)
print("device", client.execute(ReadDeviceInformationRequest(read_code=1, object_id=0, slave=1)).information)
print("id", client.execute(ReportSlaveIdRequest(slave=1)).identifier)
`;

test(
  "pymodbus reads floats, SunSpec, identification and exceptions, and writes",
  { skip: without("python3") },
  async (t) => {
    const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
    if ((await runProgram(python, ["-c", "import pymodbus"])).status !== 0) {
      t.skip("python3-pymodbus is not installed");
      return;
    }
    const { site } = await running(t);
    const { out, status } = await runProgram(python, ["-c", pymodbusScript, String(site.port)]);
    assert.equal(status, 0, out);
    assert.match(out, /floats \[60\.0, -?0\.0, 60\.0, 1\.0, 433\.013, 250\.0, 80\.0, 60\.0, (nan|60\.0)\]/);
    assert.match(out, /sunspec \[21365, 28243, 1, 65\]/);
    assert.match(out, /write False\nread back \[3, 900\]\nrefused 3\nhole 2\nabsent unit 11/);
    assert.match(out, /device \{0: b'Leviton', 1: b'S4100', 2: b'V1\.019'\}/);
    assert.match(out, /id b'\\xf7\\xffLeviton S4100 Power Meter Full Data Set/);
  },
);

test("tshark finds nothing malformed in a conversation", { skip: without("tshark", "mbpoll") }, async (t) => {
  const { site, folder } = await running(t);
  const file = path.join(folder, "modbus.pcap");
  const capture = spawn(programPath("tshark")!, [
    "-i",
    "lo",
    "-f",
    `tcp port ${site.port}`,
    "-w",
    file,
    "-a",
    "duration:30",
  ]);
  t.after(() => capture.kill("SIGKILL"));
  let said = "";
  capture.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; tries < 100 && !said.includes("Capturing on"); tries++)
    await new Promise((done) => setTimeout(done, 100));
  if (!said.includes("Capturing on")) {
    t.skip(`tshark may not capture here: ${said}`);
    return;
  }
  await new Promise((done) => setTimeout(done, 1000));
  const poll = (...args: string[]) =>
    runProgram("mbpoll", ["-m", "tcp", "-p", String(site.port), "-a", "1", "-1", ...args]);
  await poll("-r", "1", "-c", "112", "-t", "4", "127.0.0.1");
  await poll("-r", "257", "-c", "60", "-t", "4:float", "127.0.0.1");
  await poll("-r", "113", "-c", "1", "-t", "4", "127.0.0.1");
  await poll("-r", "142", "-t", "4", "127.0.0.1", "15");
  await new Promise((done) => setTimeout(done, 1500));
  capture.kill("SIGINT");
  await new Promise((done) => capture.once("close", done));
  const decode = ["-r", file, "-d", `tcp.port==${site.port},mbtcp`];
  const all = await runProgram("tshark", [
    ...decode,
    "-Y",
    "mbtcp",
    "-T",
    "fields",
    "-e",
    "modbus.func_code",
    "-e",
    "modbus.exception_code",
  ]);
  const rows = all.out.split("\n").filter((line) => /^\d+/.test(line));
  assert.ok(rows.length >= 8, `${rows.length} Modbus packets: ${all.out}`);
  assert.ok(
    rows.some((row) => row.startsWith("3\t2")),
    "the exception is seen as one",
  );
  const bad = await runProgram("tshark", [...decode, "-Y", "_ws.malformed"]);
  assert.doesNotMatch(bad.out, /Modbus/, "malformed packets");
});

test("mbpoll reads the meter over a serial line", { skip: without("mbpoll", "socat") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [ours, theirs] = ["a", "b"].map((name) => path.join(folder, name)) as [string, string];
  const line = spawn(programPath("socat")!, [`pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`]);
  t.after(() => line.kill());
  for (let tries = 0; tries < 100 && !existsSync(theirs); tries++) await new Promise((done) => setTimeout(done, 50));
  const site = await startSite(
    folder,
    siteOf({ listen: `{ modbus: tcp, port: 0 }, { modbus: rtu, device: ${ours}, unit: 5 }` }),
  );
  t.after(() => site.end());
  await new Promise((done) => setTimeout(done, 1600));
  const poll = (...args: string[]) => runProgram("mbpoll", ["-m", "rtu", "-b", "19200", "-P", "none", "-1", ...args]);
  const { out } = await poll("-a", "5", "-r", "277", "-c", "9", "-t", "4:float", "-B", theirs);
  assert.equal(Number(polled(out).get(277)), 60, out);
  const whole = await poll("-a", "5", "-r", "1", "-c", "112", "-t", "4", theirs);
  assert.equal(polled(whole.out).size, 112, whole.out);
  assert.match(
    (await poll("-a", "6", "-r", "1", "-c", "1", "-t", "4", "-o", "0.5", theirs)).out,
    /timed out/i,
    "another unit is silent",
  );
});
