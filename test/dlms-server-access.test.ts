/** ACCESS on the server: D9, long invoke id, date-time, specifications, data; answered by DA (Green Book 9.3.9, 9.5). */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import { octets } from "#protocol/dlms/data/data.ts";
import { fromHex } from "./dlms-exchanges.ts";
import { goldenServices } from "./dlms-host.ts";
import { aarq, GET_VALUE, talking, VALUE, type Talking } from "./dlms-talking.ts";

async function associated(services: readonly Service[] = ["access"], pdu = "FFFF"): Promise<Talking> {
  const talk = talking({ settings: { conformance: new Set<Service>([...goldenServices, ...services]) } });
  await talk.ask(aarq({ proposed: "FFFFFF", pdu }));
  return talk;
}

const VALUE_OF = "00030100010700FF02";
const TEXT = "00010000600100FF02";
const ECHO = "00010000600100FF01";

test("GET, SET and ACTION in one request are done in their order, each with its data and its result", async () => {
  const talk = await associated();
  const request =
    `D9${"40000001"}00` +
    `04${`01${VALUE_OF}`}${`02${TEXT}`}${`01${TEXT}`}${`03${ECHO}`}` +
    "04" +
    "00" +
    "09021122" +
    "00" +
    "1105";
  // What is set is what the next one gets.
  assert.equal(
    await talk.ask(request),
    `DA${"40000001"}0000` + "04" + "060012D687" + "00" + "09021122" + "1105" + "04" + "0100" + "0200" + "0100" + "0300",
  );
  assert.deepEqual(talk.host.text, octets(fromHex("1122")));
});

test("a selection is taken, and specifications are said again to who asks for it", async () => {
  const talk = await associated();
  const entries = "02020406000000020600000002120001120002";
  const specification = `04${"000701006301" + "00FF02"}${entries}`;
  assert.equal(
    await talk.ask(`D9${"50000002"}00` + `01${specification}` + "0100"),
    `DA${"50000002"}0001` +
      `01${specification}` +
      "01" +
      "01010202090C07E902130315150000000000" +
      "0600000001" +
      "01" +
      "0100",
  );
});

test("what fails has null-data and its reason, and ends the rest where that is wished", async () => {
  const request = (invoke: string): string =>
    `D9${invoke}00` +
    `03${`01${"0003010063630" + "0FF02"}`}${`02${VALUE_OF}`}${`01${VALUE_OF}`}` +
    "03" +
    "00" +
    "0600000005" +
    "00";
  const talk = await associated();
  assert.equal(
    await talk.ask(request("40000003")),
    "DA400000030000" + "030000060012D687" + "03" + "0104" + "0203" + "0100",
  );
  assert.equal(await talk.ask(request("60000003")), "DA600000030000" + "03000000" + "03" + "0104" + "02FA" + "01FA");
});

test("what wants no answer is done and not answered; what is not agreed, cut or too long is refused", async () => {
  const talk = await associated(["access"], "0040");
  assert.equal(await talk.ask(`D9${"00000004"}00` + `01${`02${TEXT}`}` + "01" + "09023344"), undefined);
  assert.deepEqual(talk.host.text, octets(fromHex("3344")));
  assert.equal(await talk.ask(`D9${"40000005"}00` + `01${`01${"00070100630100FF02"}`}` + "0100"), "D80104");
  assert.equal(await talk.ask(`D9${"40000005"}00` + `01${`01${VALUE_OF}`}` + "00"), "D80103");
  assert.equal(await talk.ask(`D9${"40000005"}00` + `01${`06${VALUE_OF}`}` + "0100"), "D80103");
  assert.equal(await talk.ask("D9"), "D80103");
  assert.equal(await (await associated([])).ask(`D9${"40000005"}00` + `01${`01${VALUE_OF}`}` + "0100"), "D80102");
  assert.equal(await talking().ask(`D9${"40000005"}00` + `01${`01${VALUE_OF}`}` + "0100"), "D80101");
  assert.equal(await talk.ask(GET_VALUE), VALUE);
});

test("a long answer comes in general blocks where they are agreed", async () => {
  const talk = await associated(["access", "general-block-transfer"], "0040");
  const answer = await talk.ask(`D9${"40000006"}00` + `01${`01${"00070100630100FF02"}`}` + "0100");
  assert.match(answer ?? "", /^E001000100003[0-9A]DA40000006/);
});
