/** What befalls a revenue meter: other firmware, a battery that dies, cold starts, kills in the middle of what people do. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { loadSite } from "#fleet/load-site.ts";
import { textOf } from "#fleet/notice.ts";
import { recordOf } from "#store/memory-record.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { Random } from "#waveform/random.ts";
import { configuration, later, site, type Profile, type Registers } from "./revenue-running.ts";
import { jemstarOf } from "./devices.ts";
import { share } from "./share.ts";
import { startSite, temporaryFolder } from "./running-site.ts";

interface View {
  readonly local: string;
  readonly systemBits: number;
  readonly battery: { readonly state: string; readonly warning: boolean };
  readonly nameplate: {
    readonly serial: string;
    readonly form: string;
    readonly classAmps: number;
    readonly ports: readonly string[];
    readonly firmware: Readonly<Record<string, string>>;
  };
}
interface Log {
  readonly entries: readonly { readonly at: string; readonly what: string; readonly by: string }[];
}

test("the nameplate is what was ordered; other firmware changes its version, is logged and sets bit 12", async (t) => {
  // The status word keeps its bits for an interval: here for longer than the test lasts.
  const configuration = "profiles: [{ minutes: day, channels: [{ measure: { quantity: Wh } }] }]";
  const { command, get, login } = await site(t, { configuration });
  const { nameplate } = await get<View>("");
  assert.deepEqual(
    [nameplate.serial, nameplate.form, nameplate.classAmps, nameplate.ports],
    ["140200024", "9", 20, ["1B", "2A"]],
  );
  const upgrade = { command: "firmware", board: "register", version: "0.0.99" };
  const { token } = await login("user1");
  assert.match((await command(upgrade, token)).error ?? "", /user1 has not the privilege firmware/);
  assert.match((await command({ ...upgrade, board: "pq" })).error ?? "", /this meter has no pq board/);
  assert.match(
    (await command({ ...upgrade, version: "new" })).error ?? "",
    /version: expected a version like 0\.0\.81/,
  );
  assert.equal((await get<View>("")).systemBits & 0x800, 0);
  assert.deepEqual(await command(upgrade), { ok: true });
  const after = await get<View>("");
  assert.deepEqual([after.nameplate.firmware["register"], after.systemBits & 0x800], ["0.0.99", 0x800]);
  assert.equal((await get<Log>("/logs/event")).entries.at(-1)?.what, "firmware changed");
  await command({ command: "key", key: "metering", installed: true });
  assert.match((await command(upgrade)).error ?? "", /the security key bars firmware/);
  assert.match((await command({ command: "coldStart" })).error ?? "", /the security key bars coldStart/);
});

test("a MID meter takes no other firmware and no cold start, and its keys stay", async (t) => {
  const { command } = await site(t, { modelNumber: "JSII-09I6020-1B/2A-DIO-NTP-MID", configuration: "" });
  for (const one of [{ command: "coldStart" }, { command: "firmware", board: "register", version: "1.0.0" }])
    assert.match((await command(one)).error ?? "", /the security key bars/);
  const out = await command({ command: "key", key: "metering", installed: false });
  assert.match(out.error ?? "", /seals of a MID meter/);
});

test("a cold start erases registers and profile and brings the factory's configuration back; logs stay", async (t) => {
  const { command, get } = await site(t);
  await later(600);
  await command({ command: "freeze" });
  assert.deepEqual(await command({ command: "coldStart" }), { ok: true });
  const file = await get<{ primary: { ct: number } }>("/configuration");
  assert.equal(file.primary.ct, 1);
  const { records } = await get<Profile>("/profiles/1");
  assert.deepEqual(
    records.slice(0, 1).map(({ type }) => type),
    ["configuration"],
  );
  assert.equal((await get<Log>("/logs/freeze")).entries.length, 1);
  assert.deepEqual(
    (await get<Log>("/logs/configuration")).entries.map(({ what, by }) => `${what} by ${by}`),
    ["cold start by admin"],
  );
});

test("a low battery warns until it is replaced and reset; a dead one at power-up erases and sets 1970", async (t) => {
  const { command, get } = await site(t);
  await later(300);
  await command({ command: "battery", state: "low" });
  assert.match((await command({ command: "resetBattery" })).error ?? "", /the battery is low; replace it first/);
  await command({ command: "battery", state: "good" });
  assert.equal((await get<View>("")).systemBits & 1, 1, "until somebody resets it");
  assert.deepEqual(await command({ command: "resetBattery" }), { ok: true });
  assert.deepEqual((await get<View>("")).battery, { state: "good", warning: false });
  await command({ command: "battery", state: "dead" });
  assert.ok((await get<View>("")).local.startsWith("2026"), "while there is power nothing is lost");
  await command({ command: "powerDown" });
  await command({ command: "powerUp" });
  const view = await get<View>("");
  assert.match(view.local, /^1970-01-01/);
  assert.equal(view.systemBits & 1, 1);
  assert.equal((await get<Log>("/logs/configuration")).entries.at(-1)?.what, "powered up with a dead battery");
});

test("a store that an earlier version left is put aside, with a notice; the meter begins anew, once", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    "store: ./data\nmeters: [{ name: jem, model: ametek-jemstar-ii, source: { synthetic: { volts: 120, amps: 5, steps: true } } }]",
  );
  const first = loadSite(file);
  jemstarOf(first, "jem").meter.billing.preset(2, 4711, { by: "test" });
  await first.stop();
  // What it kept of its configuration is no configuration any more, and its boards knew no failures.
  const store = new SqliteStore(path.join(folder, "data"), "test");
  const drawer = store.drawer("jem");
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const old = recordOf(drawer.numbers!);
  drawer.put("memory", old);
  drawer.put("configuration", bytes('{"io":[{"mode":"none","debounceMs":0}]}'));
  drawer.put(
    "hardware",
    bytes(
      '{"firmware":{"register":"0.0.80"},"battery":"low","batteryWarning":true,"keys":{"metering":false,"reset":true}}',
    ),
  );
  drawer.put("memory-layout", bytes("1"));
  store.close();
  const second = loadSite(file);
  assert.match(
    second.notices.map(textOf).join("\n"),
    /jem: an earlier version kept its memory and configuration otherwise/,
  );
  const jem = jemstarOf(second, "jem");
  assert.equal(jem.meter.registers.show(2)?.value, 0);
  assert.deepEqual([jem.hardware.battery, jem.hardware.keys.reset, jem.hardware.failures], ["low", true, []]);
  assert.equal(jem.meter.log.of("configuration").last?.what, "memory of another version");
  jem.meter.billing.preset(2, 42, { by: "test" });
  await second.stop();
  const again = new SqliteStore(path.join(folder, "data"), "test");
  assert.deepEqual(again.drawer("jem").get("memory.earlier"), old);
  again.close();
  const third = loadSite(file);
  t.after(() => third.stop());
  assert.deepEqual(third.notices, []);
  // With what was measured until the stop.
  assert.equal(Math.floor(jemstarOf(third, "jem").meter.registers.show(2)?.value ?? NaN), 42);
});

const KILLS = share(4, 10, 60);

test(
  `killed ${KILLS} times while people reset and configure, what is found belongs together`,
  { timeout: 300_000 },
  async (t) => {
    const first = await site(t, { store: "store: ./data" });
    const file = readFileSync(path.join(first.folder, "site.yaml"), "utf8");
    const random = new Random(4);
    // Register 1 counts watt hours in one configuration and var hours, of which there are none, in the other.
    const [active, reactive] = [
      configuration,
      configuration.replace("measure: { quantity: Wh }, units", "measure: { quantity: varh }, units"),
    ];
    let { running } = first;
    const seen = { active: 0, reactive: 0, resets: 0 };
    for (let kill = 0; kill < KILLS; kill++) {
      const url = `${running.page}api/meters/jem`;
      const headers: Record<string, string> = { "Content-Type": "application/json" };
      const send = async (method: "POST" | "PUT", place: string, body: unknown): Promise<{ token?: string }> =>
        (await (await fetch(url + place, { method, headers, body: JSON.stringify(body) })).json()) as {
          token?: string;
        };
      headers["Authorization"] =
        `Bearer ${(await send("POST", "/session", { user: "admin", password: "admin" })).token}`;
      await later(300);
      // What was acknowledged last, and what is under way.
      const state = { going: true, done: "", asked: "" };
      const busy = (async (): Promise<void> => {
        for (let k = Math.floor(2 * random.next()); state.going; k++) {
          const wanted = k % 2 === 0 ? reactive : active;
          state.asked = wanted;
          await send("PUT", "/configuration", parse(wanted));
          state.done = wanted;
          await later(50 + 100 * random.next());
          await send("POST", "/commands", { command: "billingReset" });
          await later(20 * random.next());
        }
      })().catch(() => {});
      await later(200 + 900 * random.next());
      await running.end("SIGKILL");
      state.going = false;
      await busy;

      // Later than before: the meter's time goes on.
      running = await startSite(
        first.folder,
        file
          .replace("T16:00", `T${17 + (kill % 6)}:00`)
          .replace("07-31", `08-${String(2 + Math.floor(kill / 6)).padStart(2, "0")}`),
      );
      const again = running;
      t.after(() => again.end("SIGKILL"));
      const get = async <T>(place: string): Promise<T> =>
        (await (await fetch(`${again.page}api/meters/jem${place}`)).json()) as T;
      const found = await get<{ registers: { normal: { measure: { quantity: string } }[] } }>("/configuration");
      const { value } = (await get<Registers>("/registers/normal")).registers[0]!;
      const quantity = found.registers.normal[0]!.measure.quantity;
      assert.ok(
        [state.done, state.asked].includes(quantity === "varh" ? reactive : active),
        "what was acknowledged holds",
      );
      if (quantity === "varh") assert.ok(value < 1, `${value} varh were never measured`);
      seen[quantity === "varh" ? "reactive" : "active"]++;
      // The profile's billing resets since the last configuration are the log's.
      const { records } = await get<{ records: { type: string; end: string }[] }>("/profiles/1");
      const resets = (await get<Log>("/logs/billingReset")).entries.map(({ at }) => at);
      const marked = records.filter(({ type }) => type === "billingReset").map(({ end }) => end);
      for (const end of marked) assert.ok(resets.includes(end), `${end} is in the log: ${resets.join(", ")}`);
      seen.resets += resets.length;
    }
    assert.ok(seen.resets > 0);
    // With a few kills chance may have it that they all fall on one side.
    if (KILLS > 10) assert.ok(seen.active > 0 && seen.reactive > 0, JSON.stringify(seen));
  },
);
