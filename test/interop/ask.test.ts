/** The question before a transfer, on a terminal that Python makes. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startSite, temporaryFolder } from "../running-site.ts";
import { runProgram, without } from "./programs.ts";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

const terminal = `
import os, pty, sys
os.chdir(sys.argv[1])
answer, command = sys.argv[2], sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.execv(command[0], command)
seen = b""
while True:
    try:
        piece = os.read(fd, 4096)
    except OSError:
        break
    if not piece:
        break
    seen += piece
    if b"[y/N] " in seen and answer:
        os.write(fd, answer.encode() + b"\\n")
        answer = ""
print(seen.decode())
print("status", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

test("a transfer asks on a terminal: n writes nothing, y writes", { skip: without("python3") }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const site = await startSite(
    folder,
    `
store: ":memory:"
meters:
  - { name: old, model: powerlogic-cm4000, source: &s { live: {} }, listen: [{ modbus: tcp, port: 15033, unit: 1 }] }
  - { name: new, model: powerlogic-pm800, source: *s, listen: [{ modbus: tcp, port: 15033, unit: 2 }] }
`,
  );
  t.after(() => site.end());
  const url = "modbus://127.0.0.1:15033";
  const command = [process.execPath, main, "transfer", `${url}/1`, `${url}/2`];
  command.push("--from-model", "powerlogic-cm4000", "--to-model", "powerlogic-pm800");
  const ask = (answer: string) => runProgram("python3", ["-c", terminal, folder, answer, ...command]);
  const record = path.join(folder, "transfer-127.0.0.1-15033-2.json");
  const no = await ask("n");
  assert.match(no.out, /Replace the energy readings of modbus:\/\/127\.0\.0\.1:15033\/2 with these\? \[y\/N\]/);
  assert.match(no.out, /nothing has been written\s+status 1/);
  assert.equal(existsSync(record), false);
  const yes = await ask("y");
  assert.match(yes.out, /status 0: the settings completed successfully[^]*status 0/);
  assert.match(readFileSync(record, "utf8"), /"holds": "new readings"/);
});
