/** A JEMStar II that a site lets listen over everything that carries DLMS on Ethernet, and what it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import type { Link } from "#io/link.ts";
import { connectTcp } from "#io/tcp.ts";
import { connectUdp } from "#io/udp-listener.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import { hdlcCarrier } from "#protocol/dlms/hdlc/primary.ts";
import { wrapperCarrier } from "#protocol/dlms/wrapper.ts";
import { fromHex, toHex } from "./dlms-exchanges.ts";
import { reached, site, type Registers } from "./revenue-running.ts";

const ordered = "JSII-09I6020-1B/2A-DIO-DLMS-NTP";
const clock = new SystemClock();
const addresses = { client: 16, server: 1 };

/** Without authentication, as Gurux for C has it. */
const AARQ = "601DA109060760857405080101BE10040E01000000065F1F0400401E1DFFFF";
/** The manual's four services of those that were proposed: get, set, selective access, blocks of get (0x00101C). */
const CONFORMANCE = "5F1F040000101C";
const GET_CLOCK_NAME = "C001C100080000010000FF0100";
const CLOCK_NAME = "C401C10009060000010000FF";

async function converse(carrier: ApduCarrier): Promise<void> {
  await carrier.open();
  const associated = toHex(await carrier.ask(fromHex(AARQ)));
  assert.match(associated, new RegExp(`^61.*A203020100.*${CONFORMANCE}`));
  assert.equal(toHex(await carrier.ask(fromHex(GET_CLOCK_NAME))), CLOCK_NAME);
}

test("one meter answers through the wrapper over TCP and UDP and by HDLC over TCP, one peer at a time", async (t) => {
  const dlms = ["tcp", "hdlc-over-tcp", "udp"].map((one) => `{ dlms: ${one}, port: 0 }`);
  const { running, get } = await site(t, {
    modelNumber: ordered,
    configuration: "registers: { normal: [{ id: 1, type: communicationStatus }] }",
    listen: ["{ modbus: tcp, port: 0, unit: 1 }", ...dlms].join(", "),
  });
  const portOf = (transport: string): number =>
    Number(new RegExp(`listener +dlms ${transport} 127.0.0.1:(\\d+)`).exec(running.output())?.[1]);
  const status = async (): Promise<string> => (await get<Registers>("/registers/normal")).registers.at(0)?.text ?? "";
  const tcp = await connectTcp("127.0.0.1", portOf("tcp"));
  const first = wrapperCarrier(tcp, addresses, clock, 3000);
  await converse(first);
  // The manual's table has one session of DLMS on an Ethernet port: who comes second is sent away.
  const second = await connectTcp("127.0.0.1", portOf("hdlc-over-tcp"));
  const gone = new Promise<void>((resolve) => second.closed(() => resolve()));
  second.receive(() => {});
  second.send(fromHex("7EA0070321930F017E"));
  await gone;
  await reached(status, (text) => text.includes("Ethernet 1 DLMS Active"));
  await first.close();
  const again = async (): Promise<boolean> => {
    const link = await connectTcp("127.0.0.1", portOf("hdlc-over-tcp"));
    const carrier = hdlcCarrier(link, clock, { addresses, physical: 1, timeoutMs: 3000, retries: 0 });
    try {
      await converse(carrier);
      return true;
    } catch (error) {
      // The place may not be free yet.
      assert.match(String(error), /closed the connection/);
      return false;
    } finally {
      await carrier.close();
    }
  };
  await reached(again, Boolean);
  await reached(status, (text) => text.includes("Ethernet 1 DLMS Ready"));
  const datagrams = wrapperCarrier(await connectUdp("127.0.0.1", portOf("udp")), addresses, clock, 3000);
  await converse(datagrams);
  await datagrams.close();
});

test("a meter that was ordered without DLMS does not have it, and none has two optical ports", async (t) => {
  await assert.rejects(
    site(t, { listen: "{ modbus: tcp, port: 0 }, { dlms: tcp, port: 0 }" }),
    /listen\[1\]: dlms needs option DLMS, which was not ordered/,
  );
  const listen = "{ dlms: optical, device: /dev/one }, { dlms: optical, device: /dev/two }";
  await assert.rejects(
    site(t, { modelNumber: ordered, listen }),
    /listen\[1\]: \/dev\/two would be a second optical port; the meter has one/,
  );
});

test("what strangers send, and leave half said, keeps nobody from reading the meter", async (t) => {
  const kinds = ["tcp", "hdlc-over-tcp", "udp"] as const;
  const listen = ["{ modbus: tcp, port: 0, unit: 1 }", ...kinds.map((one) => `{ dlms: ${one}, port: 0 }`)].join(", ");
  const { running } = await site(t, { modelNumber: ordered, listen });
  const portOf = (transport: string): number =>
    Number(new RegExp(`listener +dlms ${transport} 127.0.0.1:(\\d+)`).exec(running.output())?.[1]);
  // Half a message of the wrapper, of 65,535 bytes; half a frame; a hundred beginnings of frames; noise.
  const beginnings = [
    `000100100001FFFF${"C0".repeat(1000)}`,
    "7EA7FF0321",
    "7EA7F80321107E".repeat(100),
    "DE".repeat(3000),
  ];
  const strangers: Link[] = [];
  for (const kind of kinds) {
    for (let k = 0; k < 40; k++) {
      const link = await (kind === "udp"
        ? connectUdp("127.0.0.1", portOf(kind))
        : connectTcp("127.0.0.1", portOf(kind)));
      link.receive(() => {});
      link.send(fromHex(beginnings[k % beginnings.length] ?? ""));
      strangers.push(link);
    }
  }
  t.after(() => strangers.forEach((link) => link.close()));
  const tcp = wrapperCarrier(await connectTcp("127.0.0.1", portOf("tcp")), addresses, clock, 5000);
  await converse(tcp);
  await tcp.close();
  const again = async (): Promise<boolean> => {
    const link = await connectTcp("127.0.0.1", portOf("hdlc-over-tcp"));
    const carrier = hdlcCarrier(link, clock, { addresses, physical: 1, timeoutMs: 5000, retries: 0 });
    return converse(carrier)
      .then(
        () => true,
        () => false,
      )
      .finally(() => carrier.close());
  };
  await reached(again, Boolean);
  const udp = async (): Promise<boolean> => {
    const carrier = wrapperCarrier(await connectUdp("127.0.0.1", portOf("udp")), addresses, clock, 1000);
    return converse(carrier)
      .then(
        () => true,
        () => false,
      )
      .finally(() => carrier.close());
  };
  await reached(udp, Boolean);
});
