/** Every check of ../shared/cases/recordings prints right: it finds the reader of recordings by its name and compares what that reads. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runProgram, without } from "./interop/programs.ts";

const check = fileURLToPath(new URL("../../shared/cases/recordings/check.mjs", import.meta.url));
// Some of the files are written by a Python program.
const skip = existsSync(check) ? without("python3") : "the recordings of ../shared are not here";

test(
  "every recording of ../shared has the samples, rates, gaps, names and warnings that its table says",
  { skip },
  async () => {
    const { status, out } = await runProgram(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", check],
      120_000,
    );
    const [right, all] = (/(\d+) of (\d+) right\s*$/.exec(out) ?? []).slice(1).map(Number);
    assert.ok(all !== undefined && all >= 50, out);
    assert.equal(right, all, out);
    assert.equal(status, 0, out);
  },
);
