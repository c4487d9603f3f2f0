/** A site's meters, read over each protocol: what passed is told message by message, and nothing of it is wrong. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import type { TrafficDetail, TrafficField, TrafficView } from "#quantity/traffic-view.ts";
import { main } from "./cli-run.ts";
import { startSite, temporaryFolder } from "./running-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const source = "{ synthetic: { hz: 50, volts: 57, amps: 3, steps: true } }";
const SITE = `
web: { port: 0 }
store: ":memory:"
meters:
  - name: feeder
    model: leviton-s4100
    source: { synthetic: { hz: 60, volts: 277, amps: 80, steps: true } }
    listen: [{ modbus: tcp, port: 0 }, { modbus: rtu-over-tcp, port: 0 }]
  - name: dlms
    model: ametek-jemstar-ii
    modelNumber: JSII-09I5010-1B/2A-DIOP-DLMS
    configuration: dlms-meter.yaml
    auxiliary: true
    source: ${source}
    listen: [{ dlms: tcp, port: 0 }, { dlms: hdlc-over-tcp, port: 0 }]
  - name: ied
    model: ametek-jemstar-ii
    modelNumber: JSII-09I5010-2A-DIO-NTP-IEC
    configuration: iec61850-meter.yaml
    auxiliary: true
    source: ${source}
    listen: [{ mms: tcp, port: 0 }]
  - name: scada
    model: ametek-jemstar-ii
    modelNumber: JSII-09I5010-1B/2A-DIOP
    configuration: scada-meter.yaml
    auxiliary: true
    source: ${source}
    listen: [{ dnp3: tcp, port: 0 }, { iec102: tcp, port: 0 }]
`;

function leaves(fields: readonly TrafficField[]): readonly TrafficField[] {
  return fields.flatMap((one) => [one, ...leaves(one.inside ?? [])]);
}

test("each protocol is told in messages that are whole, with what was read", { timeout: 180_000 }, async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  for (const name of ["dlms", "iec61850", "scada"])
    copyFileSync(path.join(root, `site/${name}-meter.yaml`), path.join(folder, `${name}-meter.yaml`));
  const site = await startSite(folder, SITE);
  t.after(() => site.end());
  const portOf = (what: string): string => new RegExp(`listener +${what} \\S+?:(\\d+)`).exec(site.output())?.[1] ?? "";
  const ask = async <T>(place: string): Promise<T> => (await (await fetch(`${site.page}api/v1/${place}`)).json()) as T;
  const read = (url: string, ...words: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [main, "read", url, ...words], { stdio: "ignore" });
      child.once("close", () => resolve());
    });
  await ask("traffic");
  const asked: readonly (readonly [protocol: string, url: string, ...words: readonly string[]])[] = [
    ["modbus", `modbus://127.0.0.1:${portOf("modbus tcp")}/1`, "--model", "leviton-s4100", "V.a"],
    ["modbus", `modbus+rtutcp://127.0.0.1:${portOf("modbus rtu-over-tcp")}/1`, "--model", "leviton-s4100", "V.a"],
    ["dlms", `dlms://127.0.0.1:${portOf("dlms tcp")}?client=16&server=1`],
    ["dlms", `dlms+hdlctcp://127.0.0.1:${portOf("dlms hdlc-over-tcp")}?client=16&server=1&physical=1`],
    ["mms", `mms://127.0.0.1:${portOf("mms tcp")}/FEEDER9`],
    ["dnp3", `dnp3://127.0.0.1:${portOf("dnp3 tcp")}/1?master=100`],
    ["iec102", `iec102://127.0.0.1:${portOf("iec102 tcp")}/1?point=1&auth=none`],
  ];
  let from = 0;
  for (const [protocol, url, ...words] of asked) {
    await read(url, ...words);
    const { messages, last, dropped } = await ask<TrafficView>(`traffic?after=${from}`);
    assert.equal(dropped, 0);
    from = last;
    const said = messages.filter(({ kind }) => kind === "in" || kind === "out");
    assert.ok(said.length >= 2, `${url}: ${said.length} messages`);
    for (const message of said) {
      assert.equal(message.protocol, protocol);
      assert.ok(!message.wrong, `${url}: ${message.line}`);
      assert.notEqual(message.line, "", url);
    }
    const [answer] = said.filter(({ kind }) => kind === "out").toSorted((a, b) => b.length - a.length);
    const { fields, bytes = "" } = await ask<TrafficDetail>(`traffic/messages/${answer?.number}`);
    assert.equal(bytes.length, 2 * Math.min(16_384, answer?.length ?? 0), url);
    assert.ok(
      leaves(fields).every(({ wrong }) => wrong !== true),
      url,
    );
  }
});
