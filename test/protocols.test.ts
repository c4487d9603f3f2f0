/** The table of protocols: what reads it, and a second protocol that nothing else knows. */
import assert from "node:assert/strict";
import net from "node:net";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { SystemClock } from "#clock/system-clock.ts";
import { VirtualClock } from "#clock/virtual-clock.ts";
import type { OpenListener } from "#fleet/listener.ts";
import { changeFaults, Listeners } from "#fleet/listeners.ts";
import { Places } from "#fleet/places.ts";
import type { Carrier } from "#fleet/protocols/carrier.ts";
import { carriers } from "#fleet/protocols/carriers.ts";
import type { Listening, Protocol } from "#fleet/protocols/protocol.ts";
import { protocols } from "#fleet/protocols/table.ts";
import { siteJsonSchema, siteSchemaOf } from "#fleet/site-schema.ts";
import { meterUrlForms, parseMeterUrl } from "#headend/meter-url.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { connectTcp } from "#io/tcp.ts";
import { checkedBy } from "#product/schema-problems.ts";
import { MemoryUnit } from "#protocol/modbus/memory-unit.ts";
import { mmsPorts } from "#protocol/iec61850/transports.ts";
import { freePort } from "./running-site.ts";

interface AskKeys {
  readonly greeting: string;
  readonly number?: number | undefined;
}

/** A number is asked, "7?", and a line comes back: "feeder-1, good day". */
const single: Protocol<AskKeys> = {
  name: "ask",
  title: "Ask",
  transports: [{ name: "text", over: "tcp", port: 1999, peers: 2, scheme: "ask", form: "ask://host:port/number" }],
  keys: () => ({ greeting: z.string().min(1).default("hello"), number: z.number().int().min(1).optional() }),
  url: (_transport, station) => ({ path: `/${station?.number}`, query: [] }),
  serve({ stations }) {
    return {
      take(link) {
        link.receive((bytes) => {
          for (const [, number] of Buffer.from(bytes)
            .toString()
            .matchAll(/(\d+)\?/g)) {
            const one = stations.find(({ keys, device }) => (keys.number ?? device.line.address) === Number(number));
            if (one?.answers?.() === false) continue;
            link.send(Buffer.from(one === undefined ? "who?\n" : `${one.device.name}, ${one.keys.greeting}\n`));
          }
        });
      },
    };
  },
};

/** Many meters share a place of it, by number. */
const ask: Protocol<AskKeys> = {
  ...single,
  station: ({ number }, own) => ({ word: "number", number: number ?? own }),
};

const table = [...protocols, ask];
const source = { live: {} };

/** The entries of `listen` of a meter of a site file. */
function entries(listen: readonly unknown[]): Listening["listen"] {
  const [meter] = siteSchemaOf(table).parse({ meters: [{ name: "m", model: "x", source, listen }] }).meters;
  return meter!.listen;
}

function problems(listen: unknown): readonly string[] {
  const site = { meters: [{ name: "m", model: "x", source, listen: [listen] }] };
  return checkedBy(siteSchemaOf(table), site).problems ?? [];
}

function meter(name: string, listen: readonly unknown[], more: Partial<Listening> = {}): Listening {
  const unit = new MemoryUnit({ holding: { from: 0, count: 4, values: [1, 2, 3, 4] } });
  return {
    name,
    listen: entries(listen),
    bindings: { modbus: () => unit },
    line: { address: 1, baud: 19_200, parity: 0 },
    room: () => undefined,
    ...more,
  };
}

async function open(t: TestContext, all: readonly Listening[]): Promise<readonly OpenListener[]> {
  const listeners = new Listeners({ clock: new SystemClock(), folder: ".", table });
  await listeners.open(all);
  t.after(() => listeners.close());
  return listeners.all;
}

/** A peer of a listener: what it sends, and all that came back. */
async function peer(t: TestContext, listener: OpenListener) {
  const port = Number(/:(\d+)\//.exec(listener.urls[0]!.url)?.[1]);
  const link = await connectTcp("127.0.0.1", port);
  t.after(() => link.close());
  let heard = Buffer.alloc(0);
  let closed = false;
  let wake = (): void => {};
  link.receive((bytes) => {
    heard = Buffer.concat([heard, bytes]);
    wake();
  });
  link.closed(() => {
    closed = true;
    wake();
  });
  return {
    send: (bytes: Uint8Array) => link.send(bytes),
    /** Waits until so many bytes have come, or the other side has closed; takes them. */
    async take(count: number): Promise<Buffer> {
      for (;;) {
        if (heard.length >= count || closed) break;
        await new Promise<void>((resolve) => (wake = resolve));
      }
      const taken = heard.subarray(0, count);
      heard = heard.subarray(count);
      return taken;
    },
    async text(request: string, count: number): Promise<string> {
      link.send(Buffer.from(request));
      return (await this.take(count)).toString();
    },
    get closed() {
      return closed;
    },
  };
}

test("a second protocol listens beside Modbus, on a port of its own for each place, and is named by its URL", async (t) => {
  const listeners = await open(t, [
    meter("one", [
      { ask: "text", port: 0, number: 7 },
      { modbus: "tcp", port: 0 },
    ]),
    meter("two", [{ ask: "text", port: 0, greeting: "good day" }]),
  ]);
  assert.deepEqual(
    listeners.map(({ what }) => what.replace(/\d+$/, "PORT")),
    ["ask text 127.0.0.1:PORT", "modbus tcp 127.0.0.1:PORT", "ask text 127.0.0.1:PORT"],
  );
  assert.match(listeners[0]!.urls[0]!.url, /^ask:\/\/127\.0\.0\.1:\d+\/7$/);
  assert.deepEqual(
    listeners.map(({ urls }) => urls.map(({ meter }) => meter)),
    [["one"], ["one"], ["two"]],
  );
  assert.equal(await (await peer(t, listeners[0]!)).text("7?", 11), "one, hello\n");
  assert.equal(await (await peer(t, listeners[2]!)).text("2?1?", 19), "who?\ntwo, good day\n");
});

test("what is wrong with a listener is said of the protocol that it names", () => {
  const cases: readonly (readonly [entry: unknown, says: readonly RegExp[]])[] = [
    [{ ask: "text" }, []],
    [{ ask: "voice" }, [/listen\[0\]\.ask: expected one of text; found "voice"$/]],
    [{ ask: "text", greeting: "" }, [/listen\[0\]\.greeting: /]],
    [{ ask: "text", unit: 3 }, [/listen\[0\]\.unit: there is no such key/]],
    [{ modbus: "tcp", greeting: "x" }, [/listen\[0\]\.greeting: there is no such key/]],
    [{ modbus: "text" }, [/listen\[0\]\.modbus: expected one of tcp, rtu-over-tcp, tls, rtu; found "text"$/]],
    [
      { ask: "text", modbus: "tcp" },
      [/listen\[0\]: expected one protocol with its transport, of modbus: .*, ask: text/],
    ],
    [{ port: 1502 }, [/listen\[0\]: expected one protocol/]],
    ["modbus", [/listen\[0\]: expected one protocol/]],
    [
      { ask: "text", faults: [{ exception: 6 }] },
      [
        /faults\[0\]\.exception: there is no such key/,
        /expected exactly one of delay, drop, truncate, trickle, close$/,
      ],
    ],
    [{ ask: "text", faults: [{ delay: 5, close: true }] }, [/faults\[0\]: expected exactly one of/]],
    [
      { modbus: "rtu", device: "/dev/x", faults: [{ close: true }] },
      [/faults\[0\]\.close: there is no such key/, /exactly one/],
    ],
  ];
  for (const [entry, says] of cases) {
    const found = problems(entry);
    assert.equal(found.length, says.length, `${JSON.stringify(entry)}: ${found.join("; ")}`);
    says.forEach((words, k) => assert.match(found[k]!, words));
  }
});

test("the published schema has an entry a transport, of every protocol of the table", () => {
  const published = JSON.stringify(siteJsonSchema(table));
  for (const { name, transports } of table) {
    for (const transport of transports) {
      assert.ok(published.includes(`"${name}":{"type":"string","const":"${transport.name}"}`), transport.name);
    }
  }
  assert.ok(!JSON.stringify(siteJsonSchema()).includes('"ask"'));
});

test("a usual port takes no privileges and is one transport's alone, and without a port an entry listens there", () => {
  const usual = table
    .flatMap(({ transports }) => transports)
    .flatMap((one) => ("port" in one ? [`${one.port} ${one.over === "udp" ? "udp" : "tcp"}`] : []));
  assert.ok(usual.every((port) => Number.parseInt(port, 10) >= 1024 && Number.parseInt(port, 10) < 65_536));
  assert.equal(new Set(usual).size, usual.length);
  assert.deepEqual(
    entries([{ modbus: "tcp" }, { modbus: "rtu-over-tcp" }, { ask: "text" }, { modbus: "tcp", host: "::1" }]).map(
      ({ place }) => place,
    ),
    ["127.0.0.1:1502", "127.0.0.1:1503", "127.0.0.1:1999", "[::1]:1502"],
  );
});

test("the URL of every transport that can be read leads to its meter, where its listener is by usage", () => {
  const forms = new Set(protocols.flatMap(({ transports }) => transports.map(({ form }) => form)));
  for (const form of meterUrlForms) assert.ok(forms.has(form), `${form} is of no transport`);
  const places = {
    tcp: ["127.0.0.1"],
    tls: ["127.0.0.1", "certificate=a.pem", "key=a.key", "authority=b.pem"],
    udp: ["127.0.0.1"],
    ethernet: ["eth0"],
    serial: ["/dev/ttyUSB0", "baud=9600", "parity=even"],
    optical: ["/dev/ttyUSB0", "baud=9600"],
  };
  for (const protocol of protocols) {
    for (const transport of protocol.transports.filter(({ form }) => meterUrlForms.includes(form))) {
      const [at, ...asked] = places[transport.over];
      // A place of some protocols has room for one meter: there is nothing to tell it from others by.
      const station = protocol.station?.({}, 7, transport);
      const { path, query } = protocol.url(transport, station);
      const url = parseMeterUrl(`${transport.scheme}://${at}${path}?${[...asked, ...query].join("&")}`);
      const told = station === undefined ? {} : { [station.word]: station.number };
      const { place } = url;
      assert.partialDeepStrictEqual(url, { protocol: protocol.name, transport: transport.name, ...told });
      assert.equal(place.over, transport.over);
      // Where MMS is by usage is below 1024, where sites do not listen.
      const usual = transport.form.startsWith("mms") ? mmsPorts[transport.over === "tls" ? "tls" : "tcp"] : undefined;
      if ("port" in place && "port" in transport) assert.equal(place.port, usual ?? transport.port);
      if (place.over === "serial") assert.deepEqual(place, { over: "serial", device: at, baud: 9600, parity: "even" });
      if (place.over === "optical") assert.deepEqual(place, { over: "optical", device: at, baud: 9600 });
    }
  }
});

test("a place carries one protocol, and has each number once", () => {
  const places = new Places(table);
  const at = (name: string, entry: unknown): string[] => places.add(name, entries([entry]), name, 1);
  assert.deepEqual(at("a", { ask: "text", port: 4000 }), []);
  assert.deepEqual(at("b", { ask: "text", port: 4000, number: 2 }), []);
  assert.deepEqual(at("c", { ask: "text", port: 4000, number: 2 }), [
    "c.listen[0]: b has number 2 on 127.0.0.1:4000 already; give one of them another number",
  ]);
  assert.deepEqual(at("d", { modbus: "tcp", port: 4000 }), [
    "d.listen[0].modbus: 127.0.0.1:4000 carries ask text of a already; take another port",
  ]);
  assert.deepEqual(at("e", { modbus: "rtu-over-tcp", port: 4001 }), []);
  assert.deepEqual(at("f", { modbus: "tcp", port: 4001, unit: 2 }), [
    "f.listen[0].modbus: 127.0.0.1:4001 carries modbus rtu-over-tcp of e already; take another port",
  ]);
  assert.match(
    at("g", { modbus: "tcp", port: 4002, face: "cuckoo" })[0]!,
    /^g\.listen\[0\]\.face: expected one of .*leviton-s4100/,
  );
  // Every address of the machine is each of them.
  assert.deepEqual(at("h", { modbus: "tcp", port: 4001, host: "0.0.0.0" }), [
    "h.listen[0].port: e has 127.0.0.1:4001 already, and with it 0.0.0.0:4001; take another port",
  ]);
  assert.deepEqual(at("i", { modbus: "tcp", port: 4003, host: "::" }), []);
  assert.deepEqual(at("j", { modbus: "tcp", port: 4003, host: "localhost" }), [
    "j.listen[0].port: i has [::]:4003 already, and with it localhost:4003; take another port",
  ]);
  assert.deepEqual(at("k", { modbus: "tcp", port: 4003, host: "192.0.2.1" }).length, 1);
  assert.deepEqual(at("l", { modbus: "tcp", port: 4004, host: "192.0.2.1" }), []);
  assert.deepEqual(at("m", { modbus: "tcp", port: 4004, host: "192.0.2.2" }), []);
  places.addPages({ host: "127.0.0.1", port: 4005 });
  assert.deepEqual(at("n", { modbus: "tcp", port: 4005 }), [
    "n.listen[0].modbus: 127.0.0.1:4005 carries web of the site's page already; take another port",
  ]);
  const alone = new Places([single]);
  const entry = entries([{ ask: "text", port: 4000 }]);
  assert.deepEqual(alone.add("a", entry, "a", 1), []);
  assert.deepEqual(alone.add("b", entry, "b", 2), [
    "b.listen[0]: a listens on 127.0.0.1:4000 already; give one of them another port",
  ]);
});

test("faults of a link work on a protocol that knows nothing of them", async (t) => {
  const [listener] = await open(t, [meter("m", [{ ask: "text", port: 0, faults: [{ drop: true, times: 1 }] }])]);
  const one = await peer(t, listener!);
  assert.equal(await one.text("1?2?", 5), "who?\n", "the first answer is dropped");
  assert.deepEqual(changeFaults(listener!, [{ truncate: 4, times: 1 }]), []);
  assert.equal(await one.text("1?2?", 9), "m, hwho?\n");
  assert.deepEqual(
    changeFaults(listener!, [
      { trickle: 1, times: 1 },
      { delay: 1, times: 1 },
    ]),
    [],
  );
  assert.equal(await one.text("1?2?", 14), "m, hello\nwho?\n");
  assert.deepEqual(
    listener!.faults.rules.map(({ struck }) => struck),
    [1, 1],
  );
  assert.match(changeFaults(listener!, [{ exception: 6 }])[0]!, /exception: there is no such key/);
  assert.equal(listener!.faults.rules.length, 2, "a refused document changes nothing");
  assert.deepEqual(changeFaults(listener!, [{ close: true }]), []);
  assert.equal(await one.text("1?", 1), "");
  assert.ok(one.closed);
  assert.deepEqual(changeFaults(listener!, []), []);
  assert.equal(await (await peer(t, listener!)).text("1?", 9), "m, hello\n", "the listener goes on");
});

test("a meter that does not answer is silent on every protocol; of several behind one port only that one is", async (t) => {
  const dark = new Set<string>();
  const asked = new Map<string, number>();
  const gate = (name: string): Partial<Listening> => ({
    answers(port, protocol) {
      const what = `${name} ${port} ${protocol}`;
      asked.set(what, (asked.get(what) ?? 0) + 1);
      return !dark.has(what);
    },
  });
  /** Waits until the meter has been asked whether it answers, and what asked is done. */
  const isAsked = async (what: string): Promise<void> => {
    const before = asked.get(what) ?? 0;
    do await new Promise((resolve) => setImmediate(resolve));
    while ((asked.get(what) ?? 0) === before);
  };
  const port = await freePort();
  const [text, shared] = await open(t, [
    meter(
      "a",
      [
        { ask: "text", port: 0 },
        { modbus: "tcp", port, unit: 1 },
      ],
      gate("a"),
    ),
    meter("b", [{ modbus: "tcp", port, unit: 2 }], gate("b")),
  ]);
  const [asker, reader] = [await peer(t, text!), await peer(t, shared!)];
  const read = (...units: readonly number[]): Buffer =>
    Buffer.concat(units.map((unit) => Buffer.from([0, 7, 0, 0, 0, 6, unit, 3, 0, 1, 0, 1])));
  const answer = (unit: number): string => `0007000000050${unit}03020002`;
  reader.send(read(1, 2));
  assert.equal((await reader.take(22)).toString("hex"), answer(1) + answer(2));
  assert.equal(await asker.text("1?", 9), "a, hello\n");
  assert.deepEqual([...asked.keys()].sort(), ["a ethernet 1 ask", "a ethernet 1 modbus", "b ethernet 1 modbus"]);
  dark.add("a ethernet 1 modbus");
  reader.send(read(1, 2, 1, 2));
  assert.equal((await reader.take(22)).toString("hex"), answer(2) + answer(2));
  assert.equal(await asker.text("1?", 9), "a, hello\n", "another protocol of the same meter goes on");
  dark.add("b ethernet 1 modbus").add("a ethernet 1 ask");
  // Unit 9 is nobody's: while a meter answers the port says so (0x0B), but not when all are dark.
  const heard = Promise.all([isAsked("b ethernet 1 modbus"), isAsked("a ethernet 1 ask")]);
  reader.send(read(1, 9, 2));
  asker.send(Buffer.from("1?2?"));
  await heard;
  dark.clear();
  reader.send(read(1));
  assert.equal((await reader.take(11)).toString("hex"), answer(1));
  assert.equal(await asker.text("1?", 9), "a, hello\n");
});

test("a meter that does not speak a protocol, or not as another model, ends the start, and nothing stays open", async (t) => {
  const deaf = meter(
    "m",
    [
      { ask: "text", port: 0 },
      { modbus: "tcp", port: 0 },
    ],
    { bindings: {} },
  );
  await assert.rejects(open(t, [deaf]), /m does not speak Modbus$/);
  const plain = meter("m", [{ modbus: "tcp", port: 0, face: "em24" }], {
    bindings: { modbus: ({ face }) => (face === undefined ? new MemoryUnit({}) : undefined) },
  });
  await assert.rejects(open(t, [plain]), /m does not speak Modbus as em24/);
});

test("a port that is taken ends the whole start, and what was open is closed", async (t) => {
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  t.after(() => taken.close());
  const { port } = taken.address() as net.AddressInfo;
  const first = await freePort();
  await assert.rejects(
    open(t, [
      meter("m", [
        { ask: "text", port: first },
        { modbus: "tcp", port },
      ]),
    ]),
    /another program uses it/,
  );
  await assert.rejects(connectTcp("127.0.0.1", first), /nothing listens there/);
});

test("5,000 random lists of fault rules are taken or refused key by key, and the listener goes on answering", async (t) => {
  const [text, modbus] = await open(t, [
    meter("m", [
      { ask: "text", port: 0 },
      { modbus: "tcp", port: 0 },
    ]),
  ]);
  const keys = [
    "delay",
    "drop",
    "truncate",
    "trickle",
    "close",
    "exception",
    "registers",
    "crc",
    "unit",
    "every",
    "times",
    "addresses",
    "explode",
  ];
  const value = fc.oneof(fc.constant(true), fc.integer({ min: -1, max: 300 }), fc.constant([0, 9]), fc.string());
  const rules = fc.array(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 }), { maxLength: 3 });
  fc.assert(
    fc.property(fc.oneof(rules, fc.jsonValue()), (body) => {
      for (const listener of [text!, modbus!]) {
        const before = listener.faults.rules;
        const wrong = changeFaults(listener, body);
        if (wrong.length > 0) assert.deepEqual(listener.faults.rules, before);
        else assert.equal(listener.faults.rules.length, (body as unknown[]).length);
        for (const words of wrong) assert.match(words, /: \S/);
      }
    }),
    { numRuns: 5000, seed: 2026 },
  );
  assert.deepEqual(changeFaults(text!, []), []);
  assert.equal(await (await peer(t, text!)).text("1?", 9), "m, hello\n");
});

/** A listener on the virtual clock to which null modems lead: peers, and what it says of them. */
async function modems(faults: readonly object[] = []) {
  const clock = new VirtualClock();
  let arrive = (_link: Link): void => {};
  const carrier: Carrier = {
    ...carriers.tcp,
    async open(_keys, _place, accept) {
      arrive = (link) => accept(link);
      return { what: "null modem", authority: "null modem", query: [], close: async () => {} };
    },
  };
  const listeners = new Listeners({ clock, folder: ".", carriers: { ...carriers, tcp: carrier } });
  await listeners.open([meter("one", [{ modbus: "tcp", port: 0, faults }])]);
  const [listener] = listeners.all;
  const peer = () => {
    const [here, there] = nullModem();
    arrive(there);
    let came = "";
    here.receive((bytes) => (came += Buffer.from(bytes).toString("hex")));
    return {
      here,
      /** Reads two registers, so many times. */
      ask(times: number): void {
        const request = (k: number): string => `${k.toString(16).padStart(4, "0")}0000000601030000` + "0002";
        here.send(Buffer.from(Array.from({ length: times }, (_, k) => request(k)).join(""), "hex"));
      },
      /** The transactions that have been answered with registers 1 and 2. */
      get answered(): number[] {
        const answers = [...came.matchAll(/(.{4})0000000701030400010002/g)];
        return answers.map(([, transaction]) => Number.parseInt(transaction!, 16));
      },
    };
  };
  return { clock, peer, counts: listener!.counts };
}

test("5,000 requests in one chunk are answered in order, and another peer's one before any of them", async () => {
  const m = await modems();
  const [burst, polite] = [m.peer(), m.peer()];
  burst.ask(5000);
  polite.ask(1);
  assert.deepEqual([burst.answered.length, polite.answered], [0, [0]]);
  m.clock.advance(1000);
  assert.deepEqual(
    burst.answered,
    Array.from({ length: 5000 }, (_, k) => k),
  );
});

test("behind faults that delay a listener makes no more answers than wait, and drops nobody who waits for them", async () => {
  const m = await modems([{ delay: 59_995, times: 1 }]);
  const one = m.peer();
  one.ask(5000);
  m.clock.advance(59_994);
  assert.deepEqual(one.answered, []);
  m.clock.advance(1);
  // 13 bytes each, and 128 that a message takes: 32,768 bytes are 233 of them, and the slice in which it becomes too much has 22 at most.
  const { length } = one.answered;
  assert.ok(length >= 233 && length <= 255, String(length));
  m.clock.advance(1000);
  assert.equal(one.answered.length, 5000);
  assert.equal(m.counts["unread"], 0);
});

test("a peer that does not read is dropped, and the listener says so", async () => {
  const m = await modems();
  const [never, polite] = [m.peer(), m.peer()];
  never.here.pause();
  never.ask(5000);
  m.clock.advance(59_999);
  assert.ok(never.here.open);
  m.clock.advance(100);
  assert.ok(!never.here.open);
  polite.ask(1);
  assert.deepEqual(polite.answered, [0]);
  assert.deepEqual(m.counts, { taken: 0, refused: 0, putOut: 0, handshakesFailed: 0, unread: 1 });
});
