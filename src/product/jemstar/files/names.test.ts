/** Names of files: the manual's table and its example. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { instantOfUtc, pqdifName, recordingName, serialInNames, typeNumber, type DataType } from "./file-names.ts";
import { MANUAL_UTC } from "./captured-fixture.ts";

test("the manual's example has its name: spaces of the serial number are left out", () => {
  const serial = serialInNames("14 23 00003");
  const type = typeNumber(["sagSwell", "waveform", "rms"]);
  assert.equal(pqdifName(serial, instantOfUtc(MANUAL_UTC), type), "142300003_1454408745_133724_07.pqd");
});

// PQDIF File Naming Convention, table of data types.
const types: readonly (readonly [printed: string, contents: readonly DataType[]])[] = [
  ["01", ["sagSwell"]],
  ["02", ["waveform"]],
  ["03", ["sagSwell", "waveform"]],
  ["04", ["rms"]],
  ["05", ["sagSwell", "rms"]],
  ["06", ["waveform", "rms"]],
  ["07", ["sagSwell", "waveform", "rms"]],
  ["08", ["measurementLog"]],
  ["16", ["rapidVoltageChange"]],
  ["18", ["rapidVoltageChange", "waveform"]],
  ["20", ["rapidVoltageChange", "rms"]],
  ["22", ["rapidVoltageChange", "waveform", "rms"]],
  ["32", ["interruption"]],
  ["34", ["interruption", "waveform"]],
  ["36", ["interruption", "rms"]],
  ["38", ["interruption", "waveform", "rms"]],
];
for (const [printed, contents] of types) {
  test(`${printed}: ${contents.join(", ")}`, () => {
    assert.equal(pqdifName("142300003", 0, typeNumber(contents)), `142300003_0_0_${printed}.pqd`);
    // Two waveforms are no more than one.
    assert.equal(typeNumber([...contents, ...contents]), typeNumber(contents));
  });
}

test("a daily file is 128; the number of a log precedes its 08; microseconds have as many digits as they need", () => {
  assert.equal(pqdifName("142300003", 1_481_155_200e6, 128), "142300003_1481155200_0_128.pqd");
  assert.equal(
    pqdifName("142300003", 1_481_155_200e6, typeNumber(["measurementLog"]), 2),
    "142300003_1481155200_0_02_08.pqd",
  );
  assert.equal(pqdifName("154800417", 1_578_647_386e6 + 34_738, 7), "154800417_1578647386_34738_07.pqd");
  assert.equal(recordingName("1", 5e6 + 7, "rms"), "hsrms/1_5_7_rms.cff");
  assert.equal(recordingName("1", 5e6 + 7, "high"), "wfc/1_5_7_high.cff");
  assert.match(recordingName(serialInNames("a b/c,ü%7"), 0, "low"), /^wfc\/abc7_0_0_low\.cff$/);
});
