/** A gateway whose adapter hands back what the unit sends, over TCP: the unit does not answer its own answers for ever. */
import assert from "node:assert/strict";
import net from "node:net";
import { test } from "node:test";
import { siteOf, startSite, temporaryFolder } from "./running-site.ts";

// Register 142 is set to 15, whose answer is the request, and read back.
const WRITE = "0106008d000f59e5";
const [READ, VALUE] = ["0103008d00011421", "010302000ff840"];

test("a reading that comes back tells of the adapter: from then on an acknowledgement that comes back is none", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(folder, siteOf({ listen: "{ modbus: rtu-over-tcp, port: 0, unit: 1 }" }));
  t.after(() => site.end());
  const gateway = net.connect(site.port, "127.0.0.1");
  t.after(() => gateway.destroy());
  let heard = "";
  let more: () => void = () => {};
  gateway.on("data", (bytes) => {
    heard += bytes.toString("hex");
    more();
    gateway.write(bytes);
  });
  const until = async (length: number): Promise<void> => {
    while (heard.length < length) await new Promise<void>((resolve) => (more = resolve));
  };
  gateway.write(Buffer.from(WRITE, "hex"));
  await until(3 * WRITE.length);
  assert.ok(heard.startsWith(WRITE.repeat(3)), "nothing has told of the adapter yet: it goes round");
  // One tells; behind two more, each of which waits for the one before, nothing of what went round is left.
  for (let k = 1; k <= 3; k++) {
    gateway.write(Buffer.from(READ, "hex"));
    while (heard.split(VALUE).length <= k) await new Promise<void>((resolve) => (more = resolve));
  }
  const before = heard.length;
  gateway.write(Buffer.from(WRITE, "hex"));
  await until(before + WRITE.length);
  gateway.write(Buffer.from(READ, "hex"));
  await until(before + WRITE.length + VALUE.length);
  assert.equal(heard.slice(before), WRITE + VALUE);
});
