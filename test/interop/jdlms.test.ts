/**
 * jDLMS, a program of its own, reads a JEMStar II: its whole list of objects, registers and a month of its profile, over TCP and HDLC, by every
 * authentication that it has. What it should find is arithmetic of the source, not what our own client finds.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { Listeners } from "#fleet/listeners.ts";
import { deviceOf } from "#product/jemstar/product.ts";
import { jemStar } from "../authority-rig.ts";
import { jdlmsPeer, runProgram, withoutJdlms } from "./programs.ts";

const skip = withoutJdlms();

/** Keys of the golden exchanges. */
const ENCRYPTION = "000102030405060708090a0b0c0d0e0f";
const AUTHENTICATION = "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf";

/** 120 V, 10 A and a power factor of 0.8 in each of three phases. */
const WATTS = 3 * 120 * 10 * 0.8;

const configuration = `
dlms:
  conformance: full
  clients:
    - { sap: 16, authentication: [none] }
    - { sap: 17, authentication: [low], user: admin }
    - { sap: 1, authentication: [high-gmac], ciphering: must, policy: [authenticated request, encrypted request] }
profiles:
  - minutes: 15
    data: engineering
    channels: [{ measure: { quantity: Wh }, km: 1 }, { measure: { quantity: V, phase: a }, km: 1 }]
`;

type Row = readonly [time: string, status: number, ...values: number[]];

const clients = [
  [16, "none"],
  [17, "low"],
  [1, "gmac"],
] as const;

const objects = "0.0.40.0.0.255/15/2";
const january = "1.0.99.1.0.255/7/2/2026-01-01T00:15:00/2026-02-01T00:00:00";

test(
  "jDLMS reads objects, registers and a month of profile, over TCP and HDLC, by none, low and GMAC",
  { skip },
  async (t) => {
    const rig = jemStar(t, {
      modelNumber: "JSII-09I5010-1B/2A-DIOP-DLMS",
      configuration,
      listen: "{ dlms: tcp, port: 0 }, { dlms: hdlc-over-tcp, port: 0 }",
    });
    for (const [name, value] of [
      ["dlms.1.encryption", ENCRYPTION],
      ["dlms.1.authentication", AUTHENTICATION],
    ])
      assert.equal(rig.tell({ command: "secret", name, value, encoding: "hex", user: "admin" }), "done");
    rig.run(31 * 1440 + 60);
    const listeners = new Listeners({ clock: new SystemClock(), folder: rig.folder });
    t.after(() => listeners.close());
    await listeners.open([{ ...deviceOf(rig.jem), name: "head", listen: rig.listen }]);
    const [wrapper, hdlc] = listeners.all.map(({ what }) => /:([0-9]+)$/.exec(what)?.[1] ?? "");

    const read = async (
      client: number,
      framing: "wrapper" | "hdlc",
      mechanism: string,
    ): Promise<readonly [readonly unknown[], number, readonly number[], readonly unknown[], readonly Row[]]> => {
      const port = framing === "hdlc" ? hdlc : wrapper;
      const what = [objects, "1.0.1.7.0.255/3/2", "1.0.1.7.0.255/3/3", "1.0.99.1.0.255/7/3", january];
      const words = ["read", String(port), String(client), framing, mechanism, "admin", ...what];
      const { status, out } = await runProgram("java", [...jdlmsPeer, ...words], 120_000);
      assert.equal(status, 0, out);
      const found = out.trim().split("\n");
      assert.equal(found.length, what.length, out);
      return JSON.parse(`[${found.join(",")}]`);
    };
    for (const framing of ["wrapper", "hdlc"] as const)
      for (const [client, mechanism] of clients) {
        const how = `${framing}, ${mechanism}`;
        const [list, watts, scaler, captured, rows] = await read(client, framing, mechanism);
        assert.ok(list.length > 85, `${how}: ${list.length} objects`);
        assert.deepEqual(scaler, [-3, 27], how);
        assert.ok(Math.abs(watts / 1000 - WATTS) < 0.01, `${how}: ${watts} mW`);
        assert.equal(captured.length, 4, how);
        assert.equal(rows.length, 31 * 96, `${how}: ${rows[0]} to ${rows.at(-1)}`);
        assert.equal(rows[0]?.[0].slice(0, 16), "07ea010104000f00", how);
        assert.equal(rows.at(-1)?.[0].slice(0, 16), "07ea020107000000", how);
        for (const [, status, energy, volts] of rows) {
          assert.ok([1, 2, 3].includes(status), `${how}: status ${status}`);
          assert.ok(Math.abs((energy ?? NaN) - WATTS / 4) < 0.01, `${how}: ${energy} Wh`);
          assert.ok(Math.abs((volts ?? NaN) - 120) < 0.01, `${how}: ${volts} V`);
        }
      }
  },
);
