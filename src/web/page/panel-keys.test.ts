/** Which keys of a keyboard stand for which controls of a panel's face. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Control } from "#panel/panel.ts";
import { controlOfKey, keyWords } from "./panel-keys.ts";

const button = (name: string, label: string, key?: string): Control => ({
  name,
  label,
  kind: "button",
  key,
  at: [1, 1],
});
const signed = [
  button("left", "Back", "ArrowLeft"),
  button("minus", "-", "ArrowDown"),
  button("plus", "+", "ArrowUp"),
  button("right", "Next", "ArrowRight"),
];
const worded = [button("read", "READ", "r"), button("up", "+/Up", "ArrowUp"), button("down", "-/Down", "ArrowDown")];

const pairs: readonly (readonly [of: readonly Control[], key: string, name: string | undefined])[] = [
  [signed, "ArrowLeft", "left"],
  [signed, "+", "plus"],
  [signed, "-", "minus"],
  [worded, "+", "up"],
  [worded, "-", "down"],
  [worded, "r", "read"],
  [worded, "R", "read"],
  [worded, "/", undefined],
  [worded, "U", undefined],
  [worded, "arrowup", undefined],
];
for (const [controls, key, name] of pairs)
  test(`${key} stands for ${name ?? "nothing"} of ${controls.map(({ label }) => label).join(", ")}`, () =>
    assert.equal(controlOfKey(controls, key)?.name, name));

test("keys are named as they are on the keyboard; what has none is not named", () =>
  assert.deepEqual(keyWords([...signed, button("more", "More"), button("menu", "Menu", "Escape")]), [
    "← Back",
    "↓ -",
    "↑ +",
    "→ Next",
    "Esc Menu",
  ]));
