/** The section dlms of a JEMStar II's configuration: what Appendix D has where nothing is said, and what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { differences } from "#product/jemstar/configuration-changes.ts";
import { FileError } from "#product/file-error.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";

const ordered = parseModelNumber("JSII-09I6020-1B/2B-DIO/DLMS/DLP");
const read = (text: string) => parseRevenueFile("jem.yaml", text, ordered);
const problemsOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    assert.ok(error instanceof FileError);
    return error.message;
  }
  return "";
};

test("what nobody says of DLMS is Appendix D's", () => {
  const { dlms } = read("");
  assert.equal(dlms.conformance, "manual");
  assert.deepEqual(dlms.hdlc, {
    maxInfoTransmit: 128,
    maxInfoReceive: 128,
    windowTransmit: 1,
    windowReceive: 1,
    segmentation: false,
    inactivitySeconds: 120,
  });
  assert.deepEqual(
    dlms.clients.map(({ sap, authentication, user }) => [sap, authentication, user]),
    [
      [16, ["none"], undefined],
      [1, ["low"], "admin"],
    ],
  );
  assert.deepEqual([dlms.registers.scaler, dlms.registers.width, dlms.profileStatus.normal], [-3, 32, 1]);
  assert.deepEqual([dlms.timeSet, dlms.beyond], [true, "off"]);
});

test("a section that is written out as it is changes nothing, and another takes its privilege", () => {
  const before = read("");
  assert.deepEqual(differences(before, read(JSON.stringify({ dlms: before.dlms }))).sections, []);
  const found = differences(before, read("dlms: { registers: { width: 64 } }"));
  assert.deepEqual(found.lines, ["dlms.registers.width: 32 becomes 64"]);
  assert.deepEqual(found.privileges, ["configureProtocols"]);
  assert.deepEqual(found.anew, []);
});

const refused: readonly [what: string, text: string, problem: RegExp][] = [
  ["two clients of one address", "clients: [{ sap: 16 }, { sap: 16 }]", /clients\[1\]\.sap: another client has 16/],
  ["a password of nobody", "clients: [{ sap: 1, authentication: [low] }]", /clients\[0\]\.user: low-level security/],
  ["a mechanism twice", "clients: [{ sap: 1, authentication: [none, none] }]", /expected each mechanism once/],
  ["signatures of suite 0", "clients: [{ sap: 1, authentication: [high-ecdsa] }]", /suite: signatures are of suites/],
  [
    "a policy without ciphering",
    "clients: [{ sap: 1, authentication: [none], policy: [encrypted request] }]",
    /policy: expected none/,
  ],
  ["no management logical device", "logicalDevices: [{ sap: 2 }]", /expected the management logical device/],
  ["two logical devices of one address", "logicalDevices: [{ sap: 1 }, { sap: 1 }]", /\[1\]\.sap: another has 1/],
  ["a short system title", "systemTitle: '414D4B'", /systemTitle: expected eight bytes in hex/],
];
for (const [what, text, problem] of refused)
  test(`refuses ${what}`, () => assert.match(problemsOf(`dlms: { ${text} }`), problem));
