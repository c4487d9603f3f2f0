/**
 * A JEMStar II of a site, whose clocks go back while it runs, read over IEC 60870-5-102: by iec870ree on a serial line, and by `polyphase` over TCP.
 * Its energy is arithmetic on its source.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { main } from "../cli-run.ts";
import { freePort, startSite, temporaryFolder } from "../running-site.ts";
import { runProgram, serialLine, without } from "./programs.ts";

const [python = "", folder = "", script = ""] = [
  "../../.venv/bin/python",
  "../../.venv/iec870ree",
  "iec102-reader.py",
].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const skip =
  existsSync(python) && existsSync(folder) ? without("socat") : "there is no .venv/iec870ree (scada-iec102.txt)";

const KEY = "305419896";
const ADDRESS = 7000;

/** 2e5 times three phases at the terminals, kWh in an hour: 93,677.32. */
const HOUR = 200 * (57.6 * 3.1 * 0.93 + 57.9 * 2.7 * 0.91 + 58.1 * 2.9 * 0.95);

const configuration = `
primary: { pt: 1000, ct: 200, nominalVoltage: 57.7, nominalCurrent: 5 }
users: [{ name: admin, privileges: [setTime, configureProtocols, configureUsers, configureCommunications] }]
timekeeping:
  utcOffsetMinutes: 60
  daylightSaving: { start: { month: 3, week: 5, weekday: 0, hour: 2 }, end: { month: 10, week: 5, weekday: 0, hour: 3 } }
communications:
  ethernet1: { iec102: { address: ${ADDRESS} } }
  port3: { protocol: iec102, parity: none, baud: 9600, address: ${ADDRESS} }
iec102: { companion: ree, manufacturer: 33, measuringPoint: 4 }
profiles:
  - minutes: 60
    data: engineering
    channels: [{ measure: { quantity: Wh } }, { measure: { quantity: Wh, direction: received } }]
  - minutes: 15
    data: engineering
    channels: [{ measure: { quantity: Wh } }]
`;

function polyphase(words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("close", (status) =>
      status === 0 ? resolve(out) : reject(new Error(`${words.join(" ")}: ${out}${err}`)),
    );
  });
}

interface Total {
  readonly address: number;
  readonly total: number;
  readonly quality: number;
  readonly datetime: string;
}

test(
  "a meter whose clocks go back is read over a serial line by iec870ree, and over TCP by polyphase",
  { skip },
  async (t) => {
    const { folder: place, remove } = temporaryFolder();
    t.after(remove);
    const [near, far] = await serialLine(t, place);
    const [web, tcp] = [await freePort(), await freePort()];
    writeFileSync(path.join(place, "meter.yaml"), configuration);
    const running = await startSite(
      place,
      `
web: { port: ${web} }
clock: { start: 2026-10-24T21:00:00Z, speed: 3600 }
meters:
  - name: substation
    model: ametek-jemstar-ii
    configuration: meter.yaml
    auxiliary: true
    listen:
      - { iec102: tcp, port: ${tcp} }
      - { iec102: serial, device: ${far}, parity: none }
    source:
      synthetic: { hz: 50, volts: [57.6, 57.9, 58.1], amps: [3.1, 2.7, 2.9], pf: [0.93, 0.91, 0.95], steps: true }
`,
    );
    t.after(() => running.end());
    const secret = ["config", "secret", "iec102.password", `http://127.0.0.1:${web}/#substation`, "--user", "admin"];
    await polyphase(secret, { POLYPHASE_SECRET: KEY, POLYPHASE_PASSWORD: "admin" });
    const url = `iec102://127.0.0.1:${tcp}/${ADDRESS}?point=4&objects=1-2`;
    const range = ["--from", "2026-10-25T00:59", "--to", "2026-10-25T04:00"];
    const profile = (...more: readonly string[]): Promise<string> =>
      polyphase(["profile", url, ...range, "--csv", ...more], { POLYPHASE_PASSWORD: KEY });
    const rowsOf = (csv: string): readonly (readonly string[])[] =>
      csv
        .trim()
        .split("\r\n")
        .slice(1)
        .map((line) => line.split(","));
    let hours = rowsOf(await profile());
    for (let k = 0; k < 60 && hours.length < 5; k++) hours = rowsOf(await profile());
    assert.deepEqual(
      hours.map(([time, summer]) => [time, summer]),
      [
        ["2026-10-25T01:00", "1"],
        ["2026-10-25T02:00", "1"],
        ["2026-10-25T02:00", "0"],
        ["2026-10-25T03:00", "0"],
        ["2026-10-25T04:00", "0"],
      ],
    );
    // What is less than a kilowatt-hour goes over to the next hour.
    for (const [, , energy] of hours) assert.ok(Math.abs(Number(energy) - HOUR) <= 1, String(energy));
    const absolute = rowsOf(await profile("--profile", "11/absolute"));
    for (let k = 1; k < 5; k++)
      assert.equal(Number(absolute[k]?.[2]) - Number(absolute[k - 1]?.[2]), Number(hours[k]?.[2]));

    const words = [script, folder, "serial", near, ADDRESS, 4, KEY, "2026-10-25T01:00", "2026-10-25T04:00"].map(String);
    const { status, out } = await runProgram(python, words, 120_000);
    assert.equal(status, 0, out);
    const found = Object.fromEntries(
      out
        .trim()
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as { what: string; is: unknown })
        .map(({ what, is }) => [what, is]),
    );
    assert.deepEqual(
      [found["wrong key"], found["key"]],
      [
        [7, 1],
        [7, 0],
      ],
    );
    const totals = (name: string): readonly Total[] =>
      (found[name] as readonly Total[][]).flatMap((one) => one.filter(({ address }) => address === 1));
    assert.deepEqual(
      totals("hours").map(({ total, datetime }) => [datetime, total]),
      hours.map(([time, summer, energy]) => [`${time}:00${summer === "1" ? "+02:00" : "+01:00"}`, Number(energy)]),
    );
    assert.deepEqual(
      totals("absolute hours").map(({ total }) => total),
      absolute.map(([, , energy]) => Number(energy)),
    );
    // From 01:00 summer time to 04:00: four hours of quarters, and the first end.
    const quarters = totals("quarters");
    assert.equal(quarters.length, 17);
    for (const { total } of quarters) assert.ok(Math.abs(total - HOUR / 4) <= 1, String(total));
    const moment = found["moment"] as Readonly<Record<string, readonly Record<string, unknown>[]>>;
    const [all] = moment["PotenciaInstantanea"] ?? [];
    assert.ok(Math.abs(Number(all?.["potencia_activa"]) - HOUR) <= 1);
    const [phase] = moment["IVInstantaneos"] ?? [];
    assert.deepEqual([phase?.["I"], phase?.["V"], phase?.["valid"]], [620, 57_600, true]);
    assert.equal(found["end"], true);
  },
);
