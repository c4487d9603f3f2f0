/** Control blocks of GOOSE over MMS, against what libiec61850 says of its own (../shared/vectors/mms-walk.txt). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addCauses } from "#protocol/iec61850/server/host.ts";
import { gooseControl, gooseSwitchesOf } from "#protocol/iec61850/server/goose-control.ts";
import { InputsHost } from "./goose-host.ts";
import { serving } from "./mms-serving.ts";

const block = "JEM01MTR/LLN0$GO$gcbDI";
/** Names as MMS writes them: the domain, and "LLN0$GO$gcbDI" with what is in it. */
const named = (item: string): string => {
  const octets = Buffer.from(item).toString("hex");
  const inner = `1a08${Buffer.from("JEM01MTR").toString("hex")}1a${item.length.toString(16).padStart(2, "0")}${octets}`;
  return `a1${(inner.length / 2).toString(16).padStart(2, "0")}${inner}`;
};
const wrapped = (tag: string, content: string): string =>
  `${tag}${(content.length / 2).toString(16).padStart(2, "0")}${content}`;
const variable = (item: string): string => wrapped("30", wrapped("a0", named(item)));
const read = (item: string): string =>
  wrapped("a0", `020130${wrapped("a4", wrapped("a1", wrapped("a0", variable(item))))}`);
const write = (item: string, data: string): string =>
  wrapped("a0", `020130${wrapped("a5", wrapped("a0", variable(item)) + wrapped("a0", data))}`);

test("its type is the one that libiec61850 says", async () => {
  const m = serving(new InputsHost(), [gooseControl]);
  const client = await m.client();
  const [answer] = client.ask(`a02202010d${wrapped("a6", wrapped("a0", named("LLN0$GO$gcbDI")))}`);
  assert.equal(
    answer,
    "a181d802010da681d2800100a281cca281c9a181c6300b8005476f456e61a1028300300c8004476f4944a1048a02ff7f300e8006446174536574a1048a02ff7f" +
      "300e8007436f6e66526576a103860120300c80064e6473436f6da1028300304a800a44737441646472657373a13ca23aa138300b800441646472a1038901" +
      "06300f80085052494f52495459a103860108300a8003564944a103860110300c80054150504944a103860110300e80074d696e54696d65a1038601203" +
      "00e80074d617854696d65a103860120300f800946697865644f666673a1028300",
  );
});

test("its values are those that libiec61850 has of the same one, which is switched off there", async () => {
  const host = new InputsHost();
  const client = await serving(host, [gooseControl]).client();
  gooseSwitchesOf(host.ied).set(block, false);
  assert.deepEqual(client.ask(read("LLN0$GO$gcbDI")), [
    "a156020130a451a14fa24d8301008a134a454d30314d54522f4c4c4e302e67636244498a104a454d30314d54522f4c4c4e302444498601018301" +
      "00a2118906010ccd010001860104860100860101860104860203e8830100",
  ]);
});

test("it is switched on and off by who may, and nothing else of it is written", async () => {
  const host = new InputsHost();
  const switches = gooseSwitchesOf(host.ied);
  let changes = 0;
  switches.changed(() => changes++);
  const client = await serving(host, [gooseControl]).client();
  assert.equal(switches.isOn(block), true);
  // Success is 81 00.
  assert.deepEqual(client.ask(write("LLN0$GO$gcbDI$GoEna", "830100")), ["a107020130a5028100"]);
  assert.deepEqual(client.ask(read("LLN0$GO$gcbDI$GoEna")), ["a10a020130a405a103830100"]);
  assert.deepEqual([switches.isOn(block), changes], [false, 1]);
  client.ask(write("LLN0$GO$gcbDI$GoEna", "8301ff"));
  assert.deepEqual([switches.isOn(block), changes], [true, 2]);
  // Object access denied is 3.
  assert.deepEqual(client.ask(write("LLN0$GO$gcbDI$MinTime", "860101")), ["a108020130a503800103"]);
  assert.deepEqual(client.ask(write("LLN0$GO$gcbDI$GoID", "8a0161")), ["a108020130a503800103"]);
});

test("who may not does not switch it", async () => {
  const host = new InputsHost();
  const admit = host.admit.bind(host);
  host.admit = (client) => {
    const session = admit(client);
    return typeof session === "string"
      ? session
      : { ...session, mayControl: (of) => (of === block ? addCauses.noAccessAuthority : undefined) };
  };
  const client = await serving(host, [gooseControl]).client();
  assert.deepEqual(client.ask(write("LLN0$GO$gcbDI$GoEna", "830100")), ["a108020130a503800103"]);
  assert.equal(gooseSwitchesOf(host.ied).isOn(block), true);
});
