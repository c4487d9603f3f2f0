/** pymodbus, minimalmodbus, tmodbus and modbus_tk from the Python index: as masters of a running site, and as the meters that are read. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { findValue } from "#headend/find-value.ts";
import { openLine, parseModbusUrl } from "#headend/modbus-url.ts";
import { scanPlace } from "#headend/scan.ts";
import { freePort, siteOf, startSite, temporaryFolder } from "../running-site.ts";
import { peersPython, runProgram, serialLine, without, withoutPeers } from "./programs.ts";

/** A 4100 with 250 V and 60 Hz over TCP, RTU over TCP, and on a line where one is named: the ports of the first two. */
async function running(t: TestContext, device?: string): Promise<{ readonly tcp: string; readonly rtu: string }> {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const line = device === undefined ? "" : `, { modbus: rtu, device: ${device}, baud: 19200, unit: 5 }`;
  const listen = `{ modbus: tcp, port: 0, unit: 1 }, { modbus: rtu-over-tcp, port: 0, unit: 1 }${line}`;
  const site = await startSite(folder, siteOf({ listen }));
  t.after(() => site.end());
  const rtu = /modbus rtu-over-tcp \S+?:(\d+)/.exec(site.output())?.[1] ?? "";
  await new Promise((done) => setTimeout(done, 1600));
  return { tcp: String(site.port), rtu };
}

/** What a script prints as JSON, line by line. */
async function said(script: string, ...args: readonly string[]): Promise<unknown[]> {
  const { out, status } = await runProgram(peersPython, ["-c", script, ...args], 60_000);
  assert.equal(status, 0, out);
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

// The 4100's floats at 277 (kW x 3, Hz and so on): line to line volts are printed 285; setting 142 is a word.
const pymodbusMaster = `
import json, sys
from pymodbus import FramerType
from pymodbus.client import ModbusTcpClient
for port, framer in ((sys.argv[1], FramerType.SOCKET), (sys.argv[2], FramerType.RTU)):
    client = ModbusTcpClient("127.0.0.1", port=int(port), framer=framer, retries=0)
    assert client.connect()
    words = client.read_holding_registers(284, count=4, device_id=1).registers
    volts = client.convert_from_registers(words, client.DATATYPE.FLOAT32)
    long = client.read_input_registers(0, count=112, device_id=1)
    written = client.write_registers(148, [3, 900], device_id=1)
    back = client.read_holding_registers(148, count=2, device_id=1).registers
    hole = client.read_holding_registers(112, count=1, device_id=1).exception_code
    refused = client.write_register(141, 100, device_id=1).exception_code
    told = client.read_device_information(read_code=1, device_id=1).information
    print(json.dumps([round(v, 2) for v in volts] + [len(long.registers), written.isError(), back, hole, refused, told[1].decode()]))
    client.close()
`;

test(
  "pymodbus 3.16 reads, writes, is refused and identifies, over TCP and RTU over TCP",
  { skip: withoutPeers("pymodbus") },
  async (t) => {
    const { tcp, rtu } = await running(t);
    const expected = [433.01, 250, 112, false, [3, 900], 2, 3, "S4100"];
    assert.deepEqual(await said(pymodbusMaster, tcp, rtu), [expected, expected]);
  },
);

const tmodbusMaster = `
import asyncio, json, sys
from tmodbus import create_async_tcp_client, create_async_rtu_over_tcp_client
from tmodbus.exceptions import ModbusResponseError
async def main():
    for make, port in ((create_async_tcp_client, sys.argv[1]), (create_async_rtu_over_tcp_client, sys.argv[2])):
        client = make("127.0.0.1", int(port), unit_id=1, timeout=5)
        await client.connect()
        volts = await client.read_float(286)
        await client.write_multiple_registers(148, [3, 900])
        back = await client.read_holding_registers(148, 2)
        try:
            await client.read_holding_registers(112, 1)
            refused = None
        except ModbusResponseError as error:
            refused = error.error_code
        identity = await client.read_device_identification(1, 0)
        print(json.dumps([volts, back, refused, identity[1].decode()]))
        await client.disconnect()
asyncio.run(main())
`;

test(
  "tmodbus reads, writes, is refused and identifies, over TCP and RTU over TCP",
  { skip: withoutPeers("tmodbus") },
  async (t) => {
    const { tcp, rtu } = await running(t);
    for (const answers of await said(tmodbusMaster, tcp, rtu)) {
      const [volts, back, refused, identity] = answers as [number, number[], number, string];
      assert.deepEqual([volts, back, refused], [250, [3, 900], 2]);
      assert.match(identity, /S4100/);
    }
  },
);

const serialMasters = `
import json, sys
import minimalmodbus, serial
import modbus_tk.modbus_rtu, modbus_tk.modbus_tcp
from modbus_tk.defines import READ_HOLDING_REGISTERS, WRITE_MULTIPLE_REGISTERS
from modbus_tk.exceptions import ModbusError
device, tcp = sys.argv[1:]
one = minimalmodbus.Instrument(device, 5)
one.serial.baudrate = 19200
one.serial.timeout = 3
volts = one.read_float(286)
one.write_register(141, 15, functioncode=6)
back = one.read_register(141)
one.write_registers(148, [3, 900])
try:
    one.read_register(112)
    refused = None
except minimalmodbus.IllegalRequestError as error:
    refused = str(error)
print(json.dumps([volts, back, one.read_registers(148, 2), len(one.read_registers(0, 112)), refused]))
one.serial.close()
for master, unit in ((modbus_tk.modbus_rtu.RtuMaster(serial.Serial(device, 19200)), 5), (modbus_tk.modbus_tcp.TcpMaster("127.0.0.1", int(tcp)), 1)):
    master.set_timeout(3)
    volts = master.execute(unit, READ_HOLDING_REGISTERS, 286, 2, data_format=">f")
    master.execute(unit, WRITE_MULTIPLE_REGISTERS, 148, output_value=[4, 800])
    back = master.execute(unit, READ_HOLDING_REGISTERS, 148, 2)
    try:
        master.execute(unit, READ_HOLDING_REGISTERS, 112, 1)
        refused = None
    except ModbusError as error:
        refused = error.get_exception_code()
    print(json.dumps([volts, back, refused]))
    master.close()
`;

test(
  "minimalmodbus and modbus_tk read, write and are refused on a serial line; modbus_tk over TCP, too",
  { skip: without("socat") || withoutPeers("minimalmodbus", "modbus_tk", "serial") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [near, far] = await serialLine(t, folder);
    const { tcp } = await running(t, near);
    const [minimal, rtu, overTcp] = (await said(serialMasters, far, tcp)) as [unknown[], unknown[], unknown[]];
    assert.deepEqual(minimal.slice(0, 4), [250, 15, [3, 900], 112]);
    assert.match(String(minimal[4]), /illegal data address/i);
    assert.deepEqual(rtu, [[250], [4, 800], 2]);
    assert.deepEqual(overTcp, [[250], [4, 800], 2]);
  },
);

/** Registers 0 to 199 of function 03 hold 5 times their address; register 80 is 400. It prints a line when it is there. */
const servers = {
  "pymodbus over TCP": `
import asyncio, sys
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice
async def main():
    data = SimData(0, values=[5 * k for k in range(200)], datatype=DataType.REGISTERS)
    server = ModbusTcpServer(SimDevice(3, [data]), address=("127.0.0.1", int(sys.argv[1])))
    await server.serve_forever(background=True)
    print("there", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
`,
  "pymodbus on a line": `
import asyncio, sys
from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice
async def main():
    data = SimData(0, values=[5 * k for k in range(200)], datatype=DataType.REGISTERS)
    server = ModbusSerialServer(SimDevice(3, [data]), framer=FramerType.RTU, port=sys.argv[1], baudrate=19200)
    await server.serve_forever(background=True)
    print("there", flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
`,
  "modbus_tk over TCP": `
import socket, sys, time
import modbus_tk.modbus_tcp
from modbus_tk.defines import HOLDING_REGISTERS
server = modbus_tk.modbus_tcp.TcpServer(int(sys.argv[1]), "127.0.0.1")
server.start()
slave = server.add_slave(3)
slave.add_block("all", HOLDING_REGISTERS, 0, 200)
slave.set_values("all", 0, [5 * k for k in range(200)])
while True:
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1]))).close()
        break
    except OSError:
        time.sleep(0.05)
print("there", flush=True)
time.sleep(60)
`,
  "modbus_tk on a line": `
import sys, time
import modbus_tk.modbus_rtu, serial
from modbus_tk.defines import HOLDING_REGISTERS
server = modbus_tk.modbus_rtu.RtuServer(serial.Serial(sys.argv[1], 19200))
server.start()
slave = server.add_slave(3)
slave.add_block("all", HOLDING_REGISTERS, 0, 200)
slave.set_values("all", 0, [5 * k for k in range(200)])
print("there", flush=True)
time.sleep(60)
`,
} as const;

for (const [what, script] of Object.entries(servers)) {
  const onLine = what.endsWith("line");
  const skip = (onLine && without("socat")) || withoutPeers("pymodbus", "modbus_tk");
  test(`${what} is found by a scan, read and searched, and its refusal is a value`, { skip }, async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [near, far] = onLine ? await serialLine(t, folder) : ["", ""];
    const port = onLine ? "" : String(await freePort());
    const child = spawn(peersPython, ["-c", script, onLine ? near : port], { stdio: ["ignore", "pipe", "pipe"] });
    t.after(() => child.kill());
    let trouble = "";
    child.stderr.on("data", (chunk: Buffer) => (trouble += chunk.toString()));
    const there = await Promise.race([once(child.stdout, "data"), once(child, "close")]);
    assert.match(String(there[0]), /there/, trouble);
    const url = parseModbusUrl(onLine ? `modbus+rtu://${far}?baud=19200&unit=3` : `modbus://127.0.0.1:${port}/3`);
    // pymodbus answers for every unit, if only that it has failed (04).
    const units = what.startsWith("pymodbus") ? [3] : [2, 3];
    const { found } = await scanPlace(url, units, 1000);
    assert.deepEqual(
      found.map(({ unit }) => unit),
      [3],
    );
    const line = await openLine(url, { timeoutMs: 3000 });
    t.after(() => line.close());
    const read = await line.request(3, { kind: "read", fn: 3, first: 10, count: 100 });
    assert.deepEqual(read, {
      kind: "registers",
      fn: 3,
      values: Uint16Array.from({ length: 100 }, (_, k) => 5 * (10 + k)),
    });
    const written = await line.request(3, { kind: "write", fn: 0x06, first: 7, values: Uint16Array.of(1234) });
    assert.deepEqual(written, { kind: "written", fn: 0x06, first: 7, echo: 1234 });
    const hole = await line.request(3, { kind: "read", fn: 3, first: 300, count: 2 });
    assert.deepEqual(hole, { kind: "exception", fn: 3, exception: 2 });
    const places = await findValue(line, 3, { wanted: 400, from: 0, to: 199, tolerance: 1e-9 });
    assert.ok(places.some(({ table, address, kind }) => table === "holding" && address === 80 && kind === "16-bit"));
  });
}
