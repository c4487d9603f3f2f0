/** Serial ports on socat's pseudo-terminals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSerial } from "#io/serial.ts";
import { temporaryFolder } from "../running-site.ts";
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
