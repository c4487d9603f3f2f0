/** The compiled kernels are those of the sources beside them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileKernels, generated, kernelSources } from "../bin/kernels.mjs";

test("the module is what the sources compile into: npm run kernels", async () => {
  assert.equal(readFileSync(generated, "utf8"), await compileKernels(kernelSources()));
});

test("planted and reported: a source that has changed, and one that is none", async () => {
  const sources = kernelSources();
  const name = "resample.as.ts";
  const text = sources.get(name) ?? "";
  const changed = text.replace("ab0 = f64x2.add(", "ab0 = f64x2.sub(");
  assert.notEqual(changed, text);
  assert.notEqual(readFileSync(generated, "utf8"), await compileKernels(new Map([...sources, [name, changed]])));
  const broken = new Map([...sources, [name, text.replace("let low", "let high")]]);
  await assert.rejects(compileKernels(broken), /the kernels do not compile[\s\S]*Cannot find name 'low'/);
});
