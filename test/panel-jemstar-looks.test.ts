/** How the colour screen of a JEMStar II says what it says: what is selected, what is asked, what there is nothing of. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atPanel, type At } from "./panel-jemstar-rig.ts";

test("without power the glass is the colour screen's, not an LCD's", (t) => {
  const { tell, panel, now } = atPanel(t);
  tell({ command: "powerDown" });
  assert.deepEqual(panel.picture(now()).display, { kind: "dark", glass: "colour" });
});

test("a question stands above its answers", (t) => {
  const { press, screen, words } = atPanel(t);
  press("cover left down set down down down set");
  assert.match(words().join(" "), /reset all user names and passwords\?$/);
  assert.deepEqual(
    screen().parts.map(({ part }) => part),
    ["lines", "menu"],
  );
});

/** All that is selected, as the picture has it. */
function selectedOf({ screen }: At): readonly string[] {
  const { parts, foot } = screen();
  const all = parts.flatMap((one) =>
    one.part === "menu" ? one.items : one.part === "keys" ? one.rows.flat() : one.part === "form" ? one.fields : [],
  );
  const ends = [foot?.back.selected === true ? "Back" : "", foot?.lock?.selected === true ? "Lock" : ""];
  return [...all.filter((one) => one.selected).map(({ text }) => text), ...ends.filter((text) => text !== "")];
}

/** The field that is typed into. */
function editedOf({ part }: At): string | undefined {
  return part("form")?.fields.find(({ edits }) => edits !== undefined)?.label;
}

test("one thing is selected, while a password or a number is typed, too: the key that SET would press", async (t) => {
  const at = atPanel(t);
  at.press(`cover left set ${"down ".repeat(9)} right set set`);
  assert.deepEqual([selectedOf(at), editedOf(at)], [["`"], "Password"]);
  at.press(`${"down ".repeat(9)}`);
  assert.deepEqual([selectedOf(at), editedOf(at)], [["Back"], "Password"]);
  at.press("set");
  await at.logIn();
  at.press("up up left set set");
  assert.deepEqual([at.screen().title, selectedOf(at), editedOf(at)], ["Menu -> PT/CT", ["1"], "PT Pri"]);
});

test("a site alarm display with no alarm says so", (t) => {
  const { press, words } = atPanel(t);
  press("cover left down set down set down down set");
  assert.deepEqual(words(), ["No alarms"]);
});

test("a port and a protocol that are configured are ready, also where no line is plugged in", (t) => {
  const { press, part } = atPanel(t, {
    configuration: "communications: { port4: { protocol: binary, mode: RS-232, baud: 9600, address: 1 } }",
  });
  press("cover left down set set");
  const matrix = part("matrix");
  const serial3 = matrix?.columns.findIndex(({ name }) => name === "Serial3") ?? -1;
  // "Indicates that the port and protocol have been configured and are ready for operation" (Communication Status Display).
  assert.deepEqual(
    matrix?.rows.map(({ name, cells }) => [name, cells[serial3]?.text]).filter(([, text]) => text !== ""),
    [["JEM Binary", "Ready"]],
  );
});
