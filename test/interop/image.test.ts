/** The container's image, made by the steps of Dockerfile on machines that have what its base has: Node 26 and npm. */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { emptyMachine, PATIENCE_MS, USER, withoutMachines, type EmptyMachine } from "./empty-machine.ts";
import { without } from "./programs.ts";

const file = fileURLToPath(new URL("../../Dockerfile", import.meta.url));

interface Step {
  readonly word: string;
  readonly rest: string;
}

/** Dockerfile's instructions, lines that go on joined. */
function stepsOf(text: string): readonly Step[] {
  return text
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, word = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line.trim()) ?? [];
      return { word, rest };
    });
}

/** A stage of the image: its machine, and how what runs in it is started. */
interface Stage {
  readonly machine: EmptyMachine;
  readonly environment: Map<string, string>;
  uid: number;
  folder: string;
  entry: readonly string[];
  command: readonly string[];
  health: readonly string[];
}

function base(t: TestContext): Stage {
  const machine = emptyMachine(t);
  machine.bring(process.execPath, "/usr/local/bin/node");
  machine.bringNpm("/root");
  return { machine, environment: new Map(), uid: 0, folder: "/", entry: [], command: [], health: [] };
}

const words = (json: string): readonly string[] => JSON.parse(json) as string[];
const quoted = (line: readonly string[]): string => line.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");

/** Does the steps of Dockerfile; the last stage. What would be unknown to a reader of the Dockerfile is unknown here. */
async function build(t: TestContext, steps: readonly Step[]): Promise<Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const { word, rest } of steps) {
    if (word === "ARG") continue;
    if (word === "FROM") {
      const [, name = ""] = / AS (\S+)$/.exec(rest) ?? [];
      stages.set(name, (stage = base(t)));
      continue;
    }
    assert.ok(stage !== undefined, `${word} before FROM`);
    await follow(stage, stages, { word, rest });
  }
  assert.ok(stage !== undefined);
  return stage;
}

async function follow(stage: Stage, stages: ReadonlyMap<string, Stage>, { word, rest }: Step): Promise<void> {
  const { machine, uid, folder } = stage;
  const at = (place: string): string => path.join(machine.root, path.resolve(folder, place));
  if (word === "WORKDIR") {
    stage.folder = path.resolve(folder, rest);
    mkdirSync(at(rest), { recursive: true });
  } else if (word === "COPY") {
    const [, from, what = "", to = ""] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(rest) ?? [];
    if (from === undefined) machine.bringCheckout(path.resolve(folder, to));
    else cpSync(path.join(stages.get(from)?.machine.root ?? "", what), at(to), { recursive: true });
  } else if (word === "RUN") {
    const shell = machine.shell({ uid, folder, network: "ours" });
    const { status, out } = await shell.run(rest);
    assert.equal(status, 0, `${rest}\n${out}`);
    await shell.end();
  } else if (word === "USER") {
    assert.equal(rest, "node", "the user that the base has");
    stage.uid = USER;
  } else if (word === "ENV") {
    const [name = "", value = ""] = rest.split("=");
    stage.environment.set(name, value);
  } else if (word === "ENTRYPOINT") stage.entry = words(rest);
  else if (word === "CMD") stage.command = words(rest);
  else if (word === "HEALTHCHECK") stage.health = words(rest.slice(rest.indexOf("[")));
  else assert.ok(["VOLUME", "EXPOSE"].includes(word), `a step that is not known here: ${word}`);
}

const skip = withoutMachines() || without("npm", "git");

test(
  "the image is made by its steps; a site runs in it as nobody special, is healthy, and ends in order",
  { skip, timeout: PATIENCE_MS },
  async (t) => {
    const steps = stepsOf(readFileSync(file, "utf8"));
    const { machine, uid, folder, entry, command, health, environment } = await build(t, steps);
    assert.notEqual(uid, 0);
    assert.deepEqual(
      steps.filter(({ word }) => word === "VOLUME").map(({ rest }) => rest),
      [folder],
    );
    const shell = machine.shell({ uid, folder, network: "own" });
    for (const [name, value] of environment) await shell.run(`export ${name}=${value}`);
    const run = async (line: string): Promise<string> => {
      const { status, out } = await shell.run(line);
      assert.equal(status, 0, `${line}\n${out}`);
      return out;
    };
    assert.notEqual((await shell.run(quoted(health))).status, 0, "nothing runs yet");
    await run(quoted([...entry, "init"]));
    const pid = (await run(`${quoted([...entry, ...command])} >/tmp/site 2>&1 & echo $!`)).trim();
    while (!(await run("sleep 0.2; cat /tmp/site")).includes("127.0.0.1:1502")) await run(`kill -0 ${pid}`);
    await run(quoted(health));
    await run("! ls /opt/polyphase/node_modules/typescript");
    await run(`kill -TERM ${pid}; wait ${pid}`);
    assert.match(await run("ls"), /^site\.data$/m);
  },
);
