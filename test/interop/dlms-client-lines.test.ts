/** `polyphase` reads a JEMStar II by HDLC on a serial line and at an optical head, which are socat's pseudo-terminals. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { site } from "../revenue-running.ts";
import { temporaryFolder } from "../running-site.ts";
import { serialLine, without } from "./programs.ts";

test(
  "registers are read on a serial line, and at an optical head after a sign-on at 300 baud",
  { skip: without("socat") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const lines = ["line", "head"].map((name) => path.join(folder, name));
    for (const line of lines) mkdirSync(line);
    const [near, far] = await serialLine(t, lines[0] ?? "");
    const [nearHead, farHead] = await serialLine(t, lines[1] ?? "");
    const { run } = await site(t, {
      modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP",
      configuration: `
communications: { optical: { protocol: dlms, address: 17 }, port3: { protocol: dlms, address: 17 } }
`,
      listen: `{ modbus: tcp, port: 0, unit: 1 }, { dlms: hdlc, device: ${near} }, { dlms: optical, device: ${nearHead} }`,
    });
    for (const url of [`dlms+hdlc://${far}?baud=9600&physical=17`, `dlms+optical://${farHead}?baud=9600&physical=17`]) {
      const { status, out, err } = await run("read", url, "V.a", "1.0.34.7.0.255", "--json", "--timeout", "5000");
      assert.equal(status, 0, `${url}: ${err}`);
      const { values } = JSON.parse(out) as { values: { name: string; value: number; unit: string }[] };
      // 2000 V on the line, of which transformers leave a tenth at the terminals.
      assert.deepEqual(
        values.map(({ name, value, unit }) => [name, Math.round(value), unit]),
        [
          ["V.a", 200, "V"],
          ["1.0.34.7.0.255", 60, "Hz"],
        ],
      );
    }
    const scanned = await run("scan", `dlms+hdlc://${far}?baud=9600`, "--clients", "16", "--physical", "16-17");
    assert.match(scanned.out, /^client 16 +server 1 +physical 17 +open +AMK/m);
    assert.doesNotMatch(scanned.out, /physical 16/);
  },
);
