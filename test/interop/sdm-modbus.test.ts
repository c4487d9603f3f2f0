/**
 * The client sdm_modbus of the Python index reads every value that it knows of three faces. It needs an older pymodbus than the
 * other programs: it lies in a folder of its own, which sdm-modbus.txt says how to fill.
 */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startSite, temporaryFolder } from "../running-site.ts";
import { runProgram } from "./programs.ts";

const [python = "", client = ""] = ["bin/python", "sdm-modbus"].map((name) =>
  fileURLToPath(new URL(`../../.venv/${name}`, import.meta.url)),
);
const skip = existsSync(python) && existsSync(client) ? false : "there is no .venv/sdm-modbus (sdm-modbus.txt)";

const script = `
import json, sys
sys.path.insert(0, sys.argv.pop(1))
import sdm_modbus
from sdm_modbus.meter import registerType
found = {}
for name, port in zip(sys.argv[1::2], sys.argv[2::2]):
    meter = getattr(sdm_modbus, name)(host="127.0.0.1", port=int(port), unit=1)
    assert meter.connected(), name
    values = {}
    for key, register in meter.registers.items():
        try:
            values[key] = meter.read(key)
        except AttributeError:
            # What is refused is nothing that could be decoded.
            values[key] = None
    found[name] = {"values": values, "all": len(meter.read_all(registerType.INPUT))}
    meter.disconnect()
print(json.dumps(found))
`;

type Found = Readonly<
  Record<string, { readonly values: Readonly<Record<string, number | null>>; readonly all: number }>
>;

/** Registers that the client asks for of other versions of the products: they are refused. */
const refused: Readonly<Record<string, readonly string[]>> = {
  SDM630: ["p1_divisor"],
  SDM120: ["display_scroll_timing", "p1_divisor", "measurement_mode", "indicator_mode", "software_version"],
  SDM72V2: ["reset_history"],
};

test("sdm_modbus reads an SDM630, an SDM120 and an SDM72D to the last register", { skip }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const synthetic = (volts: string, amps: string): string =>
    `{ synthetic: { hz: 50, volts: ${volts}, amps: ${amps}, pf: 0.8, steps: true } }`;
  const meter = (name: string, model: string, source: string): string =>
    `  - { name: ${name}, model: ${model}, serial: "12345678", source: ${source}, listen: [{ modbus: tcp, port: 0 }] }\n`;
  const three = synthetic("[230, 231, 229]", "[5, 4, 3]");
  const site = await startSite(
    folder,
    `store: ":memory:"\nmeters:\n${meter("a", "eastron-sdm630", three)}${meter("b", "eastron-sdm120", synthetic("[230]", "[5]"))}${meter("c", "eastron-sdm72d", three)}`,
  );
  t.after(() => site.end());
  const ports = [...site.output().matchAll(/listener +modbus \S+ \S+?:(\d+)/g)].map(([, port]) => port ?? "");
  const names = ["SDM630", "SDM120", "SDM72V2"];
  const file = path.join(folder, "read.py");
  writeFileSync(file, script);
  // The first second is over when it has been measured.
  await new Promise((done) => setTimeout(done, 1600));
  const { status, out } = await runProgram(python, [
    file,
    client,
    ...names.flatMap((name, k) => [name, ports[k] ?? ""]),
  ]);
  assert.equal(status, 0, out);
  const found = JSON.parse(out) as Found;
  for (const name of names) {
    const missing = Object.entries(found[name]?.values ?? {}).filter(([, value]) => value === null);
    assert.deepEqual(missing.map(([key]) => key).toSorted(), [...(refused[name] ?? [])].toSorted(), name);
  }
  const near = (name: string, key: string, wanted: number): void => {
    const value = found[name]?.values[key] ?? NaN;
    assert.ok(
      Math.abs(value - wanted) <= 1e-4 * Math.max(1, Math.abs(wanted)),
      `${name} ${key}: ${value}, not ${wanted}`,
    );
  };
  near("SDM630", "l2_voltage", 231);
  near("SDM630", "l3_current", 3);
  near("SDM630", "total_power_active", 0.8 * (1150 + 924 + 687));
  near("SDM630", "l1_power_factor", 0.8);
  near("SDM630", "system_type", 3);
  near("SDM630", "serial_number", 12_345_678);
  near("SDM120", "voltage", 230);
  near("SDM120", "power_active", 920);
  near("SDM120", "meter_id", 1);
  near("SDM72V2", "import_total_power_active", 0.8 * (1150 + 924 + 687));
  near("SDM72V2", "export_total_power_active", 0);
  near("SDM72V2", "system_type", 3);
});
