/** In a network of its own: frames from one end of the cable to the other, and what a port says of an interface that goes. Prints JSON. */
import { encodeFrame } from "#io/ethernet-frame.ts";
import { openPacketSocket } from "#io/packet-socket.ts";
import { execSync } from "node:child_process";

const [many = "1000"] = process.argv.slice(2);
const near = openPacketSocket("near");
const far = openPacketSocket("far");
const own = openPacketSocket("near");

const told: Record<string, unknown> = { address: Buffer.from(near.address).toString("hex") };
const until = async (is: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 500 && !is(); turn++) await new Promise((done) => setTimeout(done, 10));
};

const destination = Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 1);
const head = { destination, source: near.address, etherType: 0x88b8 };
const tags: unknown[] = [];
let [count, inOrder, self, others] = [0, true, 0, 0];
far.receive(0x88b8, destination, ({ bytes, vlan }) => {
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(14);
  if (number >= 0xffff_fff0) {
    tags.push({ number: number - 0xffff_fff0, vlan, length: bytes.length });
    return;
  }
  inOrder &&= number === count;
  count++;
});
// What this port sends it does not hear; who else is on the interface does.
near.receive(0x88b8, undefined, () => self++);
own.receive(0x88b8, undefined, () => others++);
const content = (number: number): Uint8Array => {
  const bytes = new Uint8Array(50);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
};
near.send(encodeFrame(head, content(0xffff_fff0)));
near.send(encodeFrame({ ...head, vlan: { id: 7, priority: 4 } }, content(0xffff_fff1)));
near.send(encodeFrame({ ...head, vlan: { id: 0, priority: 5 } }, content(0xffff_fff2)));
// Another EtherType, and another group.
near.send(encodeFrame({ ...head, etherType: 0x88ba }, content(0)));
near.send(encodeFrame({ ...head, destination: Uint8Array.of(1, 0x0c, 0xcd, 1, 0, 2) }, content(0)));
await until(() => tags.length === 3);
for (let k = 0; k < Number(many); k++) {
  near.send(encodeFrame(head, content(k)));
  if (k % 100 === 99) await new Promise((done) => setTimeout(done, 1));
}
await until(() => count === Number(many));
await until(() => others === Number(many) + 4);
Object.assign(told, { tags, count, inOrder, self, others, lost: far.lost });

// Nobody reads: the ring is full, what comes then is lost and counted.
const flood = 6000;
for (let k = 0; k < flood; k++) near.send(encodeFrame(head, content(count + k)));
await until(() => count + far.lost - Number(many) >= flood);
Object.assign(told, { flooded: count - Number(many), floodLost: far.lost });

const fault = new Promise<string>((done) => far.closed((error) => done(error?.message ?? "")));
execSync("ip link set far down");
told["down"] = await fault;
try {
  openPacketSocket("far");
} catch (error) {
  told["again"] = error instanceof Error ? error.message : "";
}
near.close();
own.close();
near.send(encodeFrame(head, content(0)));
process.stdout.write(JSON.stringify(told));
