/** A plain device with every function and fault, seen by pymodbus: the far side of the C library's unit-test client. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { startSite, temporaryFolder } from "../running-site.ts";
import { runProgram, without } from "./programs.ts";

const script = `
import sys, time
from pymodbus.client import ModbusTcpClient
from pymodbus.register_read_message import ReadWriteMultipleRegistersRequest
from pymodbus.register_write_message import MaskWriteRegisterRequest
from pymodbus.diag_message import ReturnQueryDataRequest, ReturnBusMessageCountRequest
from pymodbus.other_message import ReadExceptionStatusRequest, GetCommEventCounterRequest, GetCommEventLogRequest, ReportSlaveIdRequest
c = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]), timeout=2, retries=0)
assert c.connect()
def ask(request):
    request.unit_id = 18
    return c.execute(request)
print("discrete", c.read_discrete_inputs(0x1C4, 22, slave=17).bits[:22])
c.write_coils(0x130, [True, False, True, True, False, False, True, True, True, False], slave=17)
print("coils", c.read_coils(0x130, 10, slave=17).bits[:10])
c.write_coil(0x131, True, slave=17)
print("coil", c.read_coils(0x131, 1, slave=17).bits[0])
c.write_registers(0x160, [0x22B, 1, 0x64], slave=18)
print("registers", c.read_holding_registers(0x160, 3, slave=18).registers)
print("input", c.read_input_registers(0x108, 1, slave=18).registers)
c.write_register(0x160, 0x12, slave=18)
ask(MaskWriteRegisterRequest(0x160, 0xF2, 0x25))
print("mask", hex(c.read_holding_registers(0x160, 1, slave=18).registers[0]))
r = ask(ReadWriteMultipleRegistersRequest(read_address=0x160, read_count=3, write_address=0x161, write_registers=[7, 8]))
print("both", [hex(x) for x in r.registers])
print("server", ask(ReportSlaveIdRequest()).identifier)
print("status", ask(ReadExceptionStatusRequest()).status)
print("query", ask(ReturnQueryDataRequest(0xA537)).message)
print("events", ask(GetCommEventCounterRequest()).count > 5, len(ask(GetCommEventLogRequest()).events) > 10)
print("beyond", c.read_holding_registers(0x180, 1, slave=18).exception_code, c.read_coils(0x155, 1, slave=18).exception_code)
print("busy", c.read_holding_registers(0x170, 1, slave=18).exception_code)
print("value", c.write_register(0x170, 1, slave=18).exception_code, c.write_coil(0x132, True, slave=18).exception_code)
print("short", len(c.read_holding_registers(0x160, 2, slave=18).registers))
t = time.time()
print("late", c.read_holding_registers(0x172, 1, slave=18).registers, 0.45 < time.time() - t < 1.5)
t = time.time()
print("scattered", c.read_holding_registers(0x173, 1, slave=18).registers, time.time() - t > 0.04)
`;

test(
  "pymodbus uses every function of a plain device, and meets the faults that are asked for",
  { skip: without("python3") },
  async (t) => {
    const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
    if ((await runProgram(python, ["-c", "import pymodbus.client"])).status !== 0) {
      t.skip("python3-pymodbus is not installed");
      return;
    }
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const yaml = readFileSync(new URL("libmodbus-unit-test.yaml", import.meta.url), "utf8");
    const site = await startSite(folder, yaml.replace("port: 1502", "port: 0"));
    t.after(() => site.end());
    const { out, status } = await runProgram(python, ["-c", script, String(site.port)]);
    assert.equal(status, 0, out);
    // AC DB 35, lowest bits first.
    const discrete = [0xac, 0xdb, 0x35]
      .flatMap((byte) => Array.from({ length: 8 }, (_, k) => ((byte >> k) & 1) === 1))
      .slice(0, 22);
    const names = discrete.map((bit) => (bit ? "True" : "False")).join(", ");
    for (const line of [
      `discrete [${names}]`,
      "coils [True, False, True, True, False, False, True, True, True, False]",
      "coil True",
      "registers [555, 1, 100]",
      "input [10]",
      "mask 0x17",
      "both ['0x17', '0x7', '0x8']",
      "server b'\\xb4\\xffLMB3.1.6'",
      "status 0",
      "events True True",
      "beyond 2 2",
      "busy 6",
      "value 3 3",
      "short 1",
      "late [0] True",
      "scattered [0] True",
    ]) {
      assert.ok(out.includes(line), `${line}\nis not in\n${out}`);
    }
  },
);
