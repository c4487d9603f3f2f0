/** Seeded bad input to a listener for MMS, all layers of it: whoever sends it, the client beside is answered, and nobody who has gone takes a place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { associateRequest, connectionRequest, identify, meter, modem, settled } from "./mms-listening.ts";
import { connectionsOf, fromHex, mmsFiles, skip } from "./mms-exchanges.ts";
import { mutated, numbers } from "./mutator.ts";
import { share } from "./share.ts";

const identity = new RegExp(Buffer.from("SoftMeter twin").toString("hex"));

test("whatever one client sends, the one beside it is answered", { skip }, async () => {
  const random = numbers(0x6d6d);
  const all = mmsFiles.flatMap((file) => connectionsOf(file).flat());
  const packets = all.filter(({ from }) => from === "client").flatMap((one) => one.packets);
  const samples = [...new Set(packets)].filter((hex) => hex.length < 600).map(fromHex);
  assert.ok(samples.length > 100);
  const one = meter("one", [{ mms: "tcp" }]);
  const { clock, listener, peer } = await modem(one);
  const associated = async () => {
    const client = peer();
    await client.ask(connectionRequest);
    client.here.send(fromHex(associateRequest));
    clock.advance(1);
    await settled();
    assert.match(client.heard(), /^0300008f/);
    return client;
  };
  const polite = await associated();
  let rude = await associated();
  for (let k = share(400, 4000, 40_000); k > 0; k--) {
    if (rude.closed || random(40) === 0) {
      rude.here.close();
      // Some begin anew, some mutate what they begin with.
      rude = random(4) === 0 ? peer() : await associated();
    }
    const bytes = mutated(samples, random);
    const cut = random(3) === 0 ? random(bytes.length + 1) : bytes.length;
    for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
      rude.here.send(part.slice());
      clock.advance(1 + random(3));
      await settled();
    }
    rude.heard();
    // What is cut off waits for its rest, on links that nobody goes on with.
    if (random(8) === 0) clock.advance(2000);
    assert.match(await polite.ask(identify), identity);
    assert.ok(listener.peers <= 3, `${listener.peers} peers`);
  }
  rude.here.close();
  polite.here.close();
  await settled();
  assert.equal(listener.peers, 0);
  // Each that was let in has left.
  assert.equal(one.host.left, one.host.admitted.length);
});
