/** The page says what is in a file by the manual's table of data types (PQDIF File Naming Convention). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileWords, hasTraces } from "../src/web/page/file-words.ts";

const words = {
  "01": "sag or swell",
  "02": "waveforms",
  "03": "sag or swell, waveforms",
  "04": "RMS of half cycles",
  "05": "sag or swell, RMS of half cycles",
  "06": "waveforms, RMS of half cycles",
  "07": "sag or swell, waveforms, RMS of half cycles",
  "16": "rapid voltage change",
  "18": "rapid voltage change, waveforms",
  "20": "rapid voltage change, RMS of half cycles",
  "22": "rapid voltage change, waveforms, RMS of half cycles",
  "32": "interruption",
  "34": "interruption, waveforms",
  "36": "interruption, RMS of half cycles",
  "38": "interruption, waveforms, RMS of half cycles",
  "128": "a day of recordings",
} as const;

test("a file says what is in it, by the manual's table", () => {
  for (const [type, said] of Object.entries(words))
    assert.equal(fileWords(`142300003_1454408745_133724_${type}.pqd`), said);
  assert.equal(fileWords("142300003_1454408745_5_02_08.pqd"), "measurement log 2");
  // Two digits of microseconds are none of a log.
  assert.equal(fileWords("142300003_1454408745_12_07.pqd"), words["07"]);
});

test("a file of another name is called by it", () => {
  for (const name of [
    "142300003_1454408745_133724_00.pqd",
    "142300003_1454408745_133724_64.pqd",
    "events.pqd",
    "a_07.pqd",
  ])
    assert.equal(fileWords(name), name);
});

test("what is drawn by time is opened: recordings and logs, not what only says that something happened", () => {
  const of = (type: string): boolean => hasTraces(`142300003_1454408745_133724_${type}.pqd`);
  assert.deepEqual(["01", "02", "04", "07", "08", "16", "32", "128"].map(of), [
    false,
    true,
    true,
    true,
    true,
    false,
    false,
    true,
  ]);
  assert.equal(hasTraces("events.pqd"), false);
});
