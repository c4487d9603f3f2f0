/**
 * `npm run kernels`: compiles src/metrology/kernels/*.as.ts (AssemblyScript) into src/metrology/kernels/kernels.wasm.ts. Whoever changes
 * one of them runs it; test/kernels.test.ts compares the two (docs/decisions/016-kernels.md).
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const own = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(own), "..");
const folder = path.join(root, "src", "metrology", "kernels");

/** Where the module lies that the sources are compiled into. */
export const generated = path.join(folder, "kernels.wasm.ts");

/** The sources by name, in the order in which they are compiled. */
export function kernelSources() {
  const names = globSync("*.as.ts", { cwd: folder }).sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
}

/** The module of some sources, as the text of a TypeScript file. Throws with what the compiler found. */
export async function compileKernels(sources) {
  // Of JavaScript's Math what is an instruction; nothing is imported, so nothing aborts.
  const options =
    "--outFile kernels.wasm -O3 --noAssert --runtime stub --enable simd --use Math=NativeMath --use abort=";
  let binary;
  const { error, stderr } = await asc.main([...sources.keys(), ...options.split(" ")], {
    readFile: (name) => sources.get(path.basename(name)) ?? null,
    writeFile: (_, bytes) => (binary = bytes),
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) throw new Error(`the kernels do not compile\n${stderr.toString()}`);
  const base64 = Buffer.from(binary).toString("base64");
  const lines = base64.match(/.{1,110}/g).map((line) => `  "${line}"`);
  return [
    "/** Made by `npm run kernels` from the *.as.ts beside it: a WebAssembly module, in base64. */",
    "export const wasm =",
    `${lines.join(" +\n")};`,
    "",
  ].join("\n");
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === own) {
  const text = await compileKernels(kernelSources());
  writeFileSync(generated, text);
  console.log(`${path.relative(root, generated)}: ${text.length} bytes`);
}
