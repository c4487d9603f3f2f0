/**
 * iec870ree of the Python index, a reader of the Spanish profile, reads a station of ours, over TCP and over a serial line. It lies in a folder
 * of its own, which scada-iec102.txt says how to fill.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { openSerial } from "#io/serial.ts";
import { listenTcp } from "#io/tcp.ts";
import { serveIec102 } from "#protocol/iec102/station/line.ts";
import { FixtureHost } from "../iec102-host.ts";
import { temporaryFolder } from "../running-site.ts";
import { runProgram, serialLine, without } from "./programs.ts";

const [python = "", folder = "", script = ""] = [
  "../../.venv/bin/python",
  "../../.venv/iec870ree",
  "iec102-reader.py",
].map((name) => fileURLToPath(new URL(name, import.meta.url)));
const skip = existsSync(python) && existsSync(folder) ? false : "there is no .venv/iec870ree (scada-iec102.txt)";

interface Total {
  readonly address: number;
  readonly total: number;
  readonly quality: number;
  readonly datetime: string;
}

interface Found {
  readonly [what: string]: unknown;
  readonly hours: readonly Total[][];
  readonly spring: readonly Total[][];
  readonly autumn: readonly Total[][];
  readonly quarters: readonly Total[][];
  readonly absolute: readonly Total[][];
  readonly days: readonly Total[][];
  readonly blocks: readonly unknown[];
  readonly closures: readonly Record<string, unknown>[][];
  readonly running: readonly Record<string, unknown>[][];
  readonly events: readonly Record<string, unknown>[][];
  readonly moment: Readonly<Record<string, unknown>>;
}

async function read(host: FixtureHost, way: "tcp" | "serial", where: string): Promise<Found> {
  const { address, measuringPoint } = host.settings;
  const words = [script, folder, way, where, address, measuringPoint, host.key].map(String);
  const { status, out } = await runProgram(python, words, 120_000);
  assert.equal(status, 0, out);
  const lines = out
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as { what: string; is: unknown });
  return Object.fromEntries(lines.map(({ what, is }) => [what, is])) as unknown as Found;
}

/** What iec870ree has to find: all that the fixture has, by arithmetic. */
function isAllThere(found: Found, host: FixtureHost): void {
  assert.deepEqual(
    [found["wrong key"], found["key"]],
    [
      [7, 1],
      [7, 0],
    ],
  );
  assert.deepEqual(found["product"], [251, 12_345_678]);
  assert.equal(found["time"], "2025-03-04T10:20:30.500000+01:00");
  const [first] = found.hours;
  assert.deepEqual(
    first?.map(({ address, total, quality }) => [address, total, quality]),
    [1, 2, 3, 4, 5, 6, 7, 8].map((object) => [object, 10 * object, object > 6 ? 0x80 : 0]),
  );
  const times = (periods: readonly Total[][]): readonly (string | undefined)[] => periods.map(([one]) => one?.datetime);
  assert.deepEqual(
    times(found.hours),
    [1, 2, 3].map((hour) => `2025-03-03T0${hour}:00:00+01:00`),
  );
  assert.equal(found.spring.length, 23);
  assert.deepEqual(times(found.spring).slice(0, 2), ["2025-03-30T01:00:00+01:00", "2025-03-30T03:00:00+02:00"]);
  assert.equal(found.autumn.length, 25);
  assert.deepEqual(times(found.autumn).slice(1, 3), ["2025-10-26T02:00:00+02:00", "2025-10-26T02:00:00+01:00"]);
  assert.equal(found.quarters.length, 96);
  assert.equal(times(found.quarters).at(-1), "2025-03-04T00:00:00+01:00");
  const [before, after] = found.absolute;
  assert.deepEqual(
    after?.map(({ total }, k) => total - (before?.[k]?.total ?? NaN)),
    first?.map(({ total }) => total),
  );
  assert.deepEqual(
    times(found.days),
    [1, 2, 3, 4, 5].map((day) => `2025-03-0${day}T00:00:00+01:00`),
  );
  // Of six totals each, six periods an ASDU.
  assert.equal(found.blocks.length, 4);
  for (const closures of [found.closures, found.running]) {
    assert.equal(closures.length, 4);
    const [[second] = []] = closures.slice(1);
    assert.deepEqual(
      [
        second?.["address"],
        second?.["active_abs"],
        second?.["active_inc"],
        second?.["max_power"],
        second?.["ecxess_power_qual"],
      ],
      [21, 100_021, 100, 357, 0x80],
    );
    assert.deepEqual(
      [second?.["date_start"], second?.["date_end"]],
      ["2025-02-01T00:00:00+01:00", "2025-03-01T00:00:00+01:00"],
    );
  }
  assert.deepEqual(
    found.events.flat().map((one) => [one["SPA"], one["SPQ"], one["SPI"]]),
    [
      [1, 2, 0],
      [7, 11, 0],
    ],
  );
  assert.partialDeepStrictEqual(found.moment["TotalizadoresInstantaneos"], { ai: 111, ae: 222, r1: 333, r4: 666 });
  assert.partialDeepStrictEqual((found.moment["PotenciaInstantanea"] as unknown[])[1], {
    potencia_activa: 41,
    potencia_reactiva: 10,
    factor_potencia: 0.976,
    is_exporting_activa: false,
    valid: true,
  });
  assert.partialDeepStrictEqual((found.moment["IVInstantaneos"] as unknown[])[2], { I: 5.3, V: 230.3, valid: true });
  // The mode of a port without a modem, and of its text the first character, which is none.
  const port = { speed: "9.600", params: "8E1", start_mode: 255, start_string: "" };
  assert.deepEqual(found["equipment"], [251, "JS", 12_345_678, 87, port, [66_000, 110, 400, 5], [60, 15, 0], [1]]);
  assert.deepEqual(found["settings"], [
    87,
    [60, 15],
    [
      { primary: 660_000, secondary: 1100 },
      { primary: 4000, secondary: 50 },
    ],
  ]);
  assert.deepEqual(found["set"], [7, 0]);
  assert.ok(Math.abs((host.setTo.at(-1) ?? NaN) - Date.now()) < 60_000);
  assert.equal(found["none"], "IntegrationPeriodNotAvailable");
  assert.equal(found["end"], true);
  assert.equal(host.left, 1);
}

test("iec870ree reads a station over TCP", { skip }, async (t) => {
  const host = new FixtureHost();
  const clock = new SystemClock();
  const listener = await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 1, clock }, (link) =>
    serveIec102(link, [{ host, port: "ethernet 1" }], clock),
  );
  t.after(() => listener.close());
  isAllThere(await read(host, "tcp", String(listener.port)), host);
});

test("iec870ree reads a station over a serial line", { skip: skip || without("socat") }, async (t) => {
  const host = new FixtureHost();
  const { folder: lines, remove } = temporaryFolder();
  t.after(remove);
  const [near, far] = await serialLine(t, lines);
  const link = await openSerial({ device: far, baud: 9600, parity: "none" });
  t.after(() => link.close());
  serveIec102(link, [{ host, port: "serial 3" }], new SystemClock());
  isAllThere(await read(host, "serial", near), host);
});
