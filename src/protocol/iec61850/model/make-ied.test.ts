/** Tables of classes, and models that are made of them, against a CID that others' servers run by, and against facts of the namespaces. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { commonDataClasses, isCommonDataClass, type AttributeRow } from "./common-data-classes.ts";
import { enumerationOf, siUnits } from "./enumerations.ts";
import type { DataObject, Leaf } from "./ied.ts";
import { logicalNodeClasses, objectRow, objectRows } from "./logical-node-classes.ts";
import { iedOf, type ObjectPlan } from "./make-ied.ts";
import { LeafIndex, leavesOf } from "./references.ts";

const shared = (name: string): string => `${import.meta.dirname}/../../../../../shared/${name}`;

function madeOf(...objects: readonly ObjectPlan[]) {
  return iedOf({
    name: "JEM01",
    edition: "2",
    manufacturer: "AMETEK",
    type: "JEMStar II",
    configVersion: "1",
    devices: [{ inst: "MTR", nodes: [{ lnClass: "MMXU", inst: "1", objects }] }],
  });
}

const phV: ObjectPlan = {
  name: "PhV",
  cdc: "WYE",
  has: ["instCVal", "ang", "units", "db", "angRef", "d"],
  parts: ["phsA", "phsB"],
  values: { "units.SIUnit": siUnits.V, "units.multiplier": 0, "phsB.db": 500, db: 100, d: "volts" },
  writable: ["db"],
};

function pathsOf(...objects: readonly ObjectPlan[]): string[] {
  return [...leavesOf(madeOf(...objects))].map(({ leaf, path }) => `${path}[${leaf.fc}] ${leaf.type}`);
}

test("a data object has what is mandatory, and of the rest what its plan names, in the order of 7-3", () => {
  assert.deepEqual(pathsOf({ name: "TotW", cdc: "MV", has: ["units"] }), [
    "TotW.mag.f[MX] FLOAT32",
    "TotW.q[MX] Quality",
    "TotW.t[MX] Timestamp",
    "TotW.units.SIUnit[CF] Enum",
    "TotW.units.multiplier[CF] Enum",
  ]);
});

test("objects in an object have the values of the plan, each its own where the plan has one", () => {
  const ied = madeOf(phV);
  const leaves = new LeafIndex(ied);
  const initial = (path: string) => leaves.find("MTR", `MMXU1.${path}`)?.leaf.initial;
  assert.equal(initial("PhV.phsA.db"), 100);
  assert.equal(initial("PhV.phsB.db"), 500);
  assert.equal(initial("PhV.phsA.units.SIUnit"), 29);
  assert.equal(initial("PhV.d"), "volts");
  assert.equal(leaves.find("MTR", "MMXU1.PhV.phsC.q"), undefined);
  assert.equal(leaves.find("MTR", "MMXU1.PhV.phsB.db")?.leaf.writable, true);
  assert.equal(leaves.find("MTR", "MMXU1.PhV.phsA.cVal.ang.f", "MX")?.leaf.type, "FLOAT32");
});

test("leaves are numbered without a gap", () => {
  const ied = madeOf(phV, { name: "HA", cdc: "HWYE", points: 3, parts: ["phsAHar"], has: ["units"] });
  assert.deepEqual(
    [...leavesOf(ied)].map(({ leaf }) => leaf.index).toSorted((a, b) => a - b),
    Array.from({ length: ied.leaves }, (_, k) => k),
  );
});

test("harmonics are an array for each functional constraint", () => {
  const ied = madeOf({ name: "HA", cdc: "HWYE", points: 2, parts: ["phsAHar"], has: ["units"] });
  const [object] = ied.devices[0]?.nodes[0]?.objects ?? [];
  const arrays = object?.attributes.flatMap((one) =>
    one.kind === "array" ? [`${one.name} ${one.fc} ${one.items.length}`] : [],
  );
  assert.deepEqual(arrays, ["phsAHar MX 2", "phsAHar CF 2"]);
  assert.deepEqual(pathsOf({ name: "HA", cdc: "HWYE", points: 2, parts: ["phsAHar"] }).slice(0, 4), [
    "HA.phsAHar(0).cVal.mag.f[MX] FLOAT32",
    "HA.phsAHar(0).q[MX] Quality",
    "HA.phsAHar(0).t[MX] Timestamp",
    "HA.phsAHar(1).cVal.mag.f[MX] FLOAT32",
  ]);
});

test("what is operated has what its control model needs (8-1, 7-2 clause 20)", () => {
  const controls = (control: 1 | 2 | 3 | 4): string[] => {
    const [object] = madeOf({ name: "SPCSO1", cdc: "SPC", control }).devices[0]?.nodes[0]?.objects ?? [];
    return object?.attributes.map(({ name }) => name) ?? [];
  };
  const always = ["origin", "ctlNum", "stVal", "q", "t"];
  assert.deepEqual(controls(1), [...always, "ctlModel", "Oper"]);
  assert.deepEqual(controls(2), [...always, "stSeld", "ctlModel", "sboTimeout", "sboClass", "SBO", "Oper", "Cancel"]);
  assert.deepEqual(controls(3), [...always, "ctlModel", "operTimeout", "Oper"]);
  assert.deepEqual(controls(4), [
    ...always,
    "stSeld",
    "ctlModel",
    "sboTimeout",
    "sboClass",
    "operTimeout",
    "SBOw",
    "Oper",
    "Cancel",
  ]);
});

test("the first edition has INC for ENC, INS for ENS, and counters of 128 bits", () => {
  const ied = iedOf({
    name: "JEM01",
    edition: "1",
    manufacturer: "AMETEK",
    type: "JEMStar II",
    configVersion: "1",
    devices: [
      {
        inst: "MTR",
        nodes: [
          {
            lnClass: "LLN0",
            objects: [
              { name: "Mod", cdc: "ENC", of: "BehaviourModeKind", control: 0 },
              { name: "Beh", cdc: "ENS", of: "BehaviourModeKind" },
              { name: "SupWh", cdc: "BCR", has: ["actVal", "t"] },
            ],
          },
        ],
      },
    ],
  });
  assert.deepEqual(
    ied.devices[0]?.nodes[0]?.objects.map(({ cdc }) => cdc),
    ["INC", "INS", "BCR"],
  );
  const leaves = new LeafIndex(ied);
  assert.equal(leaves.find("MTR", "LLN0.Mod.stVal")?.leaf.type, "Enum");
  assert.equal(leaves.find("MTR", "LLN0.Beh.stVal")?.leaf.enumeration, enumerationOf("BehaviourModeKind"));
  assert.equal(leaves.find("MTR", "LLN0.SupWh.actVal")?.leaf.type, "INT128");
});

test("a plan that names what its class has not is an error", () => {
  assert.throws(() => madeOf({ name: "TotW", cdc: "MV", has: ["stVall"] }), /TotW: a MV has no stVall/);
  assert.throws(() => madeOf({ name: "PhV", cdc: "WYE", parts: ["phsAB"] }), /PhV: a WYE has no phsAB/);
  assert.throws(() => madeOf({ name: "Beh", cdc: "ENS" }), /Beh: of which enumeration/);
});

// ── the draft of a CID, by which libiec61850's server runs ──────────────────────────────────────────────────────────

const draft = shared("data/jemstar-draft.cid");
const skip = existsSync(draft) ? false : "../shared/data/jemstar-draft.cid is not there";
const attribute = (text: string, name: string): string => new RegExp(`\\s${name}="([^"]*)"`).exec(text)?.[1] ?? "";

test(
  "every attribute of the draft CID is in its class, with its constraint, its type and its triggers",
  { skip },
  () => {
    const text = readFileSync(draft, "utf8");
    let seen = 0;
    for (const [type = ""] of text.matchAll(/<DOType\s[\s\S]*?<\/DOType>/g)) {
      const cdc = attribute(type, "cdc");
      assert(isCommonDataClass(cdc), cdc);
      const rows: readonly AttributeRow[] = commonDataClasses[cdc].attributes;
      for (const [da = ""] of type.matchAll(/<DA\s[^>]*>/g)) {
        const name = attribute(da, "name");
        if (["Oper", "SBO", "SBOw", "Cancel"].includes(name)) continue;
        const row = rows.find(([one]) => one === name);
        assert(row !== undefined, `${cdc}.${name}`);
        assert.equal(row[1], attribute(da, "fc"), `${cdc}.${name}`);
        const bType = attribute(da, "bType");
        if (bType !== "Struct" && bType !== "Enum") assert.equal(row[2], bType, `${cdc}.${name}`);
        if (attribute(da, "dchg") === "true") assert.match(row[3], /d/, `${cdc}.${name}`);
        if (attribute(da, "qchg") === "true") assert.match(row[3], /q/, `${cdc}.${name}`);
        seen++;
      }
    }
    assert(seen > 50, `${seen}`);
  },
);

test(
  "every data object of the draft CID is in its class of logical nodes, with its common data class",
  { skip },
  () => {
    const text = readFileSync(draft, "utf8");
    const cdcOf = new Map(
      [...text.matchAll(/<DOType id="([^"]*)" cdc="([^"]*)"/g)].map(([, id = "", cdc = ""]) => [id, cdc]),
    );
    let seen = 0;
    for (const [node = ""] of text.matchAll(/<LNodeType\s[\s\S]*?<\/LNodeType>/g)) {
      const lnClass = attribute(node, "lnClass");
      for (const [one = ""] of node.matchAll(/<DO\s[^>]*>/g)) {
        const row = objectRow(lnClass, attribute(one, "name"));
        assert.equal(row?.[1], cdcOf.get(attribute(one, "type")), `${lnClass}.${attribute(one, "name")}`);
        seen++;
      }
    }
    assert(seen > 80);
  },
);

// ── facts of the namespaces ─────────────────────────────────────────────────────────────────────────────────────────

test("classes have their bases' data objects before their own", () => {
  assert.deepEqual(
    objectRows("MMTR")
      .map(([name]) => name)
      .slice(0, 6),
    ["NamPlt", "Beh", "Health", "Mir", "Mod", "InRef"],
  );
  assert.equal(objectRow("GGIO", "Ind12")?.[1], "SPS");
  assert.equal(objectRow("GGIO", "SPCSO4")?.[1], "SPC");
  assert.equal(objectRow("MMXU", "TotW2"), undefined);
  assert.equal(objectRow("XCBR", "Pos"), undefined);
});

test("no class names a data object twice", () => {
  for (const lnClass of Object.keys(logicalNodeClasses)) {
    const names = objectRows(lnClass).map(([name]) => name);
    assert.deepEqual([...new Set(names)], names, lnClass);
  }
});

test("the units of facts are those of the enumeration", () => {
  const words = enumerationOf("SIUnitKind").words;
  for (const [unit, ordinal] of Object.entries(siUnits)) assert.equal(words[ordinal], unit === "none" ? "" : unit);
});

test("a leaf of an enumeration says its words", () => {
  const ied = madeOf({ name: "AffPhs", cdc: "ENS", of: "AffectedPhasesKind" });
  const isWords = ({ objects }: { readonly objects: readonly DataObject[] }): Leaf | undefined => {
    const [found] = objects[0]?.attributes ?? [];
    return found?.kind === "leaf" ? found : undefined;
  };
  const node = ied.devices[0]?.nodes[0];
  assert.equal(node && isWords(node)?.enumeration?.words[7], "PhaseABC");
});
