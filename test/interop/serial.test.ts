/** Serial ports on socat's pseudo-terminals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSerial } from "#io/serial.ts";
import { siteOf, startSite, temporaryFolder } from "../running-site.ts";
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
    const site = await startSite(
      folder,
      siteOf({ listen: `{ modbus: rtu, device: ${near}, baud: 9600, parity: none, unit: 1 }` }),
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
    // Register 142 is set to 15 and to 16, whose answers are the requests; that it is read back tells that nothing came between.
    const [first, second] = ["0106008d000f59e5", "0106008d0010182d"];
    const [read, value] = ["0103008d00011421", "0103020010b988"];
    const requests = [first, second, second, read];
    for (const request of requests) {
      const before = heard.length;
      const length = request === read ? value.length : request.length;
      master.send(Buffer.from(request, "hex"));
      while (heard.length < before + length) await new Promise<void>((resolve) => (more = resolve));
    }
    assert.equal(heard, [first, second, second, value].join(""));
  },
);
