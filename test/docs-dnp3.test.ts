/** The meter for a control centre of docs/protocols/dnp3.md: what the page says of its configuration, its site and its device profile. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { connectTcp } from "#io/tcp.ts";
import { configurationsOf } from "../src/cli/configured.ts";
import { run } from "./cli-run.ts";
import { hand } from "./dnp3-listening.ts";
import { controls, data } from "./dnp3-line.ts";
import { scadaSite } from "./scada-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const page = readFileSync(path.join(root, "docs/protocols/dnp3.md"), "utf8");
const MODEL = "ametek-jemstar-ii";

test("the page has every key of the section dnp3, and of what stands in it", () => {
  const table = page.slice(page.indexOf("### Its configuration"), page.indexOf("### Its points"));
  const { dnp3 } = configurationsOf(MODEL).read(
    "",
    "dnp3: { master: 1, unsolicited: { master: 1 } }",
    "JSII-09I5010-1B/2A",
  ) as {
    readonly dnp3: Readonly<Record<string, object>> & {
      readonly events: Readonly<Record<string, object>>;
      readonly analogs: readonly object[];
      readonly counters: readonly object[];
    };
  };
  const { events, analogs, counters, link = {}, variations = {}, unsolicited = {} } = dnp3;
  const all = [
    dnp3,
    events,
    events["frozen"] ?? {},
    link,
    variations,
    unsolicited,
    analogs[0] ?? {},
    counters[0] ?? {},
  ];
  for (const key of all.flatMap((one) => Object.keys(one))) assert.ok(table.includes(`\`${key}\``), key);
});

test("the site of the page answers a master, and its device profile is as the page has it", async (t) => {
  const { here } = await scadaSite(t);
  const master = hand(t, await connectTcp("127.0.0.1", Number(here("20000"))));
  // One that is repeated is answered as it was.
  const class0 = async (sequence: number): Promise<string> => {
    const head = await master.ask(data(0xc4, `c${(sequence % 16).toString(16)} 01 3c 01 06`), 10);
    // LEN counts five octets of the header; each sixteen that follow have two of a CRC.
    const user = Number.parseInt(head.slice(6, 8), 16) - 5;
    return controls(`${head} ${await master.taken(user + 2 * Math.ceil(user / 16))}`)[0] ?? "";
  };
  // Six binaries, nine analogs of 32 bits without flags once they have been measured, five counters, six outputs.
  const expected =
    /^44 [0-9a-f]{2} c[0-9a-f] 81 90 00 01 01 00 00 05 [0-9a-f]{2} 1e 03 00 00 08( [0-9a-f]{2}){36} 14 05 00 00 04( [0-9a-f]{2}){20} 0a 02 00 00 05/;
  assert.match(await class0(0), expected);

  const url = here("http://127.0.0.1:8080/#feeder-7");
  const printed = await run("config", "device-profile", url);
  assert.equal(printed.status, 0, printed.err);
  const [shown = ""] = /(?<=```xml\n)[^]*?(?=```)/.exec(page) ?? [];
  const lines = (text: string): readonly string[] => text.trim().split(/\n\s*/);
  const all = lines(printed.out);
  const [counter, analog] = [lines(shown).indexOf("<counter>"), lines(shown).indexOf("<analogInput>")];
  for (const part of [lines(shown).slice(counter, analog), lines(shown).slice(analog)]) {
    const first = all.indexOf(part[0] ?? "");
    assert.deepEqual(all.slice(first, first + part.length), part);
  }
  // Where its listener is, and not where the configuration says.
  assert.match(
    printed.out,
    new RegExp(`<tcpListenPort>[^]*<value>${here("20000")}</value>\\s*</currentValue>\\s*</tcpListenPort>`),
  );
  assert.match(printed.out, /It listens over TCP port \d+[^]*<address>127\.0\.0\.1</);
  assert.doesNotMatch(printed.out, /subnetMask|gatewayIPAddress/);
  const serial = await run("config", "device-profile", url, "--port", "serial 3");
  assert.deepEqual([serial.status, serial.out], [2, ""]);
  assert.match(serial.err, /port: DNP3 is not enabled on serial 3: [^]*expected ethernet 1$/m);
  assert.match(printed.out, /<secureAuthenticationSupported>\s*<capabilities>\s*<notSupported\/>/);
});

test("the examples of addresses and of an RTU's points are configurations, and mean what the page says", () => {
  const section = page.slice(page.indexOf("### For an RTU"), page.indexOf("### Its configuration"));
  const [addresses = "", rtu = ""] = [...section.matchAll(/(?<=```yaml\n)[^]*?(?=```)/g)].map(([text]) => text);
  const { read, dnp3Points, dnp3Profile } = configurationsOf(MODEL);
  const order = "JSII-09I6020-1B/2A-DIO";
  const { communications } = read("", addresses, order) as {
    readonly communications: {
      readonly ethernet1: { readonly dnp3: { readonly address: number } };
      readonly port3: { readonly protocol: string; readonly address: number };
    };
  };
  assert.equal(communications.ethernet1.dnp3.address, 10);
  assert.deepEqual([communications.port3.protocol, communications.port3.address], ["dnp3", 11]);
  assert.deepEqual(
    dnp3Points("", rtu, order).flatMap(({ kind, index, name, scaling }) =>
      kind === "counter" || kind === "analog" ? [[kind, index, name, scaling]] : [],
    ),
    [
      ["counter", 0, "Wh.import", 1],
      ["counter", 1, "Wh.export", 1],
      ["analog", 0, "W", 1000],
      ["analog", 1, "var", 1000],
      ["analog", 2, "V.a", 100],
    ],
  );
  const profile = dnp3Profile("", rtu, { name: "", serial: "", firmware: "", modelNumber: order });
  for (const expected of [
    /<deadband>5000</,
    /<masterDataLinkAddress>[^]*?<value>100</,
    /<expectedSourceAddress>[^]*?<value>100</,
  ])
    assert.match(profile, expected);
});
