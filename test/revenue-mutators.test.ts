/** Seeded mutators on all that a revenue meter is handed: its configuration, commands over HTTP, Modbus requests. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import type { RevenueFile } from "#product/jemstar/configuration-schema.ts";
import { loadSite } from "#fleet/load-site.ts";
import type { Site } from "#fleet/site.ts";
import { FileError } from "#product/file-error.ts";
import { batteries, boards, failures } from "#revenue/people/hardware.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { answer } from "#protocol/modbus/unit.ts";
import { webSide } from "#web/server.ts";
import { jemstarOf } from "./devices.ts";
import { temporaryFolder } from "./running-site.ts";

const ordered = parseModelNumber("JSII-09I6020-1B/2A-DIO-DLP-NTP");
const factory = parseRevenueFile("factory", "", ordered);

test("500 mutated configuration files are read or refused with a FileError that names a place", () => {
  const text = stringify({ ...factory, users: [] });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(12), fc.string({ maxLength: 5 })), {
        minLength: 1,
        maxLength: 4,
      }),
      (changes) => {
        let mutated = text;
        for (const [at, drop, insert] of changes) mutated = mutated.slice(0, at) + insert + mutated.slice(at + drop);
        try {
          parseRevenueFile("file", mutated, ordered);
        } catch (error) {
          assert.ok(error instanceof FileError, String(error));
          assert.ok(error.problems.length > 0);
        }
      },
    ),
    { numRuns: 500, seed: 2026 },
  );
});

/** Places in a document, as keys from its top. */
function* places(value: unknown, at: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield [...at, key];
    yield* places(inner, [...at, key]);
  }
}

function replaced(document: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(document))
    return document.map((one: unknown, k) => (String(k) === key ? replaced(one, rest, value) : one));
  const object = document as Record<string, unknown>;
  return { ...object, [key]: replaced(object[key], rest, value) };
}

test("every value of the factory's configuration replaced by nonsense is refused, or comes back the same when it is read again", () => {
  const all = [...places(factory)];
  const nonsense = [null, -1, 1e9, "nonsense", [], {}, true, NaN];
  let refused = 0;
  for (const place of all) {
    const value = nonsense[refused % nonsense.length];
    try {
      const read = parseRevenueFile("file", JSON.stringify(replaced(factory, place, value)), ordered);
      assert.deepEqual(parseRevenueFile("again", JSON.stringify(read), ordered), read, place.join("."));
    } catch (error) {
      assert.ok(error instanceof FileError, `${place.join(".")}: ${String(error)}`);
    }
    refused++;
  }
  assert.ok(all.length > 400, `${all.length} places`);
});

async function running(t: TestContext): Promise<Site> {
  const { folder, remove } = temporaryFolder();
  const file = path.join(folder, "site.yaml");
  writeFileSync(
    file,
    `
store: ":memory:"
clock: { start: "2026-01-01T00:00:00Z", speed: 3600 }
meters:
  - { name: jem, model: ametek-jemstar-ii, modelNumber: JSII-09I6020-1B/2A-DIO-DLP-NTP, source: { synthetic: { volts: 120, amps: 5, steps: true } } }
`,
  );
  const site = loadSite(file);
  t.after(async () => {
    await site.stop();
    remove();
  });
  await site.start();
  return site;
}

const commands = [
  "freeze",
  "billingReset",
  "enterTestMode",
  "leaveTestMode",
  "powerDown",
  "powerUp",
  "auxiliary",
  "setTime",
  "input",
  "pulses",
  "key",
  "hardware",
  "battery",
  "resetBattery",
  "firmware",
  "resetButton",
  "timeServer",
  "preset",
  "calibrate",
  "ratios",
  "nonsense",
];
const keys = [
  "register",
  "value",
  "channel",
  "closed",
  "count",
  "seconds",
  "utc",
  "part",
  "failed",
  "key",
  "installed",
  "state",
  "board",
  "version",
  "live",
  "reached",
  "pt",
  "ct",
  "watts",
  "vars",
  "compensate",
  "pulseWeight",
];
const values = fc.oneof(
  fc.integer({ min: -5, max: 260 }),
  fc.double(),
  fc.boolean(),
  fc.string({ maxLength: 6 }),
  fc.constantFrom<unknown>(null, [], {}, "metering", "reset", "2026-01-02T00:00:00Z", "0.0.90", 1, 2, 7, 8, 200, true),
  fc.constantFrom<string>(...batteries, ...boards, ...failures),
);

test("2,000 commands made of anything: each is done or refused in words, and the meter goes on", async (t) => {
  const site = await running(t);
  const app = webSide(site).app;
  const post = (place: string, body: unknown, token = "") =>
    app.request(`http://127.0.0.1/api/meters/jem/${place}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
  let { token } = (await (await post("session", { user: "admin", password: "admin" })).json()) as { token: string };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...commands),
      fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: 4 }),
      async (command, rest) => {
        const response = await post("commands", { command, ...rest }, token);
        const text = await response.text();
        assert.ok([200, 401, 403, 422].includes(response.status), `${response.status} ${text}`);
        const said = JSON.parse(text) as { ok?: boolean; error?: string };
        assert.ok(said.ok === true || (said.error ?? "") !== "", JSON.stringify(said));
        // A meter that was erased has its factory's users again; sessions end with people's time only.
        if (response.status === 401)
          ({ token } = (await (await post("session", { user: "admin", password: "admin" })).json()) as {
            token: string;
          });
      },
    ),
    { numRuns: 2000, seed: 2026 },
  );
  const { meter } = jemstarOf(site, "jem");
  await post("commands", { command: "battery", state: "good" });
  await post("commands", { command: "powerUp" });
  const before = jemstarOf(site, "jem").meter.elapsed;
  await new Promise((wait) => setTimeout(wait, 1200));
  assert.ok(jemstarOf(site, "jem").meter.elapsed > before + 1000, "the meter goes on");
  for (const { values: found } of meter.profiles[0]!.series.page(0, Infinity)) assert.ok(found.every(Number.isFinite));
});

test("20,000 random Modbus requests to its points are answered in kind, and none does what is not allowed", async (t) => {
  const site = await running(t);
  const { meter } = jemstarOf(site, "jem");
  const unit = site.meter("jem")!.bindings.modbus!({ port: "ethernet 1", unit: 1 })!;
  const before = meter.registers.shown().map(({ id, text }) => [id, text]);
  const out = new Uint8Array(300);
  const pdu = fc.oneof(
    fc
      .tuple(fc.constantFrom(1, 2, 3, 4, 5, 15, 16), fc.nat(40), fc.nat(140), fc.array(fc.nat(255), { maxLength: 12 }))
      .map(([fn, first, count, rest]) => [fn, 0, first, count >> 8, count & 255, ...rest]),
    fc.array(fc.nat(255), { minLength: 1, maxLength: 20 }),
  );
  fc.assert(
    fc.property(pdu, (bytes) => {
      const request = Uint8Array.from(bytes);
      const size = answer(unit, request, 0, request.length, out, 0);
      assert.ok(size >= 2 && size <= 253, `${size} bytes for ${Buffer.from(request).toString("hex")}`);
      assert.equal(out[0]! & 0x7f, request[0]! & 0x7f);
      // Presets and outputs are not allowed by the factory's configuration.
      if ([5, 15, 16].includes(request[0]!)) assert.deepEqual([out[0]! & 0x80, out[1]], [0x80, 1]);
    }),
    { numRuns: 20_000, seed: 2026 },
  );
  const after = jemstarOf(site, "jem")
    .meter.registers.shown()
    .map(({ id }) => id);
  assert.deepEqual(
    after,
    before.map(([id]) => id),
  );
});

test("a configuration that was refused has changed nothing", async (t) => {
  const site = await running(t);
  const app = webSide(site).app;
  const before = JSON.stringify(jemstarOf(site, "jem").file);
  const meter = jemstarOf(site, "jem").meter;
  const { token } = (await (
    await app.request("http://127.0.0.1/api/meters/jem/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"user":"admin","password":"admin"}',
    })
  ).json()) as { token: string };
  const wrong: Partial<Record<keyof RevenueFile, unknown>>[] = [
    { primary: { pt: 0 } },
    { demand: { subIntervalMinutes: 7 } },
    { users: [{ name: "two words" }] },
    { io: [] },
  ];
  for (const one of wrong) {
    const response = await app.request("http://127.0.0.1/api/meters/jem/configuration", {
      method: "PUT",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ ...factory, ...one }),
    });
    assert.equal(response.status, 422);
    const { problems } = (await response.json()) as { problems: string[] };
    assert.ok(
      problems.some((problem) => problem.startsWith(Object.keys(one)[0]!)),
      String(problems),
    );
  }
  assert.equal(JSON.stringify(jemstarOf(site, "jem").file), before);
  assert.equal(jemstarOf(site, "jem").meter, meter, "it is the same meter, with its configuration");
});
