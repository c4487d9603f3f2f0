/** The HTTP API: its schemas are its types and what real meters answer, its paths of before are those of now, and what is refused is a problem. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import { catalogue } from "#model/catalogue.ts";
import type { Control } from "#panel/panel.ts";
import type { Picture } from "#panel/picture.ts";
import type { ConfigurationHistoryView, ConfiguredView, EditorsView } from "#quantity/configuration-view.ts";
import { limits } from "#quantity/limits.ts";
import type {
  FileContentView,
  FilesView,
  LiveView,
  LogView,
  MeterView,
  MissedView,
  ProfileView,
  RegisterView,
  SelfReadsView,
} from "#quantity/meter-api.ts";
import type { BenchView, ClockView } from "#quantity/bench-view.ts";
import type { BillsView } from "#quantity/bills-api.ts";
import type { EnergyView } from "#quantity/energy-api.ts";
import type { FoundEntriesView } from "#quantity/log-search-api.ts";
import type { TrendsView, TrendView } from "#quantity/trend-api.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { IntervalView, QualityView } from "#quantity/quality-view.ts";
import { configuredSchema, editorsSchema, historySchema } from "#web/api/configuration-schemas.ts";
import { benchSchema, clockSchema } from "#web/api/bench-schemas.ts";
import type { TrafficView } from "#quantity/traffic-view.ts";
import { liveSchema, meterSchema, missedSchema, register, selfReadsSchema } from "#web/api/meter-schemas.ts";
import { billsSchema, energySchema, foundEntriesSchema, trendSchema, trendsSchema } from "#web/api/energy-schemas.ts";
import { isMedia, refusalsOf } from "#web/api/operation.ts";
import { described, operations } from "#web/api/operations.ts";
import { description, templateOf } from "#web/api/openapi.ts";
import { controlSchema, pictureSchema } from "#web/api/panel-schemas.ts";
import { intervalSchema, qualitySchema } from "#web/api/quality-schemas.ts";
import { fileContentSchema, filesSchema, logSchema, profileSchema } from "#web/api/record-schemas.ts";
import { problemSchema } from "#web/api/site-schemas.ts";
import { trafficSchema } from "#web/api/traffic-schemas.ts";
import { missedSince, StreamPlace } from "#web/missed.ts";
import { here, elsewhere, passwordOf, webRig, type Request } from "./web-rig.ts";

/** What is left of a type in JSON: a member that is undefined is absent, and nobody says that a list must not be written to. */
type Plain<T> = unknown extends T
  ? T
  : T extends readonly unknown[]
    ? number extends T["length"]
      ? Plain<T[number]>[]
      : number[]
    : T extends object
      ? { -readonly [K in keyof T as undefined extends T[K] ? never : K]: Plain<T[K]> } & {
          -readonly [K in keyof T as undefined extends T[K] ? K : never]?: Plain<Exclude<T[K], undefined>>;
        }
      : T;

/** Whether either may stand for the other. */
type Same<A, B> = [Plain<A>] extends [Plain<B>]
  ? [Plain<B>] extends [Plain<A>]
    ? true
    : "type says more"
  : "schema says more";

type OfSite = Pick<LiveView, "utc" | "trouble" | "behind">;

/** Each is a compile error where schema and type differ. */
const same: readonly true[] = [
  true satisfies Same<z.output<typeof register>, RegisterView>,
  true satisfies Same<z.output<typeof qualitySchema>, QualityView>,
  true satisfies Same<z.output<typeof intervalSchema>, IntervalView>,
  true satisfies Same<z.output<typeof profileSchema>, ProfileView>,
  true satisfies Same<z.output<typeof logSchema>, LogView & { name: string }>,
  true satisfies Same<z.output<typeof selfReadsSchema>, SelfReadsView & { name: string }>,
  true satisfies Same<z.output<typeof filesSchema>, FilesView>,
  true satisfies Same<z.output<typeof fileContentSchema>, FileContentView>,
  true satisfies Same<z.output<typeof missedSchema>, MissedView>,
  true satisfies Same<z.output<typeof meterSchema>, MeterView & OfSite>,
  true satisfies Same<z.output<typeof liveSchema>, LiveView>,
  true satisfies Same<z.output<typeof pictureSchema>, Picture>,
  true satisfies Same<z.output<typeof controlSchema>, Control>,
  true satisfies Same<z.output<typeof historySchema>, ConfigurationHistoryView>,
  true satisfies Same<z.output<typeof configuredSchema>, ConfiguredView>,
  true satisfies Same<z.output<typeof editorsSchema>, EditorsView>,
  true satisfies Same<z.output<typeof benchSchema>, BenchView>,
  true satisfies Same<z.output<typeof clockSchema>, ClockView>,
  true satisfies Same<z.output<typeof trafficSchema>, TrafficView>,
  true satisfies Same<z.output<typeof energySchema>, EnergyView>,
  true satisfies Same<z.output<typeof trendsSchema>, TrendsView>,
  true satisfies Same<z.output<typeof trendSchema>, TrendView>,
  true satisfies Same<z.output<typeof billsSchema>, BillsView>,
  true satisfies Same<z.output<typeof foundEntriesSchema>, FoundEntriesView>,
];

test("the schemas of views and their types are the same", () => {
  assert.equal(same.length, 24);
});

const PQ = "JSII-09I6020-1B/2A-DIO-PQ3";
/** A meter of every model that an API shows, some of them with logs, profiles and power quality. */
const EVERY = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, modelNumber: ${PQ}, source: { synthetic: { hz: 60, volts: 120, amps: 3, seed: 1, events: [{ kind: sag, at: 10, for: 0.2, every: 60, phases: [b], volts: 0.7 }] } }, listen: [{ modbus: tcp, port: 0, faults: [{ delay: 5, times: 1 }] }] }
  - { name: feeder, model: leviton-s4100, options: { logging: true }, source: { live: { hz: 50 } } }
${catalogue
  .map(
    ({ name }, k) =>
      `  - { name: m${k}, model: ${name}, source: { synthetic: { volts: 230, amps: [5, 6, 7], hz: 50 } } }`,
  )
  .join("\n")}
`;

const JEM = `
profiles:
  - { minutes: 15, data: engineering, channels: [{ measure: { quantity: Wh } }] }
users:
  - { name: admin, password: meter-admin, privileges: [freeze, readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readSecurity, configurationFile, configureUsers, configureProtocols, configureIdentification] }
`;

/** Every place of the API of a meter that is read. */
const reads = described.filter(([, { method, answer }]) => method === "GET" && !isMedia(answer));

/** Words that a question has to have. */
const asking: Readonly<Record<string, string>> = {
  readMark: "?reader=r&series=s",
  readTrend: "?series=profile&number=1&channel=1",
  readBills: "?by=day",
};

/** Paths of an operation with what there is of a meter in place of its parameters. */
function placesOf(path: string, logs: readonly string[]): readonly string[] {
  const many: Readonly<Record<string, readonly string[]>> = {
    list: ["normal", "alternate", "test", "frozen"],
    number: ["1", "2"],
    kind: logs,
  };
  return Object.entries(many).reduce<readonly string[]>(
    (all, [name, values]) =>
      all.flatMap((one) => (one.includes(`:${name}`) ? values.map((value) => one.replace(`:${name}`, value)) : [one])),
    [path],
  );
}

test("what meters of every model answer is what the schemas say, to the last member", async (t) => {
  const log =
    "measurementLog:\n  - { interval: 1, channels: [{ measure: { quantity: V, phase: a }, method: average }] }\n";
  const rig = await webRig(t, { site: EVERY, jem: `${JEM}${log}` });
  await rig.ask("/api/v1/meters/feeder/readings", {
    method: "POST",
    body: { volts: [230, 231, 229], amps: [5, 6, 4] },
  });
  for (let second = 0; second < 130; second++) rig.clock.advance(1000);
  const parsed = new Map<string, number>();
  for (const { surface } of rig.site.meters) {
    const { name } = surface.identity;
    for (const [id, { path, answer }] of reads) {
      for (const place of placesOf(path.replace(":name", name), surface.logs)) {
        const answered = await rig.ask(`${place.replace(":file", "none.pqd")}${asking[id] ?? ""}`);
        const said: unknown = await answered.json();
        if (answered.status === 404) continue;
        assert.equal(answered.status, 200, place);
        assert.ok(!isMedia(answer));
        const { error, success } = answer.safeParse(said);
        assert.ok(success, `${place}: ${error?.message ?? ""}`);
        parsed.set(id, (parsed.get(id) ?? 0) + 1);
      }
    }
  }
  // All of them were seen answering, but for the message that has not passed and the file that there is not.
  assert.deepEqual(
    reads.flatMap(([id]) => (parsed.has(id) ? [] : [id])),
    ["readTrafficMessage", "readFileContent"],
  );
});

/** The first events of a stream, parsed. */
async function eventsOf(
  answer: Response,
  count: number,
): Promise<readonly { event: string; id?: string; data: unknown }[]> {
  const reader = answer.body!.getReader();
  let text = "";
  while (text.split("\n\n").length <= count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  await reader.cancel();
  return text
    .split("\n\n")
    .slice(0, count)
    .map((block) => {
      const fields = Object.fromEntries(
        block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
      );
      const { event = "message", id, data = "null" } = fields as { event?: string; id?: string; data?: string };
      return { event, ...(id === undefined ? {} : { id }), data: JSON.parse(data) as unknown };
    });
}

test("what streams say is what the schemas say", async (t) => {
  const rig = await webRig(t, { site: EVERY });
  for (let second = 0; second < 70; second++) rig.clock.advance(1000);
  for (const name of ["jem", "feeder"]) {
    for (const [place, row] of [
      ["live", operations.followMeter],
      ["panel/live", operations.followPanel],
    ] as const) {
      const [first] = await eventsOf(await rig.ask(`/api/v1/meters/${name}/${place}`), 1);
      assert.ok(isMedia(row.answer) && first !== undefined);
      const { error, success } = row.answer.events!["message"]!.safeParse(first.data);
      assert.ok(success, `${name}/${place}: ${error?.message ?? ""}`);
    }
  }
});

test("what was logged while a stream was away comes first, each once; what is no longer kept is gone; a strange place is none", async (t) => {
  const rig = await webRig(t, { jem: JEM });
  const { surface } = rig.site.meter("jem")!;
  const follow = (headers: Readonly<Record<string, string>> = {}, query = ""): Promise<Response> =>
    rig.ask(`/api/v1/meters/jem/live${query}`, { headers });
  for (let minute = 0; minute < 31; minute++) rig.clock.advance(60_000);
  const [left] = await eventsOf(await follow(), 1);
  assert.deepEqual([left!.event, /^[\w:,-]+$/.test(left!.id!)], ["message", true]);
  const before = surface.profiles[0]!.next;
  // Away for 45 minutes: three records of a quarter of an hour, that of the freeze, and one entry of one log.
  const token = await rig.logIn("admin", "meter-admin", here, "jem");
  const freeze = { method: "POST", body: { command: "freeze" }, headers: { Authorization: `Bearer ${token}` } };
  assert.equal((await rig.ask("/api/v1/meters/jem/commands", freeze)).status, 200);
  for (let minute = 0; minute < 45; minute++) rig.clock.advance(60_000);
  const again = await eventsOf(await follow({ "Last-Event-ID": left!.id! }), 2);
  assert.deepEqual(
    again.map(({ event }) => event),
    ["missed", "message"],
  );
  const missed = missedSchema.parse(again[0]!.data);
  assert.deepEqual([missed.gone, missed.rest, missed.unknown], [[], [], undefined]);
  assert.deepEqual(
    missed.profiles.map(({ number, records }) => [number, records.map(({ sequence }) => sequence)]),
    [[1, Array.from({ length: surface.profiles[0]!.next - before }, (_, k) => before + k)]],
  );
  assert.ok(surface.profiles[0]!.next - before >= 3);
  assert.deepEqual(
    missed.entries.filter(({ kind }) => kind === "freeze").map(({ sequence }) => sequence),
    [surface.log("freeze").next - 1],
  );
  assert.ok(missed.entries.every(({ kind }) => (kind as string) !== "security"));
  // Nothing since then, whichever way it is said.
  for (const answer of [
    await follow({ "Last-Event-ID": again[1]!.id! }),
    await follow({}, `?after=${again[1]!.id!}`),
  ]) {
    const [nothing] = await eventsOf(answer, 1);
    assert.deepEqual([nothing!.event, nothing!.data], ["missed", { entries: [], profiles: [], gone: [], rest: [] }]);
  }
  // Another time of the same number is another meter's, or that of one that began anew; so is a number that is yet to come.
  const strange = [
    left!.id!.replace(/profile-1:(\d+):\d+/, "profile-1:$1:12345"),
    left!.id!.replace(/profile-1:\d+/, "profile-1:99999"),
    "",
    "x".repeat(5000),
    "profile-1:1:1,profile-1:1:1,__proto__:1:1",
    "\u00e4",
    left!.id!.slice(2),
  ];
  for (const id of strange) {
    const [first] = await eventsOf(await follow({ "Last-Event-ID": id }), 1);
    const { unknown, entries } = missedSchema.parse(first!.data);
    assert.deepEqual([first!.event, unknown, entries], ["missed", true, []], id.slice(0, 40));
  }
});

test("of more than one event holds the rest is named", async (t) => {
  const rig = await webRig(t, { jem: JEM.replace("minutes: 15", "minutes: 5") });
  const [left] = await eventsOf(await rig.ask("/api/v1/meters/jem/live"), 1);
  // More records than one event holds: eight days of five minutes.
  for (let hour = 0; hour < 24 * 8; hour++) rig.clock.advance(3_600_000);
  const { surface } = rig.site.meter("jem")!;
  const profile = surface.profiles[0]!;
  const [missed] = await eventsOf(await rig.ask(`/api/v1/meters/jem/live?after=${encodeURIComponent(left!.id!)}`), 1);
  const { profiles, rest } = missedSchema.parse(missed!.data);
  assert.equal(profiles[0]!.records.length, limits.web.missed);
  const [after] = rest.filter(({ series }) => series === "profile 1");
  assert.equal(after!.from, profiles[0]!.next);
  const more = await rig.ask(`/api/v1/meters/jem/profiles/1?since=${after!.from}`);
  const { records } = (await more.json()) as ProfileView;
  assert.equal(profiles[0]!.records.length + records.length, profile.next);
});

/** A meter with one log, of which the entries from one number to before another are kept; entry k is at k seconds. */
function loggedMeter(first: number, next: number): MeterSurface {
  const entries = Array.from({ length: next - first }, (_, k) => ({
    sequence: first + k,
    at: { utc: 1000 * (first + k), offsetMinutes: 0, daylightSaving: false, synchronised: true },
    what: "reset",
    by: "automatic",
    details: {},
  }));
  const page = (from: number, most: number) => entries.filter(({ sequence }) => sequence >= from).slice(0, most);
  return {
    logs: ["event", "security"],
    log: () => ({ first, next, page, seek: () => first }),
    profiles: [],
  } as unknown as MeterSurface;
}

test("what is no longer kept of what was missed is said to be gone, from which number to which", () => {
  const id = new StreamPlace(loggedMeter(0, 5)).id;
  assert.equal(id, "1,log-event:5:4000");
  const { gone, rest, entries } = missedSince(loggedMeter(20, 23), id);
  assert.deepEqual(gone, [{ series: "log event", from: 5, to: 20 }]);
  assert.deepEqual(
    entries.map(({ sequence }) => sequence),
    [20, 21, 22],
  );
  assert.deepEqual(rest, []);
  // The first of all that there ever is, of a log that was empty when the stream was left.
  assert.equal(new StreamPlace(loggedMeter(0, 0)).id, "1,log-event:0:");
  assert.deepEqual(missedSince(loggedMeter(0, 1), "1,log-event:0:").entries.length, 1);
  // A log that began anew has another entry of that number, or none yet.
  assert.equal(missedSince(loggedMeter(0, 9), "1,log-event:5:4001").unknown, true);
  assert.equal(missedSince(loggedMeter(0, 4), id).unknown, true);
  // An id that names a series that this meter has not is of another meter.
  assert.equal(missedSince(loggedMeter(0, 5), `${id},profile-1:3979:12345`).unknown, true);
  const many = missedSince(loggedMeter(0, 5 + limits.web.missed + 7), id);
  assert.deepEqual([many.entries.length, many.rest], [limits.web.missed, [{ series: "log event", from: 505 }]]);
});

test("the description names every operation, its statuses and its schemas, and nothing that is not there", async (t) => {
  const rig = await webRig(t);
  const answer = await rig.ask("/api/v1/openapi.json");
  assert.equal(answer.headers.get("Content-Type"), "application/json");
  const said = (await answer.json()) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
    components: { schemas: Record<string, unknown> };
  };
  assert.deepEqual(said, JSON.parse(JSON.stringify(description())));
  const named = Object.entries(said.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
  );
  assert.deepEqual(
    named.toSorted(),
    described.map(([id, { method, path }]) => [id, method, templateOf(path)]).toSorted(),
  );
  for (const [id, row] of described) {
    const { responses } = said.paths[templateOf(row.path)]![row.method.toLowerCase()]!;
    const statuses = [200, ...Object.keys(row.others ?? {}).map(Number), ...refusalsOf(row)];
    assert.deepEqual(
      Object.keys(responses).map(Number),
      [...new Set(statuses)].toSorted((a, b) => a - b),
      id,
    );
  }
  const text = JSON.stringify(said);
  for (const [, name = ""] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    assert.ok(Object.hasOwn(said.components.schemas, name), name);
  // Strangers learn nothing of it.
  assert.equal((await rig.ask("/api/v1/openapi.json", elsewhere)).status, 401);
});

test("paths of before there were versions are other names of those of the first: for the guard, cookies, tags and all", async (t) => {
  const rig = await webRig(t);
  const owner = await rig.as("owner");
  for (const [id, { method, path }] of described.filter(([, { path }]) => path.startsWith("/api/v1/"))) {
    const place = path.replace(":name", "jem").replaceAll(/:\w+/g, "1");
    const before = place.replace("/api/v1/", "/api/");
    for (const who of [
      elsewhere,
      await rig.as("viewer"),
      { ...elsewhere, headers: { ...owner.headers, Origin: "http://evil.example" } },
    ]) {
      if (path.endsWith("/live") || path.endsWith("/session")) continue;
      const asked: Request = { ...who, method, ...(method === "GET" ? {} : { body: "{" }) };
      const [now, then] = [await rig.ask(place, asked), await rig.ask(before, asked)];
      // A workbook has in it when it was made.
      const texts = [await now.text(), await then.text()].map((text) =>
        text.startsWith("PK") ? "a workbook" : text.replaceAll("/api/v1/", "/api/"),
      );
      assert.deepEqual([then.status, texts[1]], [now.status, texts[0]], `${id} ${method} ${before}`);
    }
  }
  const logIn = { ...elsewhere, method: "POST", body: { user: "viewer", password: passwordOf("viewer") } };
  const cookie = (await rig.ask("/api/session", logIn)).headers.get("Set-Cookie")!.split(";")[0]!;
  const tags = ["/api/v1/meters/jem/configuration", "/api/meters/jem/configuration"].map(async (place) => {
    const answer = await rig.ask(place, { ...elsewhere, headers: { Cookie: cookie } });
    return [answer.status, answer.headers.get("ETag")];
  });
  const [now, then] = await Promise.all(tags);
  assert.deepEqual(now, then);
  assert.match(String(now![1]), /^"[\w-]{22}"$/);
  // No other version, no other way to spell it.
  for (const place of [
    "/api/v2/meters",
    "/api/v1/v1/meters",
    "/api/v1/api/meters",
    "/api//meters",
    "/API/meters",
    "/api/v1meters",
  ])
    assert.equal((await rig.ask(place)).status, 404, place);
  assert.deepEqual((await rig.ask("/api/v1")).headers.get("Location"), "/api/v1/");
});

/** What is refused, and why: each is a problem. */
const refused: readonly (readonly [status: number, says: RegExp, place: string, request?: Request])[] = [
  [
    422,
    /^"dayz": there is no such word in this query; did you mean "?days"?\?; known are days, from, to, since, most$/,
    "/meters/jem/profiles/1?dayz=3",
  ],
  [422, /^"x": there is no such word in this query; this takes none$/, "/meters?x=1"],
  [422, /^from, to: there is no such day$/, "/meters/jem/bills?by=day&from=2026-02-30"],
  [
    422,
    /^from, to: there is no such instant$/,
    "/meters/jem/trend?series=profile&number=1&channel=1&from=2026-02-30T00:00Z",
  ],
  [422, /^channel: expected one from 1 to 1$|^channel: /, "/meters/jem/trend?series=profile&number=1&channel=99"],
  [
    422,
    /^to: expected an instant that is not before from$/,
    "/meters/jem/trend?series=profile&number=1&channel=1&from=2026-01-02T00:00Z&to=2026-01-01T00:00Z",
  ],
  [422, /^older: expected what an answer before said$/, "/meters/jem/log?older=event"],
  [422, /^kinds: expected some of event, /, "/meters/jem/log?kinds=event,nothing"],
  [404, /^jem has no load profile 7$/, "/meters/jem/profiles/7/csv"],
  [422, /^days: this word stands there 2 times$/, "/meters/jem/profiles/1?days=1&days=2"],
  [422, /^days: expected at most 60; found 61$/, "/meters/jem/profiles/1?days=61"],
  [
    422,
    /^since: expected a whole number; found "?0x10"?$|^since: expected a number; found "?0x10"?/,
    "/meters/jem/profiles/1?since=0x10",
  ],
  [422, /^most: expected at least 1; found 0$/, "/meters/jem/profiles/1?most=0"],
  [422, /^reader: expected a text; it is missing; series: expected a text; it is missing$/, "/meters/jem/marks"],
  [422, /^reader: expected at most 100 characters; found 200$/, `/meters/jem/marks?series=s&reader=${"r".repeat(200)}`],
  [404, /^number: expected a number; found "?one"?$/, "/meters/jem/profiles/one"],
  [404, /^list: expected one of normal, alternate, test, frozen; found "?norm"?/, "/meters/jem/registers/norm"],
  [404, /^there is no meter n{200}; this site has jem, feeder$/, `/meters/${"n".repeat(200)}`],
  [404, /^there is no meter a\/b; this site has/, "/meters/a%2Fb"],
  [404, /^there is no meter %; this site has/, "/meters/%25"],
  [404, /^there is nothing at \/api\/v1\/nothing$/, "/nothing"],
  [
    415,
    /^expected Content-Type: application\/json, and JSON like \{"reader":"billing"/,
    "/meters/jem/marks",
    { method: "POST", body: "{}", headers: { "Content-Type": "text/plain" } },
  ],
  [
    415,
    /^expected Content-Type/,
    "/meters/jem/marks",
    { method: "POST", body: "{}", headers: { "Content-Type": "application/jsonp" } },
  ],
  [400, /^expected Content-Type/, "/meters/jem/marks", { method: "POST", body: "{" }],
  [
    422,
    /^reader: this key stands there twice$/,
    "/meters/jem/marks",
    { method: "POST", body: '{"reader":"a","reader":"b"}' },
  ],
  [
    422,
    /^expected at most \d+ lists and objects within each other$/,
    "/meters/jem/commands",
    { method: "POST", body: "[".repeat(100_000) },
  ],
  [
    422,
    /^__proto__: there is no such key/,
    "/meters/jem/marks",
    { method: "POST", body: '{"reader":"a","series":"b","next":1,"__proto__":{"next":2}}' },
  ],
  [
    422,
    /^next: expected a (whole )?number/,
    "/meters/jem/marks",
    { method: "POST", body: { reader: "a", series: "b", next: 1.5 } },
  ],
  [422, /^next: /, "/meters/jem/marks", { method: "POST", body: '{"reader":"a","series":"b","next":1e300}' }],
  [
    413,
    /^expected a body of at most 1048576 bytes$/,
    "/meters/jem/commands",
    { method: "POST", body: `{"command":"${"x".repeat(2_000_000)}"}` },
  ],
  [422, /^command: expected a text; it is missing$/, "/meters/jem/commands", { method: "POST", body: {} }],
  [
    422,
    /^__proto__: expected a number; found \{"x":1\}$/,
    "/meters/feeder/configuration",
    { method: "PUT", body: '{"__proto__":{"x":1}}' },
  ],
  [
    422,
    /^expected an object of settings and numbers$/,
    "/meters/feeder/configuration",
    { method: "PUT", body: '"[1]"' },
  ],
  [
    422,
    /^ctPrimary: expected a number; found "three"$/,
    "/meters/feeder/configuration",
    { method: "PUT", body: '{"ctPrimary":"three"}' },
  ],
  [
    422,
    /__proto__: there is no such key/,
    "/meters/jem/commands",
    { method: "POST", body: '{"command":"battery","state":"low","__proto__":{}}' },
  ],
  [
    422,
    /^"w0": .*; and 2980 more$|and \d+ more$/,
    `/meters?${Array.from({ length: 3000 }, (_, k) => `w${k}`).join("&")}`,
  ],
  [401, /^log in first: POST session/, "/meters/jem/commands", { method: "POST", body: { command: "freeze" } }],
  [
    403,
    /^a page of http:\/\/evil\.example changes nothing here$/,
    "/meters/jem/marks",
    { method: "POST", body: {}, headers: { Origin: "http://evil.example" } },
  ],
  [403, /^this site is not evil\.example/, "/meters", { host: "evil.example" }],
  [
    412,
    /read it again$/,
    "/meters/feeder/configuration?check",
    { method: "PUT", body: {}, headers: { "If-Match": '"other"' } },
  ],
];

test("whatever is refused is a problem that says what was wrong, and changes nothing", async (t) => {
  const rig = await webRig(t);
  for (const [status, says, place, request] of refused) {
    const answer = await rig.ask(`/api/v1${place}`, { ...here, ...request });
    const what = `${request?.method ?? "GET"} ${place.slice(0, 80)}`;
    assert.equal(answer.status, status, `${what}: ${await answer.clone().text()}`);
    assert.equal(answer.headers.get("Content-Type"), "application/problem+json", what);
    const said = problemSchema.parse(await answer.json());
    assert.deepEqual([said.status, said.type, said.error], [status, "about:blank", said.detail], what);
    assert.match(said.detail, says, what);
  }
  assert.equal(rig.site.meter("jem")!.surface.mark("a", "b"), 0);
});

test("a fault of the site's has a name that its log has, too, and says nothing of what went wrong", async (t) => {
  const rig = await webRig(t);
  Object.defineProperty(rig.site.meter("jem")!, "surface", {
    get() {
      throw new Error("a secret of the house");
    },
  });
  const answer = await rig.ask("/api/v1/meters/jem");
  const said = problemSchema.parse(await answer.json());
  assert.deepEqual([answer.status, said.detail], [500, "something went wrong on the site's side"]);
  assert.match(said.instance!, /^urn:uuid:[0-9a-f-]{36}$/);
  assert.ok(rig.told.some((line) => line.includes(said.instance!) && line.includes("a secret of the house")));
});
