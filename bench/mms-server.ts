/**
 * One server of the comparison, in its own process: ours with the model of a meter, as many of them as are asked for; or no more than the layers
 * under MMS, with one answer to whatever comes. Tells its ports, and its CPU seconds when asked.
 */
import { SystemClock } from "#clock/system-clock.ts";
import { listenTcp } from "#io/tcp.ts";
import type { Link } from "#io/link.ts";
import type { Attribute, Ied } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import { mmsServer } from "#protocol/iec61850/server/server.ts";
import { TestHost } from "../test/mms-serving.ts";
import { benchIed } from "./mms-model.ts";

const clock = new SystemClock();

/** A value for each leaf: numbers of their own, and instants. */
function valuesOf(ied: Ied): LeafValue[] {
  const values: LeafValue[] = Array.from({ length: ied.leaves });
  const set = (of: Attribute): void => {
    if (of.kind === "structure") for (const field of of.fields) set(field);
    else if (of.kind === "array") for (const item of of.items) set(item);
    else if (of.type === "FLOAT32") values[of.index] = 230.5 + of.index;
    else if (of.type === "Timestamp")
      values[of.index] = { utc: 1.8e12, leapSecondsKnown: true, clockFailure: false, notSynchronised: false };
    else if (of.type === "BOOLEAN") values[of.index] = true;
    else if (/^(INT|Enum|Quality)/.test(of.type)) values[of.index] = of.type === "INT64" ? 1n : 1;
  };
  const all = (objects: Ied["devices"][0]["nodes"][0]["objects"]): void => {
    for (const { attributes, objects: inner } of objects) {
      for (const one of attributes) set(one);
      all(inner);
    }
  };
  for (const device of ied.devices) for (const { objects } of device.nodes) all(objects);
  return values;
}

async function listening(serve: (link: Link) => void): Promise<number> {
  return (await listenTcp({ host: "127.0.0.1", port: 0, maxConnections: 64, clock }, serve)).port;
}

async function ours(count: number): Promise<number[]> {
  const { ied } = benchIed();
  const values = valuesOf(ied);
  const hosts: TestHost[] = [];
  const ports = await Promise.all(
    Array.from({ length: count }, () => {
      const host = new TestHost(ied);
      hosts.push(host);
      host.set(values);
      const server = mmsServer(host, { clock });
      return listening((link) => {
        const line = server.line({ peer: link.peer, near: true, rights: "write" });
        acceptAssociations(link, { clock, accept: (request) => line.accept(request), user: (one) => line.user(one) });
      });
    }),
  );
  // As a meter's do, its numbers change every second.
  let seconds = 0;
  setInterval(() => {
    seconds++;
    const next = values.map((value) => (typeof value === "number" ? value + seconds / 8 : value));
    for (const host of hosts) host.set(next);
  }, 1000);
  return ports;
}

async function layers(): Promise<number[]> {
  const initiate = Buffer.from(
    "a926800300fde881010582010583010aa416800101810305f100820c03ee1c00000002000040ed18",
    "hex",
  );
  /** A read of one float. */
  const answer = Buffer.from("a10e020101a409a1078705084048f5c3", "hex");
  const port = await listening((link) =>
    acceptAssociations(link, {
      clock,
      accept: () => ({ accepted: true, initiate }),
      user: (association) => ({ received: () => association.send(answer), over() {} }),
    }),
  );
  return [port];
}

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.send?.(process.argv[2] === "layers" ? await layers() : await ours(Number(process.argv[3])));
process.on("disconnect", () => process.exit());
