/** Event streams: they end with the session that opened them, whichever it is, and nobody holds more of them than there is room for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword } from "#io/password.ts";
import { limits } from "#quantity/limits.ts";
import { LogInRation } from "#web/log-in-ration.ts";
import { EventStreams } from "#web/event-streams.ts";
import { here, webRig, type Request } from "./web-rig.ts";

type Rig = Awaited<ReturnType<typeof webRig>>;

const READING = `
security: { readingTakesSession: true, sessionMinutes: 5 }
users:
  - { name: admin, password: meter-admin, privileges: [freeze, readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readSecurity, configurationFile, configureUsers, configureProtocols] }
`;

/** Opens a stream of a meter and takes its first event. */
async function follow({ ask }: Rig, request: Request, meter = "jem") {
  const answer = await ask(`/api/meters/${meter}/live`, request);
  assert.equal(answer.status, 200);
  const reader = answer.body!.getReader();
  assert.match(new TextDecoder().decode((await reader.read()).value), /^data: \{/);
  return {
    cancel: () => reader.cancel(),
    /** Whether it ends, after what was under way at most. */
    ended: async (): Promise<boolean> => {
      for (let events = 0; events < 3; events++) {
        const next = await Promise.race([reader.read(), turns(50).then(() => undefined)]);
        if (next === undefined) return false;
        if (next.done) return true;
      }
      return false;
    },
  };
}

/** Lets what is ready run, so many times: no time passes. */
async function turns(count: number): Promise<void> {
  for (let k = 0; k < count; k++) await new Promise((resolve) => setImmediate(resolve));
}

/** How many streams hear the site's heartbeat from now on. */
function listeners({ site }: Rig): () => number {
  let count = 0;
  const hear = site.onHeartbeat.bind(site);
  site.onHeartbeat = (run) => {
    count++;
    const undo = hear(run);
    return () => {
      count--;
      undo();
    };
  };
  return () => count;
}

const bearing = (token: string, request: Request = here): Request => ({
  ...request,
  headers: { ...request.headers, Authorization: `Bearer ${token}` },
});

test("a stream of whoever logged in to the site ends when he logs out, and when he is no longer who he was", async (t) => {
  const rig = await webRig(t);
  const ends: readonly (readonly [how: string, end: (who: Request) => unknown])[] = [
    ["log-out", (who) => rig.ask("/api/session", { ...who, method: "DELETE" })],
    [
      "password",
      () => rig.site.users.put("viewer", () => ({ role: "viewer", password: hashPassword("viewer horse") })),
    ],
    ["role", () => rig.site.users.put("viewer", (known) => ({ ...known!, role: "operator" }))],
    ["time-out", () => rig.real.advance(limits.web.sessionMs)],
    ["removal", () => rig.site.users.remove("viewer")],
  ];
  for (const [how, end] of ends) {
    const who = await rig.as("viewer");
    const stream = await follow(rig, who);
    rig.side.beat();
    assert.equal(await stream.ended(), false, how);
    await end(who);
    rig.side.beat();
    assert.equal(await stream.ended(), true, how);
  }
});

test("where reading takes a session a stream ends with the session of the meter, by whatever ends that", async (t) => {
  const rig = await webRig(t, { jem: READING });
  const { surface } = rig.site.meter("jem")!;
  assert.equal((await rig.ask("/api/meters/jem/live", here)).status, 401);
  const configure = async (
    change: (file: { users: { privileges: string[] }[] }) => void,
    by: string,
  ): Promise<void> => {
    const file = structuredClone(surface.configuration()) as { users: { privileges: string[] }[] };
    change(file);
    const put = await rig.ask("/api/meters/jem/configuration", { ...bearing(by), method: "PUT", body: file });
    assert.equal(put.status, 200, await put.clone().text());
  };
  const ends: readonly (readonly [how: string, end: (token: string, other: string) => unknown])[] = [
    ["log-out", (token) => rig.ask("/api/meters/jem/session", { ...bearing(token), method: "DELETE" })],
    ["time-out", () => rig.real.advance(5 * 60_000)],
    [
      "password",
      (_token, by) =>
        rig.ask("/api/meters/jem/commands", {
          ...bearing(by),
          method: "POST",
          body: { command: "password", password: "meter-admin" },
        }),
    ],
    ["privilege", (_token, by) => configure(({ users }) => users[0]!.privileges.splice(0, 1), by)],
  ];
  for (const [how, end] of ends) {
    const [token, other] = [
      await rig.logIn("admin", "meter-admin", here, "jem"),
      await rig.logIn("admin", "meter-admin", here, "jem"),
    ];
    const stream = await follow(rig, bearing(token));
    rig.side.beat();
    assert.equal(await stream.ended(), false, how);
    await end(token, other);
    rig.side.beat();
    assert.equal(await stream.ended(), true, how);
  }
});

test("a stream is no use of the session that opened it: it does not keep it from timing out", async (t) => {
  const rig = await webRig(t, { jem: READING });
  const token = await rig.logIn("admin", "meter-admin", here, "jem");
  const stream = await follow(rig, bearing(token));
  for (let minute = 0; minute < 4; minute++) {
    rig.real.advance(60_000);
    rig.clock.advance(60_000);
    rig.side.beat();
  }
  await turns(20);
  rig.real.advance(60_000);
  rig.side.beat();
  assert.equal(await stream.ended(), true);
});

test("a stream of somebody without a session ends when reading begins to take one", async (t) => {
  const rig = await webRig(t);
  const stream = await follow(rig, here);
  const { surface } = rig.site.meter("jem")!;
  const token = await rig.logIn("admin", "meter-admin", here, "jem");
  const file = structuredClone(surface.configuration()) as { security: { readingTakesSession: boolean } };
  file.security.readingTakesSession = true;
  assert.equal(
    (await rig.ask("/api/meters/jem/configuration", { ...bearing(token), method: "PUT", body: file })).status,
    200,
  );
  rig.clock.advance(500);
  assert.equal(await stream.ended(), true);
});

test("an address has room for so many streams, all together for so many; one that ends makes room", () => {
  const streams = new EventStreams();
  const enter = (address: string, near = false) =>
    streams.enter({ address, near }, { look: () => {}, beat: () => {}, drop: () => {} });
  const mine = Array.from({ length: limits.web.streamsOfAddress }, () => enter("192.0.2.7"));
  assert.ok(mine.every((place) => place !== undefined));
  assert.equal(enter("192.0.2.7"), undefined);
  // Another address of the same IPv6 network is no other address.
  for (let k = 0; k < limits.web.streamsOfAddress; k++) assert.ok(enter(`2001:db8::${k.toString(16)}`));
  assert.equal(enter("2001:db8::ffff"), undefined);
  streams.leave(mine[0]!);
  assert.ok(enter("192.0.2.7"));
  for (let k = 0; streams.size < limits.web.streams - limits.web.streamsNear; k++) assert.ok(enter(`198.51.100.${k}`));
  assert.equal(enter("203.0.113.1"), undefined);
  assert.equal(streams.refused, 3);
  // Those near have places of their own.
  assert.ok(enter("127.0.0.1", true));
});

test("a stream says every second that it lives, also where no cycle ends, and nothing to a peer that has not read", async (t) => {
  const rig = await webRig(t);
  const answer = await rig.ask("/api/meters/jem/live", here);
  const reader = answer.body!.getReader();
  const next = async (): Promise<string> => {
    const said: string[] = [];
    void reader.read().then(({ value }) => said.push(new TextDecoder().decode(value)));
    // What is told waits for a transaction, which is due at once.
    for (let k = 0; k < 1000 && said.length === 0; k++) {
      await turns(1);
      rig.real.advance(0);
    }
    return said.join("");
  };
  assert.match(await next(), /^data: \{.*"readings"/);
  for (let second = 0; second < 3; second++) {
    // The site's clock stands still: no calculation cycle ends.
    rig.side.beat();
    const beat = await next();
    assert.match(beat, /^event: beat\ndata: \{"utc":\d+\}\n/);
  }
  rig.clock.advance(1500);
  assert.match(await next(), /^data: \{.*"readings"/);
  await reader.cancel();
  const streams = new EventStreams();
  let beats = 0;
  const place = streams.enter(
    { address: "192.0.2.7", near: false },
    { look: () => {}, beat: () => void beats++, drop: () => {} },
  )!;
  streams.beat(0);
  place.waiting = 0;
  streams.beat(1);
  assert.equal(beats, 1);
});

test("a place that a refused or ended stream had is free again", async (t) => {
  const rig = await webRig(t);
  const open = await Promise.all(Array.from({ length: limits.web.streamsOfAddress }, () => follow(rig, here)));
  assert.equal((await rig.ask("/api/meters/jem/live", here)).status, 503);
  for (const stream of open) await stream.cancel();
  await turns(5);
  rig.clock.advance(500);
  await turns(5);
  const again = await follow(rig, here);
  await again.cancel();
});

test("who asks for a stream's headers alone gets them, and opens nothing", async (t) => {
  const rig = await webRig(t);
  const listening = listeners(rig);
  for (let k = 0; k < limits.web.streamsOfAddress + 1; k++) {
    const { status, headers, body } = await rig.ask("/api/meters/jem/live", { ...here, method: "HEAD" });
    assert.deepEqual([status, headers.get("Content-Type"), body], [200, "text/event-stream", null]);
  }
  assert.equal(listening(), 0);
  assert.equal((await rig.ask("/api/meters/nope/live", { ...here, method: "HEAD" })).status, 404);
  const stream = await follow(rig, here);
  assert.equal(listening(), 1);
  await stream.cancel();
  await turns(5);
  assert.equal(listening(), 0);
});

test("a peer that reads nothing is put out; meanwhile nothing is queued for it", async (t) => {
  const rig = await webRig(t);
  let cut = 0;
  let views = 0;
  const listening = listeners(rig);
  const { surface } = rig.site.meter("feeder")!;
  const extra = surface.extra.bind(surface);
  surface.extra = () => (views++, extra());
  const answer = await rig.ask("/api/meters/feeder/live", { ...here, destroy: () => void cut++ });
  assert.equal(answer.status, 200);
  await turns(5);
  for (let beat = 0; beat < 9; beat++) {
    rig.clock.advance(5000);
    rig.real.advance(1000);
    rig.side.beat();
    await turns(5);
  }
  assert.ok(views <= 2, `${views} events were made for 45 cycles that nobody read`);
  assert.equal(cut, 0);
  rig.real.advance(limits.web.unreadMs);
  rig.side.beat();
  assert.equal(cut, 1);
  await turns(5);
  assert.equal(listening(), 0, "nothing is left of what nobody reads");
  await answer.body?.cancel();
});

test("the ration of wrong passwords forgets the address that was heard of longest ago", () => {
  const ration = new LogInRation(() => 0);
  for (let k = 0; k < limits.web.wrongLogIns; k++) assert.equal(ration.take("192.0.2.7"), undefined);
  assert.equal(ration.take("192.0.2.7"), limits.web.wrongLogInMs);
  for (let k = 0; k < limits.web.wrongAddresses; k++) ration.take(`10.1.${k >> 8}.${k & 255}`);
  assert.equal(ration.take("192.0.2.7"), undefined);
});
