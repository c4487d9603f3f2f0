/** A real process on a real disk that fills up: a tmpfs, which only root can mount. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { connectTcp } from "#io/tcp.ts";
import { ModbusClient } from "#protocol/modbus/client.ts";
import type { Response as Answer } from "#protocol/modbus/pdu.ts";
import { startSite, temporaryFolder, type RunningSite } from "./running-site.ts";

const site = `
web: { port: 0 }
store: ./small
meters:
  - name: fixed
    model: leviton-s4100
    source: { synthetic: { hz: 60, volts: 277, amps: 80, steps: true } }
    settings: { systemType: 40, ctPrimary: 100, systemVoltage: 480 }
    listen: [{ modbus: tcp, port: 0 }]
  - name: jem
    model: ametek-jemstar-ii
    auxiliary: true
    source: { synthetic: { volts: 120, amps: 3, steps: true } }
    listen: []
`;

const skip =
  process.platform !== "linux" || process.getuid?.() !== 0 ? "only root can mount a small disk" : (false as const);

interface Small {
  readonly folder: string;
  fill(): void;
  empty(): void;
}

/** A folder with a disk of three megabytes in it. */
function smallDisk(t: TestContext): Small {
  const { folder, remove } = temporaryFolder();
  const small = path.join(folder, "small");
  mkdirSync(small);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", small]);
  t.after(() => {
    spawnSync("umount", ["-l", small]);
    remove();
  });
  return {
    folder,
    fill: () => void spawnSync("dd", ["if=/dev/zero", `of=${path.join(small, "fill")}`, "bs=1k"]),
    empty: () => rmSync(path.join(small, "fill")),
  };
}

interface Asked {
  /** Writes the setting "voltage imbalance" of the 4100 (register 143). */
  write(value: number): Promise<Answer>;
  freeze(): Promise<number>;
  health(): Promise<number>;
  freezes(): Promise<number>;
  imbalance(): Promise<number>;
  end(): void;
}

async function asking({ port, page }: RunningSite): Promise<Asked> {
  const client = new ModbusClient(await connectTcp("127.0.0.1", port), new SystemClock(), {
    framing: "tcp",
    timeoutMs: 5000,
  });
  const api = `${page}api/meters/jem`;
  const post = (where: string, body: unknown, token = ""): Promise<Response> =>
    fetch(api + where, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    });
  const { token } = (await (await post("/session", { user: "admin", password: "admin" })).json()) as { token: string };
  return {
    write: (value) => client.request(1, { kind: "write", fn: 6, first: 142, values: Uint16Array.of(value) }),
    freeze: async () => (await post("/commands", { command: "freeze" }, token)).status,
    health: async () => (await fetch(`${page}health`)).status,
    async freezes() {
      const { entries } = (await (await fetch(`${api}/logs/freeze`)).json()) as { entries: unknown[] };
      return entries.length;
    },
    async imbalance() {
      const answer = await client.request(1, { kind: "read", fn: 3, first: 142, count: 1 });
      return answer.kind === "registers" ? (answer.values[0] ?? NaN) : NaN;
    },
    end: () => client.close(),
  };
}

for (const stopped of [false, true]) {
  const then = stopped ? "stopped while it is full: it ends with 1 and says so" : "with room again: all of it is kept";
  test(`a disk that fills up is said once, and nothing is acknowledged meanwhile; ${then}`, { skip }, async (t) => {
    const disk = smallDisk(t);
    const running = await startSite(disk.folder, site);
    t.after(() => running.end("SIGKILL"));
    const asked = await asking(running);
    t.after(() => asked.end());
    assert.equal((await asked.write(33)).kind, "written");
    assert.equal(await asked.freeze(), 200);
    assert.equal(await asked.health(), 200);
    disk.fill();
    // Modbus Application Protocol V1.1b3, 7: 06 is server device busy.
    assert.deepEqual(await asked.write(44), { kind: "exception", fn: 6, exception: 6 });
    assert.equal(await asked.freeze(), 503);
    assert.equal(await asked.freeze(), 503);
    assert.equal(await asked.health(), 503);
    assert.equal(await asked.imbalance(), 33);
    assert.equal(await asked.freezes(), 1);
    // It is told with the next heartbeat.
    while (!running.output().includes("cannot be written")) await new Promise((done) => setTimeout(done, 20));
    if (!stopped) {
      disk.empty();
      while (!running.output().includes("is written again")) await new Promise((done) => setTimeout(done, 20));
      assert.equal((await asked.write(55)).kind, "written");
      assert.equal(await asked.health(), 200);
      await running.end("SIGKILL");
    } else {
      await running.end();
      assert.equal(running.process.exitCode, 1);
      assert.match(
        running.output(),
        /cannot be written \(the disk is full\): all until 20\d\d-\d\d-\d\dT[\d:]{8}Z is kept/,
      );
      disk.empty();
    }
    assert.equal(
      running.output().match(/error .*cannot be written \(the disk is full\)/g)?.length,
      1,
      running.output(),
    );
    const again = await startSite(disk.folder, site);
    t.after(() => again.end("SIGKILL"));
    const found = await asking(again);
    t.after(() => found.end());
    assert.equal(await found.imbalance(), stopped ? 33 : 55);
    assert.equal(await found.freezes(), 1);
    await again.end();
    assert.equal(again.process.exitCode, 0);
  });
}
