/** A JEMStar II's DLMS on serial lines and an optical head, which are socat's pseudo-terminals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import path from "node:path";
import { SystemClock } from "#clock/system-clock.ts";
import { openSerial } from "#io/serial.ts";
import { hdlcCarrier } from "#protocol/dlms/hdlc/primary.ts";
import { opticalReader } from "#protocol/iec62056-21/sign-on.ts";
import { mkdirSync } from "node:fs";
import { fromHex, toHex } from "../dlms-exchanges.ts";
import { reached, site, type Registers } from "../revenue-running.ts";
import { temporaryFolder } from "../running-site.ts";
import { serialLine, without } from "./programs.ts";

const clock = new SystemClock();
const AARQ = "601DA109060760857405080101BE10040E01000000065F1F0400401E1DFFFF";
/** With low-level security and the password "admin", which its user has from the factory. */
const LOW =
  "6033A109060760857405080101" +
  "8A0207808B0760857405080201AC07800561646D696E" +
  "BE10040E01000000065F1F0400401E1DFFFF";
const GET_CLOCK_NAME = "C001C100080000010000FF0100";
const CLOCK_NAME = "C401C10009060000010000FF";

test(
  "HDLC on a serial line, and on an optical head after a sign-on at 300 baud; each port shows who has connected",
  { skip: without("socat") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const lines = ["line", "head"].map((name) => path.join(folder, name));
    for (const line of lines) mkdirSync(line);
    const [near, far] = await serialLine(t, lines[0] ?? "");
    const [nearHead, farHead] = await serialLine(t, lines[1] ?? "");
    const { get } = await site(t, {
      modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP",
      configuration: `
registers: { normal: [{ id: 1, type: communicationStatus }] }
communications: { optical: { protocol: dlms, address: 17 }, port3: { protocol: dlms, address: 17 } }
`,
      listen: `{ modbus: tcp, port: 0, unit: 1 }, { dlms: hdlc, device: ${near} }, { dlms: optical, device: ${nearHead} }`,
    });
    const status = async (): Promise<string> => (await get<Registers>("/registers/normal")).registers[0]?.text ?? "";
    const options = { addresses: { client: 16, server: 1 }, physical: 17, timeoutMs: 3000 };
    assert.match(await status(), /Serial 3 DLMS Ready.*Optical DLMS Ready|Optical DLMS Ready.*Serial 3 DLMS Ready/);

    const line = await openSerial({ device: far, baud: 9600, parity: "none" });
    const head = await openSerial({ device: farHead, baud: 300, parity: "none" });
    t.after(() => (line.close(), head.close()));
    const optical = opticalReader(head, head.pace, clock, { timeoutMs: 3000 });
    const before = async (): Promise<void> => {
      const who = await optical.signOn();
      assert.deepEqual([who.manufacturer.length, who.baud, who.enhanced], [3, "5", ["2"]]);
    };
    const carriers = [
      ["Serial 3", hdlcCarrier(line, clock, options)],
      ["Optical", hdlcCarrier(optical.link, clock, { ...options, before })],
    ] as const;
    for (const [port, carrier] of carriers) {
      await carrier.open();
      assert.match(toHex(await carrier.ask(fromHex(AARQ))), /^61.*A203020100.*5F1F040000101C/, port);
      assert.equal(toHex(await carrier.ask(fromHex(GET_CLOCK_NAME))), CLOCK_NAME, port);
      await reached(status, (text) => text.includes(`${port} DLMS Active`));
      await carrier.close();
      await reached(status, (text) => text.includes(`${port} DLMS Ready`));
    }
  },
);

test(
  "a factory password works before the meter, at its optical port, and not on a serial line that ends anywhere",
  { skip: without("socat") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const lines = ["line", "head"].map((name) => path.join(folder, name));
    for (const line of lines) mkdirSync(line);
    const [near, far] = await serialLine(t, lines[0] ?? "");
    const [nearHead, farHead] = await serialLine(t, lines[1] ?? "");
    await site(t, {
      modelNumber: "JSII-09I6020-1B/2A-DIO-DLMS-NTP",
      listen: `{ dlms: hdlc, device: ${near} }, { dlms: optical, device: ${nearHead}, signOn: none }`,
    });
    for (const [device, accepted] of [
      [far, false],
      [farHead, true],
    ] as const) {
      const line = await openSerial({ device, baud: 9600, parity: "none" });
      t.after(() => line.close());
      const carrier = hdlcCarrier(line, clock, { addresses: { client: 1, server: 1 }, physical: 1, timeoutMs: 3000 });
      await carrier.open();
      assert.match(toHex(await carrier.ask(fromHex(LOW))), accepted ? /A203020100/ : /A203020101A305A10302010D/);
      await carrier.close();
    }
  },
);
