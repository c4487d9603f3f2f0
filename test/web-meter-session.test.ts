/** The session of a browser with a meter: a cookie, which lets it in wherever the meter is told of, and nobody else; and what is no use of it. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { MeterVisitorView } from "#quantity/meter-visitor-view.ts";
import { here, webRig, type Request } from "./web-rig.ts";

const READING = `
security: { readingTakesSession: true, sessionMinutes: 5 }
users:
  - { name: admin, password: meter-admin, privileges: [freeze, readRegisters, readLoadProfile, readEvents, readDiagnostics, readAlarms, readSecurity, readPowerQuality, readMeasurementLog, configurationFile] }
  - { name: guest, password: meter-guest, privileges: [] }
`;
const SITE = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 10, steps: true } } }
  - { name: jem-2.x, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 10, steps: true } } }
`;
const MINUTE = 60_000;
const PLACE = "/api/v1/meters/jem";

const rigOf = (t: TestContext) => webRig(t, { site: SITE, jem: READING });
type Rig = Awaited<ReturnType<typeof webRig>>;

/** Logs in as a browser does: what it is told to keep, as it says it from then on. */
async function browser({ ask }: Rig, at: Request = here, cookie?: string, meter = "jem") {
  const headers = { ...at.headers, ...(cookie === undefined ? {} : { Cookie: cookie }) };
  const body = { user: "admin", password: "meter-admin" };
  const place = `/api/v1/meters/${encodeURIComponent(meter)}/session`;
  const answer = await ask(place, { ...at, headers, method: "POST", body });
  assert.equal(answer.status, 200);
  const { token } = (await answer.json()) as { readonly token: string };
  const set = answer.headers.getSetCookie();
  return { set, token, cookie: set.at(-1)!.split(";")[0]! };
}

const keeping = (cookie: string, headers: Readonly<Record<string, string>> = {}): Request => ({
  ...here,
  headers: { ...headers, Cookie: cookie },
});

test("who logs in to a meter gets a cookie that no script and no page of elsewhere reads or sends", async (t) => {
  const rig = await rigOf(t);
  const { set, token } = await browser(rig);
  assert.deepEqual(set, [`polyphase-meter-jem=${token}; Path=/; HttpOnly; SameSite=Strict`]);
  const secured = await browser(rig, { ...here, encrypted: true });
  assert.deepEqual(secured.set, [
    `__Host-polyphase-meter-jem=${secured.token}; Path=/; HttpOnly; Secure; SameSite=Strict`,
  ]);
});

test("the cookie lets a browser in to its meter, to streams, links and traffic as well, and to no other", async (t) => {
  const rig = await rigOf(t);
  const { cookie } = await browser(rig);
  for (const place of [PLACE, `${PLACE}/live`, `${PLACE}/energy`, `${PLACE}/profiles/1/csv`, "/meters/jem/pqdif/"]) {
    assert.equal((await rig.ask(place, here)).status, 401, place);
    assert.ok(![401, 403].includes((await rig.ask(place, keeping(cookie))).status), place);
  }
  const other = `/api/v1/meters/${encodeURIComponent("jem-2.x")}`;
  assert.equal((await rig.ask(other, keeping(cookie))).status, 401);
  const { cookie: second } = await browser(rig, here, cookie, "jem-2.x");
  assert.equal((await rig.ask(other, keeping(`${cookie}; ${second}`))).status, 200);
  assert.equal((await rig.ask(PLACE, keeping(`${cookie}; ${second}`))).status, 200);
});

test("a page of elsewhere does nothing with it, and a token that is shown goes before it", async (t) => {
  const rig = await rigOf(t);
  const { cookie } = await browser(rig);
  const freeze = { method: "POST", body: { command: "freeze" } };
  const asked = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await rig.ask(`${PLACE}/commands`, { ...keeping(cookie, headers), ...freeze })).status;
  assert.equal(await asked({}), 200);
  assert.equal(await asked({ Origin: "http://127.0.0.1:3000" }), 403);
  assert.equal(await asked({ "Sec-Fetch-Site": "cross-site" }), 403);
  assert.equal(await asked({ "Sec-Fetch-Site": "same-site" }), 403);
  const guest = await rig.logIn("guest", "meter-guest", here, "jem");
  assert.equal(await asked({ Authorization: `Bearer ${guest}` }), 403, "a guest has not the privilege");
});

test("who logs in anew or out has left the session of before, and is told to forget what has ended", async (t) => {
  const rig = await rigOf(t);
  const first = await browser(rig);
  const second = await browser(rig, here, first.cookie);
  assert.equal((await rig.ask(PLACE, keeping(first.cookie))).status, 401);
  assert.equal((await rig.ask(PLACE, keeping(second.cookie))).status, 200);
  const left = await rig.ask(`${PLACE}/session`, { ...keeping(second.cookie), method: "DELETE" });
  assert.match(left.headers.get("Set-Cookie") ?? "", /^polyphase-meter-jem=; Max-Age=0; Path=\//);
  assert.equal((await rig.ask(PLACE, keeping(second.cookie))).status, 401);
  const third = await browser(rig, here, second.cookie, "jem-2.x");
  assert.match(third.set[0] ?? "", /^polyphase-meter-jem=; Max-Age=0/, "the other meter's session has ended");
  assert.equal(third.set.length, 2);
});

test("who he is and what he may is said by the meter, and asking for it reads nothing", async (t) => {
  const rig = await rigOf(t);
  const ask = async (request: Request) =>
    (await (await rig.ask(`${PLACE}/session`, request)).json()) as MeterVisitorView;
  const stranger = await ask(here);
  assert.deepEqual(stranger, {
    name: "jem",
    user: null,
    minutes: 5,
    usersOnly: true,
    reads: [],
    does: [],
    closed: "session",
  });
  const { cookie } = await browser(rig);
  const admin = await ask(keeping(cookie));
  assert.deepEqual([admin.user, admin.closed, admin.does], ["admin", null, ["freeze"]]);
  for (const place of ["readings", "registers", "profiles", "measurement log", "configuration", "files", "log event"])
    assert.ok(admin.reads.includes(place), place);
  const guest = await rig.logIn("guest", "meter-guest", here, "jem");
  const said = await ask({ ...here, headers: { Authorization: `Bearer ${guest}` } });
  assert.deepEqual([said.user, said.closed, said.reads], ["guest", "privilege", []]);
  const security = rig.site.meter("jem")!.surface.log("security").page(0, 100);
  assert.ok(!security.some(({ what }) => what === "Configuration Access"));
});

test("a meter without users says that there is nobody to be", async (t) => {
  const { ask } = await webRig(t);
  const said = (await (await ask("/api/v1/meters/feeder/session", here)).json()) as MeterVisitorView;
  assert.deepEqual([said.user, said.minutes, said.usersOnly, said.closed], [null, null, false, null]);
});

test("what a page asks by itself is no use of the session: it times out; what somebody asks keeps it", async (t) => {
  const rig = await rigOf(t);
  const { cookie } = await browser(rig);
  const status = async (headers: Readonly<Record<string, string>> = {}): Promise<number> =>
    (await rig.ask(`${PLACE}/energy`, keeping(cookie, headers))).status;
  const itself = { "Polyphase-Unattended": "1" };
  rig.real.advance(4 * MINUTE);
  assert.equal(await status(), 200);
  rig.real.advance(4 * MINUTE);
  assert.equal(await status(itself), 200, "it lasts, and is let in");
  await rig.ask("/api/v1/overview", keeping(cookie));
  rig.real.advance(MINUTE);
  assert.equal(await status(itself), 401);
  assert.equal(await status(), 401);
});

test("a stream that a cookie opened ends with the session, also when that times out", async (t) => {
  const rig = await rigOf(t);
  const { cookie } = await browser(rig);
  const stream = (await rig.ask(`${PLACE}/live`, keeping(cookie))).body!.getReader();
  assert.match(new TextDecoder().decode((await stream.read()).value), /^data: \{/);
  rig.real.advance(5 * MINUTE);
  rig.side.beat();
  rig.site.meter("jem")!.surface.catchUp();
  await rig.ask(`${PLACE}/session`, keeping(cookie));
  let done = false;
  for (let k = 0; k < 3 && !done; k++) ({ done } = await stream.read());
  assert.ok(done);
});

test("a header that says that nobody asked makes nobody one of elsewhere", async (t) => {
  const { ask } = await webRig(t);
  assert.equal((await ask("/api/v1/meters", { ...here, headers: { "Polyphase-Unattended": "1" } })).status, 200);
});
