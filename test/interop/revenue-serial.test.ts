/** A revenue meter on a serial line: Debian's mbpoll reads it over Modbus RTU, also in test mode, when its Ethernet is shut. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { modbus, site } from "../revenue-running.ts";
import { temporaryFolder } from "../running-site.ts";
import { runProgram, serialLine, without } from "./programs.ts";

test(
  "mbpoll reads counters and analogs over RTU; in test mode only the serial line answers",
  { skip: without("socat", "mbpoll") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [near, far] = await serialLine(t, folder);
    const listen = `{ modbus: tcp, port: 0, unit: 1 }, { modbus: rtu, device: ${near}, baud: 9600, parity: none, unit: 1 }`;
    const { running, command } = await site(t, { listen });
    await new Promise((done) => setTimeout(done, 800));
    const line = ["-m", "rtu", "-b", "9600", "-P", "none", "-a", "1", "-1", "-0"];
    const analogs = await runProgram("mbpoll", [...line, "-t", "3", "-r", "0", "-c", "2", far]);
    // 200 V at the terminals, times ten; 3000 W.
    assert.match(analogs.out, /\[0\]:\s+2000\s+\[1\]:\s+3000/, analogs.out);
    const counters = await runProgram("mbpoll", [...line, "-t", "4:int", "-B", "-r", "0", "-c", "1", far]);
    assert.ok(Number(/\[0\]:\s+(\d+)/.exec(counters.out)?.[1]) > 10_000, counters.out);
    await command({ command: "enterTestMode" });
    const ethernet = await modbus(t, running.port, 300);
    assert.equal(await ethernet("04 0000 0002"), "");
    const still = await runProgram("mbpoll", [...line, "-t", "3", "-r", "0", "-c", "1", far]);
    assert.match(still.out, /\[0\]:\s+2000/, still.out);
    await command({ command: "powerDown" });
    const dark = await runProgram("mbpoll", [...line, "-o", "0.5", "-t", "3", "-r", "0", "-c", "1", far]);
    assert.match(dark.out, /timed out/i, dark.out);
  },
);
