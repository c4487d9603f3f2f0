/** kill -9 on a fast clock: whatever a peer has been told, a value or a yes, is found again. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";
import { Random } from "#waveform/random.ts";
import { startSite, temporaryFolder } from "./running-site.ts";
import { share } from "./share.ts";

const KILLS = share(3, 4, 60);

/** 18 MW on each phase of the 4100, 5 kW on each of the JEMStar; an hour a second and more. */
const siteAt = (speed: number | "max"): string => `
web: { port: 0 }
clock: { start: 2026-01-01T00:00:00Z, speed: ${speed} }
meters:
  - name: fixed
    model: leviton-s4100
    source: { synthetic: { hz: 60, volts: 250, amps: 72000, steps: true } }
    settings: { ctPrimary: 32000, systemVoltage: 480 }
    listen: [{ modbus: tcp, port: 0 }]
  - name: jem
    model: ametek-jemstar-ii
    modelNumber: JSII-09I6020-1B/2A-DIO-DLP-NTP
    configuration: jem.yaml
    auxiliary: true
    source: { synthetic: { volts: 120, amps: 42, steps: true } }
    listen: []
`;

interface Told {
  energy: number;
  watthours: number;
  freezes: number;
  /** Watt-hours at the last of them. */
  frozen: number;
  records: number;
  last: string;
}

for (const speed of [3600, "max"] as const) {
  test(
    `a site at speed ${speed} takes nothing back that it told, killed ${KILLS} times`,
    { timeout: 900_000 },
    async (t) => {
      const { folder, remove } = temporaryFolder();
      t.after(remove);
      writeFileSync(
        path.join(folder, "jem.yaml"),
        `registers: { normal: [{ id: 1, label: kWh, type: consumption, units: kilo, digits: 9, decimals: 0, measure: { quantity: Wh } }] }
profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh } }] }]
`,
      );
      const random = new Random(speed === "max" ? 7 : 8);
      let told: Told = { energy: 0, watthours: 0, freezes: 0, frozen: 0, records: 0, last: "" };
      for (let kill = 0; kill < KILLS; kill++) {
        const running = await startSite(folder, siteAt(speed));
        t.after(() => running.end("SIGKILL"));
        const client = new ModbusClient(await connectTcp("127.0.0.1", running.port), new SystemClock(), {
          framing: "tcp",
          timeoutMs: 10_000,
        });
        const api = `${running.page}api/meters/jem`;
        const get = async <T>(where: string): Promise<T> => (await (await fetch(api + where)).json()) as T;
        const post = (where: string, body: unknown, token?: string): Promise<Response> =>
          fetch(api + where, {
            method: "POST",
            body: JSON.stringify(body),
            headers: {
              "Content-Type": "application/json",
              ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
            },
          });
        const look = async (): Promise<Told> => {
          const response = await client.request(1, { kind: "read", fn: 3, first: 258, count: 2 });
          if (response.kind !== "registers") throw new Error(JSON.stringify(response));
          const view = new DataView(new ArrayBuffer(4));
          response.values.forEach((word, k) => view.setUint16(2 * k, word));
          const { registers } = await get<{ registers: { text: string }[] }>("/registers/normal");
          const { entries } = await get<{ entries: unknown[] }>("/logs/freeze");
          const frozen = await get<{ registers: { text: string }[] }>("/registers/frozen");
          // Behind the newest there is none yet, whatever its number; its own number is one less.
          const { next } = await get<{ next: number }>(`/profiles/1?since=${Number.MAX_SAFE_INTEGER}`);
          const newest = `/profiles/1?since=${Math.max(0, next - 1)}&most=1`;
          const profile = await get<{ next: number; records: { sequence: number }[] }>(newest);
          return {
            energy: view.getFloat32(0),
            watthours: Number(registers[0]?.text),
            freezes: entries.length,
            frozen: Number(frozen.registers[0]?.text ?? 0),
            records: profile.next,
            last: JSON.stringify(profile.records.at(-1)),
          };
        };
        const found = await look();
        for (const key of ["energy", "watthours", "freezes", "frozen", "records"] as const)
          assert.ok(found[key] >= told[key], `kill ${kill}: ${key} was told as ${told[key]}, is ${found[key]}`);
        if (told.records > 0 && told.last !== undefined) {
          const { records } = await get<{ records: unknown[] }>(`/profiles/1?since=${told.records - 1}&most=1`);
          assert.equal(JSON.stringify(records[0]), told.last, `kill ${kill}: a record that was read stays`);
        }
        const { token } = (await (await post("/session", { user: "admin", password: "admin" })).json()) as {
          token: string;
        };
        const until = performance.now() + 300 * random.next();
        do told = await look();
        while (performance.now() < until);
        if (random.next() < 0.5) {
          assert.equal((await post("/commands", { command: "freeze" }, token)).status, 200);
          told.freezes++;
        }
        await running.end("SIGKILL");
        client.close();
      }
    },
  );
}
