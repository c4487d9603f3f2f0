/** Serial ports on socat's pseudo-terminals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSerial } from "#io/serial.ts";
import { startSite, temporaryFolder } from "../running-site.ts";
import { serialLine, without } from "./programs.ts";

test("bytes arrive when they come, not when the next timer runs out", { skip: without("socat") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [near, far] = await serialLine(t, folder);
  const line = { baud: 115_200, parity: "none" } as const;
  const meter = await openSerial({ device: near, ...line });
  const reader = await openSerial({ device: far, ...line });
  t.after(() => (meter.close(), reader.close()));
  meter.receive((bytes) => meter.send(bytes.slice()));
  let heard: () => void = () => {};
  reader.receive(() => heard());
  for (let k = 0; k < 10; k++) {
    // The only timer: with it would come what was held back.
    let watch: NodeJS.Timeout | undefined;
    const timeUp = new Promise<string>((resolve) => (watch = setTimeout(() => resolve("the timer"), 3000)));
    const echo = new Promise<string>((resolve) => (heard = () => resolve("the echo")));
    reader.send(Uint8Array.of(k));
    assert.equal(await Promise.race([echo, timeUp]), "the echo", `byte ${k}`);
    clearTimeout(watch);
  }
});

test(
  "a unit on a two-wire adapter that hands back what it sends answers once, and takes the same write again",
  { skip: without("socat") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [near, far] = await serialLine(t, folder);
    const listen = `[{ modbus: rtu, device: ${near}, baud: 9600, parity: none, unit: 1 }]`;
    const site = await startSite(
      folder,
      `store: ":memory:"\ndevices:\n  - { name: relay, memory: { coils: { from: 0, count: 16 }, holding: { from: 0, count: 10 } }, listen: ${listen} }\n`,
    );
    t.after(() => site.end());
    const master = await openSerial({ device: far, baud: 9600, parity: "none" });
    t.after(() => master.close());
    let heard = "";
    let more: () => void = () => {};
    master.receive((bytes) => {
      heard += Buffer.from(bytes).toString("hex");
      more();
      // The adapter.
      master.send(bytes.slice());
    });
    // The specification's functions whose answers are the requests; the last tells that nothing came between.
    const [coil, single, diagnostics] = ["01050003ff007c3a", "010600050007d809", "01080000a537da8d"];
    const read = "010300050001940b";
    const answers = [coil, single, diagnostics, single];
    const expected = [...answers, "0103020007f986"];
    for (const request of [...answers, read]) {
      const before = heard.length;
      const length = request === read ? 14 : 16;
      master.send(Buffer.from(request, "hex"));
      while (heard.length < before + length) await new Promise<void>((resolve) => (more = resolve));
      // The echo is back before the next request goes out: both take the same way.
    }
    assert.equal(heard, expected.join(""));
  },
);
