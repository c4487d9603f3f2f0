/** Raw sockets in a network of their own: the kernel's veth is the cable. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ranInNetwork, withoutRawSockets } from "./own-network.ts";

const skip = await withoutRawSockets();

test("frames come over a cable whole and in order, with the tags that they were sent with", { skip }, async () => {
  const told = JSON.parse(await ranInNetwork("exec $NODE test/interop/ethernet/pair.ts 20000")) as Record<
    string,
    unknown
  >;
  assert.match(String(told["address"]), /^[0-9a-f]{12}$/);
  assert.deepEqual(told["tags"], [
    { number: 0, length: 64 },
    { number: 1, vlan: { id: 7, priority: 4 }, length: 64 },
    { number: 2, vlan: { id: 0, priority: 5 }, length: 64 },
  ]);
  const { count, inOrder, self, others, lost } = told;
  assert.deepEqual(
    { count, inOrder, self, others, lost },
    { count: 20_000, inOrder: true, self: 0, others: 20_004, lost: 0 },
  );
  // The ring has 4,096 slots.
  assert.ok(Number(told["flooded"]) >= 4096);
  assert.equal(Number(told["flooded"]) + Number(told["floodLost"]), 6000);
  assert.match(String(told["down"]), /far is down/);
  assert.match(String(told["again"]), /far is down: sudo ip link set far up/);
});

test("who may not have raw sockets is told how he may", { skip }, async () => {
  const tried =
    "import('#io/packet-socket.ts').then(({ openPacketSocket }) => { try { openPacketSocket('near'); } catch (error) { console.log(error.message); } })";
  const said = await ranInNetwork('exec setpriv --bounding-set=-net_raw --inh-caps=-all $NODE -e "$TRIED"', {
    TRIED: tried,
  });
  assert.match(said, /this user may not open raw sockets\. It takes the capability cap_net_raw/);
});
