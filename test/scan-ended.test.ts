/** A scan that somebody ends, over each protocol that is scanned: its link is closed at once, whatever was waited for, and the next may begin. */
import assert from "node:assert/strict";
import net from "node:net";
import { test, type TestContext } from "node:test";
import { ScanDesk } from "#web/scan-job.ts";

/** Milliseconds that each answer is waited for: far longer than the test may take. */
const WAITS = 600_000;

/** It takes who comes, hears what he says, and says nothing. */
async function mute(t: TestContext) {
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const server = net.createServer((socket) => {
    t.after(() => socket.destroy());
    socket.on("error", () => {});
    socket.on("data", () => asked.resolve());
    socket.on("close", () => left.resolve());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { port: (server.address() as net.AddressInfo).port, asked: asked.promise, left: left.promise };
}

for (const scheme of ["modbus", "dlms", "dlms+hdlctcp", "dnp3"])
  test(`an ended scan of ${scheme} leaves at once, and another may begin`, { timeout: 20_000 }, async (t) => {
    const desk = new ScanDesk();
    const [first, second] = [await mute(t), await mute(t)];
    const begin = ({ port }: { readonly port: number }): void =>
      desk.begin({ url: `${scheme}://127.0.0.1:${port}`, from: 1, to: 2, timeout: WAITS });
    begin(first);
    await first.asked;
    desk.end();
    await first.left;
    // That it has ended the scan hears in its turn.
    while (desk.isBusy) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([desk.view.state, desk.view.words, desk.view.found], ["stopped", "", []]);
    begin(second);
    await second.asked;
    desk.end();
    await second.left;
  });
