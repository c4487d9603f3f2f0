/** A meter that somebody types: as the site file has it, and to which field what is wrong belongs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { draftOf, emptyDraft, entryOf, fieldOf, isBegun, listenersOf, problemsByField } from "#web/page/add-draft.ts";

const listeners = [
  { protocol: "modbus", title: "Modbus", transport: "tcp", over: "tcp", port: 1502 },
  { protocol: "modbus", title: "Modbus", transport: "rtu", over: "serial" },
  { protocol: "modbus", title: "Modbus", transport: "tls", over: "tls", port: 1802 },
  { protocol: "dnp3", title: "DNP3", transport: "tcp", over: "tcp", port: 20_000 },
];
const models = [
  { name: "leviton-s4100", title: "S4100", protocols: ["modbus"], made: true, read: true },
  { name: "self-describing", title: "", protocols: [], made: false, read: true },
];
const made = { ...emptyDraft, name: "pump", model: "leviton-s4100" };

test("what is typed is what the site file has", () => {
  assert.deepEqual(entryOf({ ...made, volts: "277, 277.5 276", amps: "80", pf: "0.92" }, listeners), {
    name: "pump",
    model: "leviton-s4100",
    source: { synthetic: { hz: 50, volts: [277, 277.5, 276], amps: 80, pf: 0.92 } },
  });
  assert.deepEqual(
    entryOf(
      {
        ...made,
        source: "live",
        settings: "systemType: 40\n\nct: x: 1\n",
        listener: "modbus tcp",
        place: "1503",
        unit: "7",
      },
      listeners,
    ),
    {
      name: "pump",
      model: "leviton-s4100",
      source: { live: {} },
      settings: { systemType: 40, ct: "x: 1" },
      listen: [{ modbus: "tcp", port: 1503, unit: 7 }],
    },
  );
  assert.deepEqual(
    entryOf({ ...made, source: "live", listener: "modbus rtu", place: " /dev/ttyUSB0 " }, listeners)["listen"],
    [{ modbus: "rtu", device: "/dev/ttyUSB0", unit: 1 }],
  );
  assert.deepEqual(entryOf({ ...made, kind: "read", url: " modbus://10.0.0.7/1 ", every: "1s" }, listeners)["source"], {
    read: { url: "modbus://10.0.0.7/1", every: "1s" },
  });
});

test("what is no number stays what was typed, so that the site says what it expected", () => {
  const { source } = entryOf({ ...made, hz: "fast", volts: "", amps: "1, two", pf: " " }, listeners);
  assert.deepEqual(source, { synthetic: { hz: "fast", volts: [], amps: [1, "two"], pf: [] } });
});

test("what is wrong belongs to the field that says it", () => {
  assert.equal(fieldOf("name: another meter is called pump"), "name");
  assert.equal(fieldOf("source.synthetic.volts[1]: expected a number"), "volts");
  assert.equal(fieldOf("settings.ctPrimary: expected 1 to 32000"), "settings");
  assert.equal(fieldOf("listen[0].port: expected at most 65535"), "place");
  assert.equal(fieldOf("listen[0].unit: expected 1"), "unit");
  assert.equal(fieldOf("listen[0]: another program uses it"), "place");
  assert.equal(fieldOf("names: no such key"), undefined);
  const by = problemsByField(["name: x", "store: y", "name: z"]);
  assert.deepEqual([by.get("name"), by.get("")], [["name: x", "name: z"], ["store: y"]]);
});

test("a model is offered what it speaks, as far as a field or two say where", () => {
  assert.deepEqual(
    listenersOf({ models, listeners }, "leviton-s4100").map(({ transport }) => transport),
    ["tcp", "rtu"],
  );
  assert.deepEqual(listenersOf({ models, listeners }, "self-describing"), []);
});

test("a unit that was found is a meter that is read, called as no other is", () => {
  const found = { unit: 3, by: "server id", text: "", url: "modbus://h:1502/3", models: ["leviton-s4100"] };
  const draft = draftOf(found, new Set(["s4100-3", "s4100-3.2"]));
  assert.deepEqual(
    [draft.kind, draft.name, draft.model, draft.url],
    ["read", "s4100-3.3", "leviton-s4100", "modbus://h:1502/3"],
  );
  assert.equal(isBegun(draft), true);
  assert.equal(isBegun(draftOf({ ...found, models: [] }, new Set())), false, "its model is for whoever knows it");
});
