/** GOOSE of a JEMStar II with option IEC: its inputs go out, GOOSE of others drives them, and who may switches it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GooseMeter, type GooseMeterParts, type GooseSettings } from "#protocol/iec61850/goose/goose-meter.ts";
import { readAllData, readGoosePdu, type GoosePdu } from "#protocol/iec61850/goose/goose-pdu.ts";
import { GooseReceiver } from "#protocol/iec61850/goose/receiver.ts";
import { goosesOf } from "#protocol/iec61850/server/goose-control.ts";
import { iedMeter } from "./iec61850-meter.ts";

test("the inputs of a meter go out within a calculation cycle, and GOOSE of others closes them", (t) => {
  const { host, clock, pass, device } = iedMeter(t);
  const sent: GoosePdu[] = [];
  const told: string[] = [];
  const meter = new GooseMeter(
    {
      host,
      settings: { publish: true, simulated: false, subscribe: [] },
      clock,
      answers: () => true,
      sendOf: () => (pdu) => sent.push(readGoosePdu(pdu.slice())),
      tell: (words) => told.push(words),
    },
    new GooseReceiver(),
  );
  t.after(() => meter.end());
  meter.begin();
  const [goose] = goosesOf(host.ied);
  assert.ok(goose !== undefined, "the factory's control block");
  assert.match(goose.reference, /LLN0\$GO\$gcbDI$/);
  const [first] = sent;
  assert.deepEqual([first?.controlBlock, first?.dataSet, first?.stNum], [goose.reference, goose.dataSetReference, 1]);
  const inputs = device.surface.channels.filter(({ mode }) => mode.startsWith("input"));
  assert.equal(first?.entries, 2 * inputs.length);
  const channel = inputs[1]!.channel;
  assert.equal(host.drive?.(channel, true), undefined);
  pass(0.05);
  const states = new Set(sent.map(({ stNum }) => stNum));
  assert.deepEqual([...states], [1, 2]);
  const values = readAllData(sent.at(-1)!);
  assert.deepEqual(
    inputs.map((_, k) => values[2 * k]),
    inputs.map((one) => ({ kind: "boolean", value: one.channel === channel })),
  );
  assert.match(host.drive?.(99, true) ?? "", /./);
  assert.deepEqual(told, []);
});

test("what a listener cannot do is said at once: an input that is none, a control block without a way, nothing to do", (t) => {
  const { host, clock, device } = iedMeter(t);
  const output = device.surface.channels.find(({ mode }) => !mode.startsWith("input"))?.channel ?? 64;
  const started = (settings: Partial<GooseSettings>, sendOf: GooseMeterParts["sendOf"] = () => () => {}) => {
    const told: string[] = [];
    const parts = { host, clock, answers: () => true, sendOf, tell: (words: string) => void told.push(words) };
    const all = { publish: false, simulated: false, subscribe: [], ...settings };
    const meter = new GooseMeter({ ...parts, settings: all }, new GooseReceiver());
    t.after(() => meter.end());
    meter.begin();
    return told;
  };
  const followed = { controlBlock: "A/LLN0$GO$g", inputs: [{ input: output, value: "0" }], whenGone: "keep" } as const;
  assert.deepEqual(started({ subscribe: [followed] }), [`GOOSE: input ${output}: channel ${output} is no input`]);
  assert.deepEqual(started({}), ["GOOSE: nothing is published here, and nothing followed"]);
  const [goose] = goosesOf(host.ied);
  assert.deepEqual(
    started({ publish: true }, () => "it has no address"),
    [`GOOSE: ${goose?.reference} is not published: it has no address`],
  );
});

test("who may configure switches a control block, and who only reads does not", async (t) => {
  const { host, client } = iedMeter(t);
  const [goose] = goosesOf(host.ied);
  const reader = await client();
  assert.notEqual(reader.mayControl(goose!.reference), undefined);
});
