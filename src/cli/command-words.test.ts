/** Commands as people write them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeterCommand } from "#quantity/authority.ts";
import { commandHelp, parseCommand } from "./command-words.ts";
import { Failure } from "./failure.ts";

const file = (name: string): string => `the text of ${name}`;

const said: readonly (readonly [text: string, command: MeterCommand])[] = [
  ["freeze", { command: "freeze" }],
  ["setTime utc=2026-08-01T00:00:00+02:00", { command: "setTime", utc: "2026-08-01T00:00:00+02:00" }],
  ["preset register=2 value=-1.5", { command: "preset", register: 2, value: -1.5 }],
  [
    "presets 2=1000 3=0",
    {
      command: "presets",
      values: [
        { register: 2, value: 1000 },
        { register: 3, value: 0 },
      ],
    },
  ],
  [
    "outputs 3=closed 4=open",
    {
      command: "outputs",
      values: [
        { channel: 3, closed: true },
        { channel: 4, closed: false },
      ],
    },
  ],
  ["enterTestMode", { command: "enterTestMode" }],
  ["enterTestMode register=200 compensate=no", { command: "enterTestMode", register: 200, compensate: false }],
  [
    "configure configuration=jem.yaml check=true",
    { command: "configure", configuration: "the text of jem.yaml", check: true },
  ],
  ["input channel=4 closed=yes", { command: "input", channel: 4, closed: true }],
  ["firmware board=register version=0.0.81", { command: "firmware", board: "register", version: "0.0.81" }],
  ["clearEnergy", { command: "clearEnergy" }],
];

for (const [text, command] of said) {
  test(`"${text}" is a command`, () => {
    const [name = "", ...rest] = text.split(" ");
    assert.deepEqual(parseCommand(name, rest, file), command);
  });
}

const unsaid: readonly (readonly [text: string, why: RegExp])[] = [
  ["explode", /there is no command "explode"; expected one of freeze, billingReset/],
  ["constructor", /there is no command/],
  ["preset register=2", /preset: value is missing; expected preset register=… value=…/],
  ["preset register=2 value=many", /value is a number, not "many"/],
  ["preset register=2 value=", /value is a number, not ""/],
  ["preset register=2 value=1e999", /value is a number/],
  ["preset register=2 register=3 value=1", /register stands there twice/],
  ["freeze now=yes", /it has no now/],
  ["freeze now", /"now" is no key=value/],
  ["freeze constructor=1", /it has no constructor/],
  ["input channel=4 closed=perhaps", /closed is true or false, not "perhaps"/],
  ["outputs 3=toString", /"3=toString" is no CHANNEL=closed\|open/],
  ["outputs", /outputs: nothing is said/],
  ["presets 2.5=1", /"2.5=1" is no REGISTER=VALUE/],
];

for (const [text, why] of unsaid) {
  test(`"${text}" is none, and it says what was expected`, () => {
    const [name = "", ...rest] = text.split(" ");
    assert.throws(
      () => parseCommand(name, rest, file),
      (error) => error instanceof Failure && error.status === 2 && why.test(error.message),
    );
  });
}

test("the help has every command with its arguments", () => {
  assert.match(commandHelp(), /^ {2}preset register=… value=…\n {6}give a register a value; register: its number/m);
  assert.match(commandHelp(), /^ {2}pulses channel=… count=… \[seconds=…\]$/m);
});
