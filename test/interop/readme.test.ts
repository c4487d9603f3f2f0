/** README, followed word for word on a machine that has Node 20 and nothing else of what is used here. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { stripVTControlCharacters } from "node:util";
import {
  emptyMachine,
  PATIENCE_MS,
  USER,
  withoutMachines,
  type EmptyMachine,
  type MachineShell,
} from "./empty-machine.ts";
import { programPath, without } from "./programs.ts";

/** Commands of README that are not run here, each with its reason. */
const notRun: readonly (readonly [command: string, why: string])[] = [["npm test", "it is what runs this"]];

/** What README shows, in its order: a command, or a line that the command before it is said to print. */
function stepsOf(text: string): readonly { readonly kind: "run" | "prints"; readonly line: string }[] {
  return [...text.matchAll(/```(sh|text)\n([^]*?)```/g)].flatMap(([, kind, block = ""]) =>
    block
      .trimEnd()
      .split("\n")
      .map((line) =>
        kind === "sh"
          ? { kind: "run" as const, line: line.replace(/\s+# .*$/, "") }
          : { kind: "prints" as const, line },
      ),
  );
}

/** Columns are as wide as what is in them. */
const narrow = (text: string): string => text.replace(/ +/g, " ");

/** Everything in a folder to the user. */
function own(machine: EmptyMachine, folder: string): void {
  const { status } = spawnSync("chown", ["-R", `${USER}:${USER}`, path.join(machine.root, folder)]);
  assert.equal(status, 0);
}

/** How a site ends that was told to. */
const kept = /^stopped; .*(is kept in|nothing is kept)/m;

/** What stands on a terminal, in plain characters. */
const plain = (text: string): string => stripVTControlCharacters(text).replaceAll("\r\n", "\n");

/** Runs on a terminal what serves until it is stopped, and waits until it says what to try next. */
async function serve(shell: MachineShell, line: string): Promise<{ readonly out: string; stop(): Promise<string> }> {
  const command = `script --quiet --flush --command "echo \\$\\$ >/tmp/group; exec ${line}" /tmp/served`;
  const { out: pid } = await shell.run(`${command} >/dev/null 2>&1 & echo $!`);
  for (;;) {
    const out = plain((await shell.run("sleep 0.2; cat /tmp/served")).out);
    if (out.includes("To try next")) {
      const stop = async (): Promise<string> => {
        // Ctrl-C reaches all that the terminal has started.
        await shell.run(`kill -INT -$(cat /tmp/group); wait ${pid.trim()}`);
        return plain((await shell.run("cat /tmp/served")).out);
      };
      return { out, stop };
    }
    const { status } = await shell.run(`kill -0 ${pid.trim()}`);
    assert.equal(status, 0, `${line} has ended: ${out}`);
  }
}

/** How often a command that shows dashes is given again: each takes some tenths of a second, the first second of a meter is one. */
const DASHES = 10;

/** The Node that comes with the machine: README says which is enough. */
function olderNode(): string | false {
  const { stdout = "" } = spawnSync(programPath("node") ?? "node", ["--version"], { encoding: "utf8" });
  return stdout.startsWith("v20.") ? false : `the machine's Node is ${stdout.trim() || "not there"}, not 20`;
}

const skip = withoutMachines() || without("node", "npm", "git", "curl", "mbpoll") || olderNode();

test(
  "README is followed on a machine that has Node 20 and nothing else",
  { skip, timeout: PATIENCE_MS },
  async (t: TestContext) => {
    const machine = emptyMachine(t);
    for (const program of ["node", "curl", "mbpoll"]) machine.bring(program);
    machine.bringNpm("/home/node");
    machine.bringCheckout("/home/node/polyphase");
    own(machine, "home/node");
    const how = { uid: USER, folder: "/home/node/polyphase" };
    const installing = machine.shell({ ...how, network: "ours" });
    // By hand first: npm says nothing of the Node that README names.
    const installed = await installing.run("npm ci");
    assert.equal(installed.status, 0, installed.out);
    assert.doesNotMatch(installed.out, /EBADENGINE/);
    // What npm start does first; ports of this machine are nobody's to take.
    const lacking = await installing.run("npx polyphase --version");
    if (lacking.status !== 0) {
      assert.match(lacking.out, /libatomic\.so\.1[^]*polyphase: .*libatomic1\n$/);
      machine.bringLibraries(process.execPath);
    }
    const begun = await installing.run("npx polyphase --version");
    assert.equal(begun.status, 0, begun.out);
    await installing.end();

    const shell = machine.shell({ ...how, network: "own" });
    let [printed, served] = ["", undefined as Awaited<ReturnType<typeof serve>> | undefined];
    let ran = 0;
    for (const { kind, line } of stepsOf(
      readFileSync(path.join(machine.root, "home/node/polyphase/README.md"), "utf8"),
    )) {
      if (kind === "prints") {
        const [start = ""] = line.split("…");
        assert.ok(
          narrow(printed).includes(narrow(start).trimEnd()),
          `README shows "${line}"; printed was:\n${printed}`,
        );
        continue;
      }
      if (notRun.some(([command]) => command === line)) continue;
      ran++;
      if (/^npm start$|^npx polyphase up /.test(line)) {
        if (served !== undefined) assert.match(await served.stop(), kept);
        served = await serve(shell, line);
        printed = served.out;
        continue;
      }
      let { status, out } = await shell.run(line);
      // README says so: a meter that has just begun shows dashes. Whoever types does not see them.
      for (let again = 0; again < DASHES && out.includes(" ---- "); again++) ({ status, out } = await shell.run(line));
      assert.equal(status, 0, `${line}\n${out}`);
      printed = out;
    }
    assert.match((await served?.stop()) ?? "", kept);
    assert.ok(ran >= 10, `${ran} commands were found`);
    const { out } = await shell.run("ls");
    assert.match(out, /^node_modules$/m);
  },
);
