/**
 * `npm run package [folder]`: makes the package that npm installs, polyphase-VERSION.tgz, in a folder (here unless said). What goes
 * into it is put together in dist/package first: the command, the codecs with their types, the page, and a package.json of its own,
 * since what a checkout needs of Node and npm is not what the package needs (docs/decisions/015-the-package.md).
 */
import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "vite";
import { withPackedLinks } from "./packed-links.mjs";
import { buildPage, bundled as bundledByPage } from "./page.mjs";

const own = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(own), "..");
const stage = path.join(root, "dist", "package");

/** What is read at each start is part of the command: a hundred files fewer to be found. What is not named is a dependency. */
const bundled = ["commander", "yaml", "zod"];

/** What goes into the package as it is, beside what is compiled: site/ has what its sites have kept, too. */
const files = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "docs/**/*.{md,png,txt}",
  "packaging/polyphase.service",
  "schema/*.json",
  "site/*.{yaml,txt}",
  "site/scenarios/**/*.yaml",
];

/** What programs may import, by the name that it has there (docs/installing.md). All else may change from one version to the next. */
export const subPaths = {
  modbus: "protocol/modbus/pdu",
  "modbus/rtu": "protocol/modbus/rtu",
  "modbus/registers": "protocol/modbus/register-numbers",
  "modbus/device-identification": "protocol/modbus/device-identification",
  crc16: "wire/crc16",
  crc32: "wire/crc32",
  comtrade: "format/comtrade",
  "comtrade/writer": "format/comtrade-writer",
  pqdif: "format/pqdif/pqdif",
  csv: "format/csv",
  wav: "format/wav",
  recording: "format/recording",
  quantity: "quantity/quantity",
  measure: "quantity/measure",
  "measure-name": "quantity/measure-name",
  unit: "quantity/unit",
};

/** The package's own package.json, made of that of the checkout. */
export function manifestOf({
  name,
  version,
  description,
  license,
  type,
  keywords,
  dependencies,
  optionalDependencies,
}) {
  return {
    name,
    version,
    description,
    license,
    keywords,
    type,
    bin: { polyphase: "bin/polyphase.mjs" },
    exports: {
      ...Object.fromEntries(
        Object.entries(subPaths).map(([as, file]) => [
          `./${as}`,
          { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` },
        ]),
      ),
      "./site.schema.json": "./schema/site.schema.json",
      "./package.json": "./package.json",
    },
    // The codecs name each other across rooms as their sources do.
    imports: { "#*.ts": "./dist/*.js" },
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([of]) => !bundled.includes(of))),
    optionalDependencies,
    engines: { node: ">=26" },
  };
}

/** Standard output is the package's file and nothing else: what tsc finds goes to standard error, and npm says the file's name, too. */
function run(program, ...args) {
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: ["ignore", program === "npm" ? "ignore" : 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`${[path.basename(program), ...args].join(" ")} ended with status ${status}`);
}

/** The codecs and what they import, each a file with its types. */
function compileCodecs() {
  const config = path.join(root, "dist", "tsconfig.json");
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: "../src",
    outDir: "package/dist",
  };
  const codecs = Object.values(subPaths).map((file) => `../src/${file}.ts`);
  writeFileSync(config, JSON.stringify({ extends: "../tsconfig.json", compilerOptions, files: codecs, include: [] }));
  run(process.execPath, "node_modules/typescript/bin/tsc", "-p", config);
}

/** The command, in as few files as its verbs allow: whoever starts one reads what it needs, and nothing of the others. */
async function bundleCommand() {
  await bundle({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    ssr: { noExternal: bundled },
    build: {
      ssr: true,
      // As deep as the sources, which find package.json and the page from where they are.
      outDir: path.join(stage, "dist", "cli"),
      target: "esnext",
      minify: false,
      rolldownOptions: {
        // The command, and what it starts in threads.
        input: ["src/cli/main.ts", "src/web/workbook-thread.ts"],
        output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  });
}

/** What those say of their use whose packages are part of this one. */
function licences() {
  return [...bundled, ...bundledByPage]
    .map((name) => {
      const [file] = globSync("LICENSE*", { cwd: path.join(root, "node_modules", name) });
      if (file === undefined) throw new Error(`${name} has no file with its licence`);
      const text = readFileSync(path.join(root, "node_modules", name, file), "utf8");
      return `${name}\n${"=".repeat(name.length)}\n\n${text.trim()}\n`;
    })
    .join("\n\n");
}

/** Puts the package together in a folder of its own. */
async function build() {
  await buildPage();
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  compileCodecs();
  await bundleCommand();
  writeFileSync(path.join(stage, "dist", "LICENSES.txt"), licences());
  const copy = (from, to) => {
    mkdirSync(path.dirname(path.join(stage, to)), { recursive: true });
    cpSync(path.join(root, from), path.join(stage, to));
  };
  const packed = globSync(files, { cwd: root }).map((file) => file.replaceAll("\\", "/"));
  for (const file of packed) copy(file, file);
  const isPacked = (name) => packed.some((file) => file === name || file.startsWith(`${name}/`));
  for (const page of packed.filter((file) => file.endsWith(".md"))) {
    const text = readFileSync(path.join(root, page), "utf8");
    writeFileSync(path.join(stage, page), withPackedLinks(text, page, isPacked));
  }
  for (const file of globSync("*.{html,js,css}", { cwd: path.join(root, "dist/page") }))
    copy(`dist/page/${file}`, `dist/page/${file}`);
  copy("bin/installed.mjs", "bin/polyphase.mjs");
  copy("bin/started-by.mjs", "bin/started-by.mjs");
  const checkout = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  writeFileSync(path.join(stage, "package.json"), `${JSON.stringify(manifestOf(checkout), undefined, 2)}\n`);
  return `${checkout.name}-${checkout.version}.tgz`;
}

/** Makes the package in a folder and says its file. */
export async function makePackage(folder) {
  const name = await build();
  mkdirSync(folder, { recursive: true });
  run("npm", "pack", stage, "--pack-destination", folder, "--loglevel=error");
  return path.join(folder, name);
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === own) {
  const [folder = "."] = process.argv.slice(2);
  console.log(await makePackage(path.resolve(folder)));
}
