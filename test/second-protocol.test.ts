/** A protocol that nobody outside this file knows, with one meter a place: it is served by its row, and read by another. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { SystemClock } from "#clock/system-clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import type { Protocol } from "#fleet/protocols/protocol.ts";
import { siteSchemaOf } from "#fleet/site-schema.ts";
import { parseMeterUrl, readerOf, UrlError } from "#headend/meter-url.ts";
import { isModbus, modbusReader, parseModbusUrl } from "#headend/modbus-url.ts";
import { connect } from "#headend/place.ts";
import { reader } from "#headend/reader.ts";

// ── the protocol: "?" is asked, and a line comes back, "70.003 kWh" ─────────────────────────────────────────────────

const transports = [
  { name: "line", over: "tcp", port: 1998, peers: 2, scheme: "counter", form: "counter://host:port" },
] as const;

const served: Protocol<{ readonly shows: string }> = {
  name: "counter",
  title: "Counter",
  transports,
  keys: () => ({ shows: z.string() }),
  url: () => ({ path: "", query: [] }),
  serve: ({ stations: [{ keys, answers }] }) => ({
    take: (link) => link.receive(() => answers?.() !== false && link.send(Buffer.from(`${keys.shows}\n`))),
  }),
};

const read = reader(
  transports,
  ({ transport, place }) => ({ protocol: "counter", transport: transport.name, place }),
  async ({ place }, { timeoutMs }) => {
    const link = await connect(place, timeoutMs);
    const line = new Promise<string>((resolve) => link.receive((bytes) => resolve(Buffer.from(bytes).toString())));
    link.send(Buffer.from("?"));
    const [value, unit = ""] = (await line).trim().split(" ");
    link.close();
    return [{ register: 1, name: "Wh.import", value: Number(value), unit }];
  },
);

const table = [modbusReader, read];

// ── and what reads it ───────────────────────────────────────────────────────────────────────────────────────────────

test("a second protocol is served by its row of protocols, and read by its row of readers", async (t) => {
  const listen = [{ counter: "line", port: 0, shows: "70.003 kWh" }];
  const [entry] = siteSchemaOf([served]).parse({
    meters: [{ name: "m", model: "x", source: { live: {} }, listen }],
  }).meters;
  const device = { bindings: {}, line: { address: 1, baud: 9600, parity: 0 as const }, room: () => undefined };
  const one = { name: "m", listen: entry!.listen, ...device };
  const listeners = new Listeners({ clock: new SystemClock(), folder: ".", table: [served] });
  await listeners.open([one]);
  t.after(() => listeners.close());
  const [listener] = listeners.all;
  const { url } = listener!.urls[0]!;
  assert.match(url, /^counter:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(parseMeterUrl(url, table).protocol, "counter");
  assert.deepEqual(await readerOf(url, table)!({ timeoutMs: 2000 }), [
    { register: 1, name: "Wh.import", value: 70.003, unit: "kWh" },
  ]);
  // Of Modbus a model says what there is.
  const modbus = parseMeterUrl("modbus://127.0.0.1/7", table);
  assert.deepEqual([isModbus(modbus) && modbus.unit, readerOf("modbus://127.0.0.1/7", table)], [7, undefined]);
});

test("what speaks Modbus only says which URLs it takes", async () => {
  assert.throws(
    () => parseModbusUrl("counter://127.0.0.1:4747"),
    (error) =>
      error instanceof UrlError && /^"counter:\/\/.*" is not Modbus.*; expected modbus:\/\/.* or /.test(error.message),
  );
  assert.throws(() => parseMeterUrl("counter://127.0.0.1:4747"), /no protocol that can be read yet; expected modbus:/);
  const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
  const commands = ["scan URL", "find URL 230", "write URL demandPeriod 15 --model leviton-s4100"];
  const all = [...commands, "transfer none.txt URL --to-model powerlogic-pm800"].map(async (words) => {
    const given = words.replace("URL", "counter://127.0.0.1:4747").split(" ");
    const child = spawn(process.execPath, [main, ...given], { stdio: ["ignore", "ignore", "pipe"] });
    // What scans, and what writes, takes other protocols as well.
    const others: Readonly<Record<string, string>> = {
      scan: "has no protocol that is scanned",
      write: "is nothing that can be written",
    };
    const why = others[words.split(" ")[0] ?? ""] ?? "is not Modbus";
    assert.match(await text(child.stderr), new RegExp(`${why}.*expected modbus://`), words);
  });
  await Promise.all(all);
});
