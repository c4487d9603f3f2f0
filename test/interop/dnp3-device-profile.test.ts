/** The device profile of a JEMStar II, held against the meter that it is of by py1815, which reads such documents. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { run } from "../cli-run.ts";
import { site } from "../revenue-running.ts";
import { ran, withoutDnp3Peers } from "./dnp3-peers.ts";

const skip = withoutDnp3Peers();
const MODEL = "JSII-09I5010-1B/2A-DIOP";

const configurations: readonly [what: string, configuration: string, served: number, counters: readonly unknown[]][] = [
  // Thirteen binaries, six outputs, four counters and as many frozen ones, ten analogs.
  ["the factory's points", "", 37, [0, true]],
  [
    "frozen counters in class 0, and events of everything",
    `dnp3:
  class0: frozen
  variations: { counter: 1, frozen: 1, analog: 1, binary: 2 }
  binaries: [{ input: 7 }, { trigger: 3 }]
  analogs: [{ measure: { quantity: V, phase: a }, deadband: 250 }]
  events: { frozen: { class: 2 }, binary: { enabled: true, class: 3 }, analog: { enabled: true, class: 2 }, counter: { enabled: true } }
`,
    17,
    [1, false],
  ],
];
for (const [what, configuration, served, counter] of configurations)
  test(`a master finds what a device profile declares: ${what}`, { skip }, async (t) => {
    const { running, folder } = await site(t, {
      modelNumber: MODEL,
      configuration,
      listen: "{ modbus: tcp, port: 0, unit: 1 }, { dnp3: tcp, port: 0 }",
    });
    const port = /listener +dnp3 tcp 127\.0\.0\.1:(\d+)/.exec(running.output())?.[1] ?? "";
    const printed = await run("config", "device-profile", `${running.page}api/meters/jem`);
    assert.equal(printed.status, 0, printed.err);
    const file = path.join(folder, "profile.xml");
    writeFileSync(file, printed.out);
    const found = await ran("py1815_profile", file, port, "1");
    const { step: _step, ...compared } = found.get("compared") ?? { step: "" };
    assert.deepEqual(compared, { absent: [], undeclared: [], misplaced: [], served });
    const { name, class: events, class0 } = found.get("COUNTER 0") ?? { step: "" };
    assert.deepEqual([name, events, class0], ["kWhr Delivered", ...counter]);
    if (configuration === "") return;
    const { name: analog, class: analogs, deadband } = found.get("ANALOG_INPUT 0") ?? { step: "" };
    assert.deepEqual([analog, analogs, deadband], ["V.a", 2, 250]);
    assert.deepEqual(found.get("FROZEN_COUNTER 0")?.["class"], 2);
    assert.deepEqual(found.get("BINARY_INPUT 1")?.["class"], 3);
  });
