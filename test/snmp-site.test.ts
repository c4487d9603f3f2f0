/** SNMP and SNTP in site files: what is wrong with an entry, secrets that are named, and a site that listens. */
import assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { SystemClock } from "#clock/system-clock.ts";
import { loadSite } from "#fleet/load-site.ts";
import { Places } from "#fleet/places.ts";
import { protocols } from "#fleet/protocols/table.ts";
import { Listeners } from "#fleet/listeners.ts";
import { siteSchema } from "#fleet/site-schema.ts";
import { askUdp } from "#io/udp.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { ntpAnswer, ntpRequest } from "#protocol/ntp/packet.ts";
import { communityBytes, readMessage } from "#protocol/snmp/message.ts";
import { limits } from "#quantity/limits.ts";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./running-site.ts";
import { COMMUNITY, textBytes, userNamed } from "./snmp-exchanges.ts";
import { introduced, jemStarAgent, named, overCommunity, overUser, pdu, toldOf, type Told } from "./snmp-meter.ts";

const clock = new SystemClock();

function problems(listen: unknown): readonly string[] {
  const site = { meters: [{ name: "m", model: "leviton-s4100", source: { live: {} }, listen: [listen] }] };
  const { value, problems: wrong } = checkedBy(siteSchema, site);
  // What no schema can say is found where places are looked at.
  return wrong ?? new Places(protocols).add("m", value.meters[0]!.listen, "m", 1);
}

test("an entry says what is wrong with it by its keys", () => {
  const community = { env: "C" };
  const cases: [listen: unknown, says: RegExp[]][] = [
    [{ snmp: "udp", community }, []],
    [
      {
        snmp: "udp",
        community: { file: "c" },
        users: [{ name: "ann" }],
        receivers: [
          { to: "[2001:db8::1]:162", user: "ann", inform: true },
          { to: "nms.example", community },
        ],
      },
      [],
    ],
    [{ snmp: "udp" }, [/users: expected one, or a community/]],
    [{ snmp: "udp", community: "public" }, [/community: /]],
    [{ snmp: "tcp", community }, [/expected one of udp/]],
    [{ snmp: "udp", users: [{ name: "ann" }, { name: "ann" }] }, [/users\[1\]\.name: another is ann/]],
    [{ snmp: "udp", users: [{ name: "a.b" }] }, [/users\[0\]\.name: expected letters/]],
    [
      { snmp: "udp", users: [{ name: "ann", authentication: "md5" }] },
      [/users\[0\]\.authentication: expected one of sha, /],
    ],
    [{ snmp: "udp", community, receivers: [{ to: "a:162" }] }, [/receivers\[0\]: expected one of user, community/]],
    [
      { snmp: "udp", community, receivers: [{ to: "a:162", user: "ann" }] },
      [/receivers\[0\]\.user: ann is no user of this listener/],
    ],
    [
      { snmp: "udp", community, receivers: [{ to: "a b", community }] },
      [/receivers\[0\]\.to: expected an address and a port/],
    ],
    [{ sntp: "udp" }, []],
    [{ sntp: "udp", local: "yes" }, [/local: /]],
  ];
  for (const [listen, says] of cases) {
    const found = problems(listen);
    assert.equal(found.length, says.length, `${JSON.stringify(listen)}: ${found.join("; ")}`);
    says.forEach((words, k) => assert.match(found[k]!, words));
  }
});

/** A site of one Leviton meter in a folder of its own. */
function siteOf(t: TestContext, listen: string, files: Readonly<Record<string, string>> = {}) {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  const file = path.join(folder, "site.yaml");
  const write = (what: string): void =>
    writeFileSync(
      file,
      `meters:\n  - name: vector\n    model: leviton-s4100\n    source: { live: { hz: 60 } }\n    settings: { systemType: 40 }\n    listen: [${what}]\n`,
    );
  write(listen);
  return { folder, file, write, load: () => loadSite(file) };
}

const portOf = (what: string): number => Number(/:(\d+)$/.exec(what)?.[1]);

async function nameOf(port: number, community: string): Promise<Told[] | "nothing"> {
  const asked = communityBytes(textBytes(community), pdu("get", ["1.3.6.1.2.1.1.5.0"]));
  try {
    const answer = readMessage(await askUdp({ host: "127.0.0.1", port }, asked, { clock, timeoutMs: 500 }));
    assert.ok(answer.version === "v2c");
    return toldOf(answer.pdu);
  } catch {
    return "nothing";
  }
}

test("a site's meter answers over SNMP and SNTP; another community in its file counts with the next reload", async (t) => {
  const { folder, load } = siteOf(t, "{ snmp: udp, port: 0, community: { file: c } }, { sntp: udp, port: 0 }", {
    c: "first word\n",
  });
  const site = load();
  await site.start();
  t.after(() => site.stop());
  const port = (): number => portOf(site.listeners[0]!.what);
  const named: Told[] = [["1.3.6.1.2.1.1.5.0", "octets", "vector"]];
  assert.deepEqual(await nameOf(port(), "first word"), named);
  const nonce = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const time = await askUdp({ host: "127.0.0.1", port: portOf(site.listeners[1]!.what) }, ntpRequest(nonce), {
    clock,
    timeoutMs: 2000,
  });
  assert.equal(ntpAnswer(time, nonce).stratum, 10);
  writeFileSync(path.join(folder, "c"), "another word\n");
  assert.equal((await site.reload()).refused, undefined);
  assert.equal(await nameOf(port(), "first word"), "nothing");
  assert.deepEqual(await nameOf(port(), "another word"), named);
});

test("a hundred managers after each other find a place, whatever was asked before", async (t) => {
  const { load } = siteOf(t, "{ snmp: udp, port: 0, community: { file: c }, maxConnections: 2 }", { c: "word" });
  const site = load();
  await site.start();
  t.after(() => site.stop());
  const port = portOf(site.listeners[0]!.what);
  for (let k = 0; k < 100; k++) {
    // Each is a socket of its own; one that finds all places taken asks again, as managers do.
    let told = await nameOf(port, "word");
    for (let again = 0; again < 5 && told === "nothing"; again++) told = await nameOf(port, "word");
    assert.notEqual(told, "nothing", String(k));
  }
  // Nothing is kept of them.
  for (let k = 0; k < 100 && site.listeners[0]!.peers > 0; k++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(site.listeners[0]!.peers, 0);
});

test("a datagram of more than a slice is one message", async (t) => {
  const { load } = siteOf(t, "{ snmp: udp, port: 0, community: { file: c } }", { c: "word" });
  const site = load();
  await site.start();
  t.after(() => site.stop());
  const asked = communityBytes(
    textBytes("word"),
    pdu(
      "get",
      Array.from({ length: 64 }, (_, k) => `1.3.6.1.2.1.1.${1 + (k % 7)}.0`),
    ),
  );
  assert.ok(asked.length > 3 * limits.peers.slice);
  const answer = readMessage(
    await askUdp({ host: "127.0.0.1", port: portOf(site.listeners[0]!.what) }, asked, { clock, timeoutMs: 5000 }),
  );
  assert.ok(answer.version === "v2c" && answer.pdu.variables.length === 64);
});

test("what is wrong with a secret ends the start, by its key; nothing of it is said", async (t) => {
  const start = async (
    listen: string,
    files: Readonly<Record<string, string>> = {},
    spoil = (_folder: string): void => {},
  ): Promise<string> => {
    const { folder, load } = siteOf(t, listen, files);
    spoil(folder);
    const site = load();
    return site.start().then(
      () => assert.fail("it started"),
      (error: unknown) => String(error),
    );
  };
  assert.match(
    await start("{ snmp: udp, port: 0, community: { file: c } }"),
    /meters\[0\]\.listen\[0\]\.community: cannot read .*c/,
  );
  assert.match(
    await start("{ snmp: udp, port: 0, community: { env: POLYPHASE_NOT_SET } }"),
    /community: the environment variable POLYPHASE_NOT_SET is not set/,
  );
  assert.match(
    await start("{ snmp: udp, port: 0, community: { file: c } }", { c: "word" }, (folder) =>
      chmodSync(path.join(folder, "c"), 0o644),
    ),
    /community: .*has the mode 0644, expected 0600/,
  );
  const short = await start(
    "{ snmp: udp, port: 0, users: [{ name: ann, privacy: none, authenticationPassphrase: { file: a } }] }",
    { a: "seven77" },
  );
  assert.match(short, /users\[0\]\.authenticationPassphrase: expected 8 characters at least/);
  assert.ok(!short.includes("seven77"));
  assert.match(
    await start("{ snmp: udp, port: 0, users: [{ name: ann }] }"),
    /users\[0\]\.authenticationPassphrase: expected a file, or a variable of the environment: vector keeps no secrets of its own/,
  );
});

test("two meters do not share a place", async () => {
  const meter = (name: string) => ({
    name,
    listen: siteSchema.parse({
      meters: [{ name, model: "x", source: { live: {} }, listen: [{ sntp: "udp", port: 4000 }] }],
    }).meters[0]!.listen,
    bindings: { sntp: () => ({ now: () => ({ utc: 0, stratum: undefined }) }) },
    line: { address: 1, baud: 9600, parity: 0 },
    room: () => undefined,
  });
  const listeners = new Listeners({ clock, folder: "." });
  await assert.rejects(
    listeners.open([meter("a"), meter("b")]),
    /a and b are both on one place, where SNTP has room for one/,
  );
});

test("the MIB has every object that there is, of the kind that it is, and no other", (t) => {
  const text = readFileSync(fileURLToPath(new URL("../docs/mib/POLYPHASE-METER-MIB.txt", import.meta.url)), "utf8");
  const parents = new Map<string, string>([["enterprises", "1.3.6.1.4.1"]]);
  const syntaxes = new Map<string, string>();
  const tables: string[] = [];
  for (const [, name = "", kind, body = "", parent = "", number = ""] of text.matchAll(
    /^(\w+) (OBJECT-TYPE|OBJECT IDENTIFIER|OBJECT-IDENTITY|MODULE-IDENTITY|NOTIFICATION-TYPE)([^]*?)::= \{ (\w+) (\d+) \}/gm,
  )) {
    parents.set(name, `${parent} ${number}`);
    if (kind !== "OBJECT-TYPE" || /not-accessible/.test(body)) {
      if (/INDEX/.test(body)) tables.push(name);
      continue;
    }
    syntaxes.set(name, /SYNTAX (\w+)/.exec(body)?.[1] ?? "");
  }
  const oid = (name: string): string => {
    const [parent = "", number] = (parents.get(name) ?? "").split(" ");
    return number === undefined ? parent : `${oid(parent)}.${number}`;
  };
  const kinds: Readonly<Record<string, string>> = {
    SnmpAdminString: "octets",
    DateAndTime: "octets",
    TruthValue: "integer",
    PpScale: "integer",
    PpValidity: "integer",
    Integer32: "integer",
    Gauge32: "gauge32",
    Counter64: "counter64",
  };
  const columns = new Map([...syntaxes].map(([name, syntax]) => [oid(name), kinds[syntax]]));
  const agent = jemStarAgent(t, {
    configuration: `
registers: { normal: [{ id: 1, type: consumption, measure: { quantity: Wh } }, { id: 2, type: peakDemand, measure: { quantity: W } }, { id: 3, type: lastFreeze }] }
triggers: [{ id: 4, enabled: true, label: Overcurrent, measure: { quantity: A, phase: a }, operator: ">", alarm: 5, reset: 4 }]
`,
  });
  assert.equal(agent.tell({ command: "freeze" }), "done");
  agent.seconds(2000);
  const got = overCommunity(agent.ask);
  const seen = new Set<string>();
  const root = "1.3.6.1.4.1.32473.7659";
  for (let name = root; ;) {
    const [one] = toldOf(got("getNext", [name])!);
    assert.ok(one !== undefined);
    if (!one[0].startsWith(`${root}.`)) break;
    name = one[0];
    // A column of a table is ten numbers, a scalar's nine.
    const [column] = [...columns.keys()].filter((at) => name.startsWith(`${at}.`));
    assert.ok(column !== undefined, name);
    assert.equal(one[1], columns.get(column), name);
    seen.add(column);
  }
  assert.equal(tables.length, 5);
  // What this meter has not now: why something is absent.
  const missing = [...columns.keys()].filter((at) => !seen.has(at));
  assert.deepEqual(missing, [oid("ppAbsence")]);
});

test("SNMP stays what it is when the meter is configured otherwise", (t) => {
  const agent = jemStarAgent(t);
  const known = introduced(agent.ask, userNamed("ann"));
  agent.seconds(2);
  assert.equal(
    agent.configure((file) => Object.assign(file.display, { scrollSeconds: 11 })),
    "done",
  );
  agent.seconds(1);
  const rows = toldOf(
    overUser(agent.ask, known, pdu("getBulk", ["1.3.6.1.4.1.32473.7659.1.1.4.1.4"], { times: 3 }))!.pdu,
  );
  assert.ok(rows.length === 3);
  assert.ok(named.community.length > 0 && COMMUNITY.length > 0);
});
