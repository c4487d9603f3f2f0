/** The command as a whole: its help, its words, how it ends. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { deviceOf } from "#product/jemstar/product.ts";
import { jemStar } from "./authority-rig.ts";
import { protocols as table } from "#fleet/protocols/table.ts";
import { verbs } from "../src/cli/verbs.ts";
import { main, run } from "./cli-run.ts";
import { temporaryFolder } from "./running-site.ts";

const names = Object.keys(verbs);

test("help is there for the command and every verb, and says how to begin", async () => {
  const top = await run("--help");
  assert.equal(top.status, 0);
  assert.match(top.out, /polyphase up site\/demo\.yaml/);
  assert.match(top.out, /Exit status: 0 /);
  for (const verb of names) {
    assert.match(top.out, new RegExp(`^  ${verb} `, "m"));
    const help = await run(verb, "--help");
    assert.equal(help.status, 0, verb);
    assert.match(help.out, new RegExp(`Usage: npx polyphase ${verb}`));
  }
});

test("the version is that of the package, beside that of the Node that runs it", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  for (const flag of ["--version", "-V"])
    assert.deepEqual(await run(flag), {
      status: 0,
      out: `polyphase ${version}, Node ${process.version}\n`,
      err: "",
    });
});

test("wrong words end with status 2 and the way to the help", async () => {
  for (const [args, says] of [
    [["fly"], /unknown command 'fly'[^]*--help/],
    [["raed"], /unknown command 'raed'[^]*Did you mean read\?/],
    [["user", "add"], /missing required argument 'name'[^]*npx polyphase user add --help/],
    [["user", "add", "b b"], /"b b" is no name/],
    [["user", "role", "ann"], /--role is needed: what ann may do, one of viewer, operator, owner/],
    [["user", "role", "ann", "--role", "onwer"], /--role: expected one of .*; found "onwer"; did you mean owner\?/],
    [["up", "/nowhere/site.yaml"], /cannot read \/nowhere\/site\.yaml: there is no such file/],
    [
      ["profile", "http://127.0.0.1:1/api/meters/x", "--days", "-1"],
      /--days: expected a whole number from 0, found "-1"/,
    ],
    [["profile", "http://127.0.0.1:1/api/meters/x", "--from", "July"], /--from: expected a local time, like /],
    [["command", "http://127.0.0.1:1/api/meters/x", "freez"], /there is no command "freez"; .*did you mean freeze\?/],
  ] as const) {
    const { status, err } = await run(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, says);
  }
});

/** Where nothing listens (RFC 6335: tcpmux, which nobody has any more). */
const MODBUS = "modbus://127.0.0.1:1/1";
const DNP3 = "dnp3://127.0.0.1:1/1";
const HTTP = "http://127.0.0.1:1/api/meters/m";

/** Words of every verb, and the status that they end with; BAD is a file that is no site, no configuration and no record. */
const statuses: Readonly<Record<string, readonly (readonly [status: 0 | 1 | 2, words: readonly string[]])[]>> = {
  init: [[1, ["/nowhere/site.yaml"]]],
  check: [
    [2, ["BAD"]],
    [2, ["/nowhere/site.yaml"]],
  ],
  up: [
    [2, ["BAD"]],
    [2, ["/nowhere/site.yaml"]],
  ],
  read: [
    [2, []],
    [2, [MODBUS, "--model", "nothing"]],
    [2, [MODBUS, "--model", "leviton-s4100", "--timeout", "soon"]],
    [1, [MODBUS, "--model", "leviton-s4100"]],
    [2, ["dnp3://127.0.0.1:1/70000"]],
    [2, [DNP3, "countres"]],
    [1, [DNP3, "counters"]],
    [1, [HTTP]],
  ],
  wiring: [
    [2, []],
    [2, ["nothing"]],
    [2, ["modbus://127.0.0.1:9"]],
    [2, ["modbus://127.0.0.1:9", "--model", "eastron-sdm630", "--system", "star"]],
    [1, ["modbus://127.0.0.1:9", "--model", "eastron-sdm630"]],
    [1, [HTTP]],
  ],
  browse: [
    [2, []],
    [2, ["modbus://127.0.0.1:9/1"]],
    [2, ["mms://127.0.0.1:9?auth=maybe"]],
    [2, ["mms://127.0.0.1:9", "--timeout", "soon"]],
    [1, ["mms://127.0.0.1:9", "--timeout", "500"]],
  ],
  watch: [
    [2, []],
    [2, ["mms://127.0.0.1:9", "LLN0.urcb01", "--count", "none"]],
    [2, ["mms://127.0.0.1:9", "LLN0.brcb01", "--behind", "12"]],
    [1, ["mms://127.0.0.1:9", "LLN0.urcb01", "--timeout", "500"]],
  ],
  scan: [
    [2, []],
    [2, ["modbus://127.0.0.1:1", "--units", "9-1"]],
    [1, ["modbus://127.0.0.1:1"]],
    [2, [DNP3, "--addresses", "9-1"]],
    [1, [DNP3]],
  ],
  find: [
    [2, [MODBUS]],
    [2, [MODBUS, "much"]],
    [1, [MODBUS, "230"]],
  ],
  write: [
    [2, [MODBUS, "phaseLossVoltage", "--model", "leviton-s4100"]],
    [2, [MODBUS, "phaseLossVoltage", "100", "--model", "leviton-s4100"]],
    [1, [MODBUS, "phaseLossVoltage", "10", "--model", "leviton-s4100"]],
    [2, [DNP3, "tiem"]],
    [2, [DNP3, "time", "noon"]],
    [2, [DNP3, "restart", "hot"]],
    [1, [DNP3, "freeze"]],
  ],
  transfer: [
    [2, ["readings.txt"]],
    [2, ["readings.txt", MODBUS, "--to-model", "leviton-s4100"]],
    [2, ["readings.txt", MODBUS, "--to-model", "powerlogic-cm4000", "--record", "BAD"]],
    [1, ["readings.txt", MODBUS, "--to-model", "powerlogic-cm4000"]],
  ],
  profile: [
    [2, []],
    [2, ["modbus://127.0.0.1:1"]],
    [2, [HTTP, "--profile", "none"]],
    [1, [HTTP]],
  ],
  logs: [
    [2, []],
    [2, [HTTP, "weather"]],
    [2, [HTTP, "--most", "0"]],
    [1, [HTTP]],
  ],
  "self-reads": [
    [2, []],
    [2, [HTTP, "--from", "first"]],
    [1, [HTTP]],
  ],
  pqdif: [
    [2, []],
    [2, ["BAD"]],
    [2, [HTTP, "--since", "yesterday"]],
    [1, [HTTP]],
  ],
  fetch: [
    [2, [DNP3]],
    [2, [MODBUS, "profile.csv"]],
    [2, [DNP3, ""]],
    [2, [DNP3, "profile.csv", "--timeout", "soon"]],
    [2, [DNP3, "profile.csv", "--over"]],
    [1, [DNP3, "profile.csv"]],
  ],
  command: [
    [2, [HTTP]],
    [2, [HTTP, "input", "channel=4"]],
    [1, [HTTP, "freeze"]],
  ],
  scenario: [
    [2, []],
    [2, ["BAD"]],
    [2, ["EMPTY"]],
    [2, ["/nowhere/sag.yaml"]],
  ],
  panel: [
    [2, []],
    [2, ["nothing"]],
    [2, [HTTP, "--press", "set:long"]],
    [2, [HTTP, "--press", ","]],
    [2, [HTTP, "--press", "set:601"]],
    [1, [HTTP]],
    [1, [HTTP, "--press", "set", "--json"]],
  ],
  config: [
    [2, ["check"]],
    [2, ["check", "BAD"]],
    [2, ["hash", "/nowhere/jem.yaml"]],
    [2, ["new", "--model", "leviton-s4100"]],
    [0, ["new"]],
    [1, ["show", HTTP]],
    [1, ["diff", "EMPTY", HTTP]],
    [2, ["diff", "/nowhere/jem.yaml", HTTP]],
    [1, ["history", HTTP]],
    [2, ["undo", HTTP, "--entry", "last"]],
  ],
  scl: [
    [2, ["check", "/nowhere/meter.cid"]],
    [2, ["check", "BAD"]],
    [2, ["diff", "BAD", "EMPTY"]],
    [2, ["icd", "/nowhere/meter.yaml"]],
    [2, ["icd", "factory"]],
    [2, ["apply", "BAD", "http://127.0.0.1:9/api/meters/m", "--yes"]],
  ],
  decode: [
    [0, ["D80102"]],
    [1, ["FFFF"]],
    [0, ["dnp3", "C0013C0206"]],
    [1, ["056405C90100640016E2"]],
    [2, []],
    [2, ["C0ZZ"]],
    [2, ["@/nowhere/exchange.txt"]],
    [2, ["C0", "--key", "00"]],
  ],
  inspect: [
    [2, ["/nowhere/event.cfg"]],
    [2, ["BAD"]],
    [2, ["/nowhere/event.csv", "--rate", "fast"]],
  ],
  analyse: [
    [2, ["/nowhere/event.cfg"]],
    [2, ["BAD"]],
    [2, ["/nowhere/event.csv", "--hz", "55"]],
  ],
  models: [
    [0, []],
    [2, ["all"]],
  ],
  user: [
    [2, ["role"]],
    [2, ["list", "/nowhere/site.yaml"]],
    [1, ["remove", "ann", "EMPTY"]],
    [0, ["list", "EMPTY"]],
  ],
  completion: [
    [2, []],
    [2, ["tcsh"]],
    [0, ["fish"]],
  ],
};

test("every verb ends with 0 when it is done, 1 when a meter or this machine refused, 2 when words or a file are wrong", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const files: Readonly<Record<string, string>> = { BAD: "bad.yaml", EMPTY: "empty.yaml" };
  writeFileSync(path.join(folder, "bad.yaml"), "meters: [{ nmae: m }]\nprimary: 5\n");
  writeFileSync(path.join(folder, "empty.yaml"), "");
  assert.deepEqual(Object.keys(statuses), names, "each verb has its rows");
  for (const [verb, rows] of Object.entries(statuses)) {
    const all = [[2, ["--no-such-option"]] as const, ...rows];
    const ended = await Promise.all(
      all.map(async ([status, words]) => {
        const given = words.map((word) => (files[word] === undefined ? word : path.join(folder, files[word])));
        return { words, ...(await run(verb, ...given)), expected: status };
      }),
    );
    for (const { words, status, expected, err, out } of ended) {
      assert.equal(status, expected, `${verb} ${words.join(" ")}: ${out}${err}`);
      assert.doesNotMatch(err, /\n {4}at /, "no stack");
      if (status !== 0) assert.match(err, /^(polyphase|error): \S/);
    }
  }
});

test("a reader that has gone ends it quietly with 0, a full disk with 1 and one line", async () => {
  const words = [process.execPath, main, "completion", "bash"];
  const piped = spawnSync("bash", ["-c", '"$@" | head -c 1 > /dev/null; echo "${PIPESTATUS[0]}"', "bash", ...words]);
  assert.deepEqual([piped.stdout.toString(), piped.stderr.toString()], ["0\n", ""]);
  // A pipe that nobody reads from any more when the first word comes.
  const gone = spawn(process.execPath, [main, "models"], { stdio: ["ignore", "pipe", "pipe"] });
  gone.stdout.destroy();
  let err = "";
  gone.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const status = await new Promise((resolve) => gone.on("close", resolve));
  assert.deepEqual([status, err], [0, ""]);
  if (!existsSync("/dev/full")) return;
  for (const verb of [["models"], ["--help"], ["models", "--json"]]) {
    const full = spawnSync(process.execPath, [main, ...verb], {
      stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
    });
    assert.equal(full.status, 1);
    assert.equal(full.stderr.toString(), "polyphase: cannot write the output: the disk is full\n");
  }
});

test("models prints a table, or one JSON document", async (t) => {
  assert.match((await run("models")).out, /^leviton-s4100 +Leviton VerifEye Series 4100/m);
  const list = JSON.parse((await run("models", "--json")).out) as { name: string; protocols: string[] }[];
  assert.deepEqual(list.find(({ name }) => name === "leviton-s4100")?.protocols, ["modbus", "snmp", "sntp"]);
  // What a model is said to speak is what a meter of it binds itself to.
  const jem = list.find(({ name }) => name === "ametek-jemstar-ii")?.protocols ?? [];
  const { bindings } = deviceOf(jemStar(t, {}).jem);
  const bound = Object.keys(bindings).flatMap((name) => (name === "iec61850" ? ["mms", "goose"] : [name]));
  assert.deepEqual(jem.toSorted(), bound.toSorted());
  assert.match((await run("models")).out, /^modbus: rtu-over-tcp +port 1503 +modbus\+rtutcp:\/\/host:port\/unit$/m);
  const protocols = JSON.parse((await run("models", "--protocols", "--json")).out) as { transport: string }[];
  assert.deepEqual(
    protocols.map(({ transport }) => transport),
    table.flatMap(({ transports }) => transports.map(({ name }) => name)),
  );
});

test("help of a verb that there is not says which there are", async () => {
  const { status, out, err } = await run("help", "raed");
  assert.deepEqual([status, out], [2, ""]);
  assert.match(err, /help: expected one of init, .*; found "raed"; did you mean read\?/);
});

test("whoever asks for help is shown an example", async () => {
  for (const verb of names) assert.match((await run(verb, "--help")).out, /npx polyphase \S+ \S+.*\n/, verb);
  for (const verb of ["show", "diff", "apply", "history", "undo"])
    assert.match((await run("config", verb, "--help")).out, /#NAME/, verb);
  assert.doesNotMatch((await run("read", "--help")).out, /default: \[\]/);
});

test(
  "a pipe in a file's place is refused, and nobody waits for it",
  { skip: process.platform === "win32" },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const pipe = path.join(folder, "site.yaml");
    spawnSync("mkfifo", [pipe]);
    const { status, err } = await run("check", pipe);
    assert.equal(status, 2);
    assert.match(err, /cannot read .*: it is a pipe, a socket or a device; expected a file\n$/);
  },
);

/** What is typed, and words that are offered for it; nothing where files are. */
const typed: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ["polyphase inspec", ["inspect"]],
  ["polyphase sel", ["self-reads"]],
  ["polyphase user r", ["remove", "role"]],
  ["polyphase up s", []],
  ["polyphase up --h", ["--help"]],
  ["polyphase read --model leviton-s40", ["leviton-s4000k", "leviton-s4000r"]],
  ["polyphase config apply --y", ["--yes"]],
  ["polyphase completion f", ["fish"]],
  ["polyphase user role ann --role op", ["operator"]],
  ["polyphase read --list fr", ["frozen"]],
  ["npx polyphase sel", ["self-reads"]],
  ["npx polyphase config apply --y", ["--yes"]],
];

/** What a shell offers for each of some lines, one below the other, when it has read the script in $SCRIPT. */
const shells: Readonly<Record<string, string>> = {
  bash:
    'source "$SCRIPT"; for line in "$@"; do COMP_WORDS=($line); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); ' +
    '_polyphase; echo "${COMPREPLY[*]}"; done',
  zsh:
    'compdef() { : }; _files() { print }; compadd() { shift; for one in "$@"; do [[ $one == $now* ]] && print -rn -- "$one "; done; print }; ' +
    'source "$SCRIPT"; for line in "$@"; do words=(${=line}); CURRENT=${#words}; _polyphase; done',
  fish: "source $SCRIPT; for line in $argv; complete -C $line | string replace -r '\\t.*' '' | string match -v '*/' | string join ' '; or echo; end",
};

for (const [shell, script] of Object.entries(shells)) {
  const skip = spawnSync(shell, ["-c", "true"]).error === undefined ? false : `${shell} is not here`;
  test(`${shell} completes verbs, options and models from the table of verbs`, { skip }, async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const file = path.join(folder, "completion");
    writeFileSync(file, (await run("completion", shell)).out);
    for (const [line, offered] of typed) {
      const words = ["-c", script, ...(shell === "fish" ? [] : [shell]), line];
      const { stdout, stderr } = spawnSync(shell, words, { cwd: folder, env: { ...process.env, SCRIPT: file } });
      assert.equal(stderr.toString(), "");
      assert.deepEqual(stdout.toString().trim().split(" ").filter(Boolean).toSorted(), offered, line);
    }
  });
}

test("what a launcher started ends with it, however it ended", async () => {
  const pinned = new URL("../bin/pinned.mjs", import.meta.url).href;
  // The child says that it is there, then waits for ever; what it says when it is told to end shows that it was.
  const waits =
    'process.on("SIGTERM", () => { console.log("ended in order"); process.exit(0); }); console.log("there"); setInterval(() => {}, 1e6)';
  const launcher = spawn(
    process.execPath,
    ["--input-type=module", "-e", `import { run } from "${pinned}"; run(["-e", ${JSON.stringify(waits)}])`],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let out = "";
  await new Promise<void>((resolve) =>
    launcher.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      if (out === "there\n") launcher.kill("SIGKILL");
      if (out.includes("ended in order")) resolve();
    }),
  );
});
