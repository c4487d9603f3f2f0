/** A revenue meter on a serial line: Debian's mbpoll reads it over Modbus RTU, also in test mode, when its Ethernet is shut. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { configuration, later, modbus, site } from "../revenue-running.ts";
import { temporaryFolder } from "../running-site.ts";
import { programPath, runProgram, serialLine, without } from "./programs.ts";

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

test(
  "a line keeps the configuration's speed; when it is gone its port is in Fault, and when it is back the meter answers again",
  { skip: without("socat", "mbpoll") },
  async (t) => {
    const { folder, remove } = temporaryFolder();
    t.after(remove);
    const [near, far] = ["near", "far"].map((name) => path.join(folder, name)) as [string, string];
    const plugIn = async () => {
      const ends = [near, far].map((link) => `pty,raw,echo=0,link=${link}`);
      const cable = spawn(programPath("socat")!, ends);
      t.after(() => cable.kill());
      while (!existsSync(near) || !existsSync(far)) await later(20);
      return cable;
    };
    const cable = await plugIn();
    const { running, get } = await site(t, {
      configuration: `${configuration}communications: { port3: { baud: 19200, address: 5 } }`,
      listen: `{ modbus: rtu, device: ${near} }`,
    });
    assert.match(running.output(), /modbus rtu \S+, 19200 baud, parity none/);
    const shown = async (): Promise<unknown> => (await get<{ ports: unknown }>("")).ports;
    const state = (is: string): unknown => [{ port: "serial 3", protocol: "modbus", state: is }];
    assert.deepEqual(await shown(), state("Ready"));
    const poll = [
      "-m",
      "rtu",
      "-b",
      "19200",
      "-P",
      "none",
      "-a",
      "5",
      "-1",
      "-0",
      "-t",
      "3",
      "-r",
      "0",
      "-c",
      "1",
      far,
    ];
    assert.match((await runProgram("mbpoll", poll)).out, /\[0\]:\s+2000/);
    cable.kill();
    await once(cable, "close");
    while (JSON.stringify(await shown()) !== JSON.stringify(state("Fault"))) await later(20);
    await plugIn();
    while (JSON.stringify(await shown()) !== JSON.stringify(state("Ready"))) await later(50);
    assert.match((await runProgram("mbpoll", poll)).out, /\[0\]:\s+2000/);
  },
);
