/** Models as SCL: what is written is read again as the same model; what no reader of ours decides, test/interop/scl.test.ts has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { iedOf } from "#protocol/iec61850/model/make-ied.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";
import { usualServices, writeScl } from "#protocol/iec61850/scl/write.ts";
import { draftBytes, octets, skipDraft, small } from "./scl-files.ts";
import { ieds } from "./scl-models.ts";
import { share } from "./share.ts";

const cid = { kind: "cid", services: usualServices } as const;

test("whatever a model is, it is read as it was written", () => {
  fc.assert(
    fc.property(ieds, (ied) => {
      const read = readScl(octets(writeScl(ied, cid)));
      assert.deepEqual(read.problems, []);
      assert.deepEqual(read.ieds[0]?.ied, ied);
    }),
    { numRuns: share(100, 400, 5000) },
  );
});

test("the draft CID is the same model when it is written and read again", { skip: skipDraft }, () => {
  const { ied, address } = readScl(draftBytes()).ieds[0]!;
  const again = readScl(octets(writeScl(ied, { ...cid, address })));
  assert.deepEqual(again.problems, []);
  assert.deepEqual(again.ieds[0]?.ied, ied);
  assert.deepEqual(new Map([...again.ieds[0]!.address].toSorted()), new Map([...address].toSorted()));
});

test("a file is written as the schema has it, types of one shape once", () => {
  const ied = readScl(octets(small)).ieds[0]!.ied;
  const text = writeScl(ied, { ...cid, description: "a & b", address: new Map([["IP", "192.0.2.7"]]) });
  const at = (start: string): string => text.slice(text.indexOf(start), text.indexOf("\n", text.indexOf(start)));
  assert.equal(at("<SCL"), '<SCL xmlns="http://www.iec.ch/61850/2003/SCL" version="2007" revision="B" release="4">');
  assert.equal(
    at("<IED"),
    '<IED name="F1" desc="a &amp; b" type="T9" manufacturer="Who" configVersion="7" originalSclVersion="2007" originalSclRevision="B" originalSclRelease="1">',
  );
  assert.equal(at("<LDevice"), '<LDevice inst="M" ldName="FEEDER">');
  assert.equal(at('<P type="VLAN-ID"'), '<P type="VLAN-ID">00A</P>');
  // Who may write the dead band differs.
  assert.equal(at('<SDO name="phsB"'), '<SDO name="phsB" type="CMV_2"/>');
  assert.equal(at('<SDO name="phsAHar"'), '<SDO name="phsAHar" type="CMV_3" count="2"/>');
  assert.equal(at('<DAI name="SIUnit"'), '<DAI name="SIUnit">');
  assert.equal(at("<Val>V<"), "<Val>V</Val>");
  assert.equal(text.match(/<DAType id="mag"/g)?.length, 1);
  assert.equal(text.match(/sAddr|Private/g), null);
});

test("an ICD is of an IED that has no name yet", () => {
  const ied = readScl(octets(small)).ieds[0]!.ied;
  const read = readScl(octets(writeScl(ied, { ...cid, kind: "icd" })));
  assert.equal(read.ieds[0]?.ied.name, "TEMPLATE");
  assert.equal(read.ieds[0]?.ied.devices[0]?.domain, "FEEDER");
});

test("of the first edition a model is a file of its schema: harmonics are arrays of attributes", () => {
  const ied = iedOf({
    name: "A1",
    edition: "1",
    manufacturer: "who",
    type: "t",
    configVersion: "",
    devices: [
      {
        inst: "M",
        nodes: [
          { lnClass: "LLN0", objects: [{ name: "Mod", cdc: "ENC", of: "BehaviourModeKind", control: 0 }] },
          {
            lnClass: "MHAI",
            inst: "1",
            objects: [{ name: "HA", cdc: "HWYE", parts: ["phsAHar"], points: 3 }],
          },
        ],
      },
    ],
  });
  const text = writeScl(ied, cid);
  assert.match(text, /<SCL xmlns="http:\/\/www.iec.ch\/61850\/2003\/SCL">/);
  assert.match(
    text,
    /<DA name="phsAHar" dchg="true" qchg="true" dupd="true" fc="MX" bType="Struct" type="phsAHar" count="3"\/>/,
  );
  const read = readScl(octets(text));
  assert.deepEqual(read.problems, []);
  assert.equal(read.ieds[0]?.ied.edition, "1");
  assert.equal(read.ieds[0]?.ied.leaves, ied.leaves);
});
