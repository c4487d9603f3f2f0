/** The files of a meter over HTTP: the manual's index, parts of files, who may, and what is refused. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import type { JemStarDevice } from "#product/jemstar/product.ts";
import { rangeOf } from "#web/byte-range.ts";
import { httpDate, modifiedText, sizeText } from "#web/file-index.ts";
import { bytesOf, filledShelf, FOLDERS, NAMES } from "./filled-shelf.ts";
import { elsewhere, here, webRig, type Request } from "./web-rig.ts";

async function rig(t: TestContext, security = "") {
  const jem = `${security}
users:
  - { name: admin, password: meter-admin, privileges: [readRegisters, configurePowerQuality, readPowerQuality, readSecurity, configureUsers] }
  - { name: pq, password: meter-pq, privileges: [readPowerQuality] }
  - { name: guest, password: meter-guest, privileges: [] }
`;
  const made = await webRig(t, { jem });
  const shelf = filledShelf();
  const { jemstar } = made.site.meter("jem") as unknown as JemStarDevice;
  jemstar.files.shelf = shelf;
  return { ...made, shelf, jemstar };
}

const basic = (user: string, password: string): Readonly<Record<string, string>> => ({
  Authorization: `Basic ${btoa(`${user}:${password}`)}`,
});
const FILE = `/meters/jem/pqdif/${NAMES[0]}`;

test("the index is as the manual prints it", async (t) => {
  const { ask } = await rig(t);
  const answer = await ask("/meters/jem/pqdif/", here);
  assert.equal(answer.status, 200);
  const page = await answer.text();
  assert.match(page, /<h1>Index of \/pqdif\/<\/h1>/);
  const rows = [...page.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = ""]) =>
    row
      .replaceAll(/\s*\n\s*/g, "")
      .replaceAll(/<\/t[dh]>/g, "|")
      .replaceAll(/<[^>]*>/g, "")
      .replace(/\|$/, ""),
  );
  assert.deepEqual(rows.slice(0, 6), [
    "Name|Last Modified|Size|Type",
    "Parent Directory/||-|Directory",
    "hsrms/|2020-Jan-09 13:56:16|-|Directory",
    "pqcomms/||-|Directory",
    "wfc/|2020-Jan-09 13:56:17|-|Directory",
    "154800417_1578578162_100772_06.pqd|2020-Jan-09 13:56:13|13.8K|application/octet-stream",
  ]);
  assert.equal(rows.length, 8);
  assert.match(page, new RegExp(`href="${NAMES[0]}"`));
  assert.doesNotMatch(page, /<script|style=|onclick/i);
  const folder = await (await ask("/meters/jem/pqdif/wfc/", here)).text();
  assert.match(folder, /<h1>Index of \/pqdif\/wfc\/<\/h1>/);
  assert.match(folder, /href="154800417_1578578162_100772\.cff"/);
  assert.match(page, /<a href="\/#jem">Parent Directory\//);
  assert.match(folder, /<a href="\.\.\/">Parent Directory\//);
});

test("the manual's address leads to the one meter that has files", async (t) => {
  const { ask } = await rig(t);
  for (const [from, to] of [
    ["/pqdif", "/pqdif/"],
    ["/pqdif/", "/meters/jem/pqdif/"],
    ["/meters/jem/pqdif", "/meters/jem/pqdif/"],
    ["/meters/jem/pqdif/wfc", "/meters/jem/pqdif/wfc/"],
  ] as const) {
    const answer = await ask(from, here);
    assert.deepEqual([answer.status, answer.headers.get("Location")], [302, to]);
  }
  assert.equal((await ask("/meters/feeder/pqdif/", here)).status, 404);
  assert.equal((await ask("/api/meters/feeder/files", here)).status, 404);
});

test("texts of dates and sizes", () => {
  const at = { utc: Date.UTC(2020, 2, 16, 9, 25, 26, 900), offsetMinutes: 60 } as const;
  assert.equal(modifiedText({ ...at, daylightSaving: false, synchronised: true }), "2020-Mar-16 10:25:26");
  assert.equal(httpDate(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT", "the example of RFC 9110, 5.6.7");
  assert.deepEqual([14_131, 4915, 512_000, 5 << 20].map(sizeText), ["13.8K", "4.8K", "500.0K", "5.0M"]);
});

test("a file comes whole, in parts, and not again to whoever has it", async (t) => {
  const { ask } = await rig(t);
  const bytes = bytesOf(0);
  const whole = await ask(FILE, here);
  assert.deepEqual(new Uint8Array(await whole.arrayBuffer()), bytes);
  const headers = Object.fromEntries(whole.headers);
  assert.equal(headers["content-length"], String(bytes.length));
  assert.equal(headers["content-type"], "application/octet-stream");
  assert.equal(headers["content-disposition"], `attachment; filename="${NAMES[0]}"`);
  assert.equal(headers["last-modified"], "Thu, 09 Jan 2020 13:56:13 GMT");
  assert.equal(headers["x-content-type-options"], "nosniff");
  const tag = headers["etag"] ?? "";
  const get = (asked: Readonly<Record<string, string>>): Promise<Response> => ask(FILE, { ...here, headers: asked });
  assert.equal((await get({ "If-None-Match": tag })).status, 304);
  const same = "Thu, 09 Jan 2020 13:56:13 GMT";
  for (const [asked, status] of [
    [{ "If-None-Match": "*" }, 304],
    [{ "If-None-Match": `"x", ${tag}` }, 304],
    [{ "If-None-Match": '"x"', "If-Modified-Since": same }, 200],
    [{ "If-Modified-Since": same }, 304],
    [{ "If-Modified-Since": "Thu, 09 Jan 2020 13:56:12 GMT" }, 200],
    [{ "If-Modified-Since": "once" }, 200],
  ] as const)
    assert.equal((await get(asked as Readonly<Record<string, string>>)).status, status, JSON.stringify(asked));
  const part = await get({ Range: "bytes=100-199", "If-Range": tag });
  assert.deepEqual(new Uint8Array(await part.arrayBuffer()), bytes.subarray(100, 200));
  assert.deepEqual([part.status, part.headers.get("Content-Range")], [206, `bytes 100-199/${bytes.length}`]);
  assert.equal((await get({ Range: "bytes=100-199", "If-Range": '"of another"' })).status, 200);
  const beyond = await get({ Range: `bytes=${bytes.length}-` });
  assert.deepEqual([beyond.status, beyond.headers.get("Content-Range")], [416, `bytes */${bytes.length}`]);
  const head = await ask(FILE, { ...here, method: "HEAD" });
  assert.deepEqual([head.status, (await head.arrayBuffer()).byteLength], [200, 0]);
});

test("ranges are those of RFC 9110, 14.1.2, of a representation of 10,000 bytes", () => {
  for (const [header, range] of [
    ["bytes=0-499", [0, 500]],
    ["bytes=500-999", [500, 1000]],
    ["bytes=-500", [9500, 10_000]],
    ["bytes=9500-", [9500, 10_000]],
    ["bytes=0-", [0, 10_000]],
    ["bytes=9999-20000", [9999, 10_000]],
    ["bytes=-20000", [0, 10_000]],
  ] as const)
    assert.deepEqual(rangeOf(header, 10_000), { from: range[0], to: range[1] }, header);
  for (const header of ["bytes=10000-", "bytes=-0", "bytes=20000-30000"]) assert.equal(rangeOf(header, 10_000), "none");
  for (const header of ["bytes=-", "bytes=5-4", "bytes=0-1,4-5", "lines=1-2", ""])
    assert.equal(rangeOf(header, 10_000), undefined, header);
  fc.assert(
    fc.property(fc.string(), fc.nat(1000), (text, size) => {
      const range = rangeOf(`bytes=${text}`, size);
      if (range === undefined || range === "none") return;
      assert.ok(range.from >= 0 && range.from < range.to && range.to <= size, JSON.stringify(range));
    }),
  );
});

test("the list for programs has names, times and sizes", async (t) => {
  const { ask } = await rig(t);
  const list = (await (await ask("/api/meters/jem/files", here)).json()) as {
    readonly folders: readonly string[];
    readonly files: readonly unknown[];
  };
  assert.deepEqual(list.folders, FOLDERS);
  assert.deepEqual(list.files[0], { name: NAMES[0], utc: "2020-01-09T13:56:13Z", offsetMinutes: 0, size: 14_131 });
  assert.equal(list.files.length, NAMES.length);
});

test("nothing outside the shelf is reached, and what a shelf calls its files is no markup", async (t) => {
  const { ask, shelf } = await rig(t);
  for (const place of [
    "/meters/jem/pqdif/..%2f..%2fsite.yaml",
    "/meters/jem/pqdif/%2e%2e%2fsite.yaml",
    "/meters/jem/pqdif/wfc/..%2f154800417_1578578162_100772_06.pqd",
    "/meters/jem/pqdif/wfc%2f154800417_1578578162_100772.cff%00",
    "/meters/jem/pqdif/nowhere/",
    "/meters/jem/pqdif/constructor",
    "/meters/jem/pqdif/__proto__/",
  ])
    assert.equal((await ask(place, here)).status, 404, place);
  shelf.put('<img src=x onerror="alert(1)">', Uint8Array.of(1));
  const page = await (await ask("/meters/jem/pqdif/", here)).text();
  assert.doesNotMatch(page, /<img/);
  assert.match(page, /&lt;img src=x/);
});

test("a file is removed by whoever may set up power quality, and that is in the security log", async (t) => {
  const { ask, logIn, as, shelf, jemstar } = await rig(t);
  const operator = await as("operator");
  const remove = async (user: string, from: Request = operator): Promise<number> => {
    const token = await logIn(user, `meter-${user}`, from, "jem");
    const headers = { ...from.headers, Authorization: `Bearer ${token}` };
    return (await ask(FILE, { ...from, method: "DELETE", headers })).status;
  };
  assert.equal((await ask(FILE, { ...here, method: "DELETE" })).status, 401, "near, and nobody of the meter's");
  assert.equal(await remove("pq"), 403);
  assert.equal(await remove("admin", await as("viewer")), 403, "a viewer of the site");
  assert.equal(shelf.list().length, NAMES.length);
  assert.equal(await remove("admin"), 200);
  assert.equal(await remove("admin"), 422, "it is no more");
  assert.deepEqual(
    shelf.list().map(({ name }) => name),
    NAMES.slice(1),
  );
  const log = jemstar.meter.log.of("security").page(0, Infinity);
  assert.ok(log.some(({ what, by }) => what === `file ${NAMES[0]} removed` && by === "admin"));
});

test("who may read takes what the configuration says, and a browser asks for it", async (t) => {
  const { ask, as } = await rig(t, "security: { readingTakesSession: true }");
  const viewer = await as("viewer");
  const status = async (place: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
    (await ask(place, { ...viewer, headers: { ...viewer.headers, ...headers } })).status;
  for (const place of ["/meters/jem/pqdif/", FILE, "/api/meters/jem/files"]) {
    assert.equal((await ask(place, elsewhere)).status, 401, "a stranger to the site");
    assert.equal(await status(place), 401, place);
  }
  const asked = await ask(FILE, viewer);
  assert.match(asked.headers.get("WWW-Authenticate") ?? "", /^Basic realm=/);
  assert.equal(await status(FILE, basic("pq", "meter-pq")), 200);
  assert.equal(await status(FILE, basic("guest", "meter-guest")), 403);
  assert.equal(await status(FILE, basic("pq", "wrong")), 401);
  assert.equal(await status(FILE, { Authorization: "Basic %%%" }), 401);
});

test("a browser's name and password are one session as long as it lasts", async (t) => {
  const { ask, as, jemstar } = await rig(t, "security: { readingTakesSession: true }");
  const viewer = await as("viewer");
  const request = { ...viewer, headers: { ...viewer.headers, ...basic("pq", "meter-pq") } };
  for (let k = 0; k < 5; k++) assert.equal((await ask(FILE, request)).status, 200);
  const entries = jemstar.meter.log.of("security").page(0, Infinity);
  assert.equal(entries.filter(({ what, by }) => /log/i.test(what) && by === "pq").length, 1);
  const admin = { ...viewer, headers: { ...viewer.headers, ...basic("admin", "meter-admin") } };
  assert.equal((await ask(FILE, { ...admin, method: "DELETE" })).status, 403, "a viewer of the site still");
});

test("wrong names and passwords of browsers are rationed like other log-ins", async (t) => {
  const { ask, as } = await rig(t, "security: { readingTakesSession: true }");
  const viewer = { ...(await as("viewer")), from: "192.0.2.9" };
  const statuses: number[] = [];
  for (let k = 0; k < 13; k++)
    statuses.push((await ask(FILE, { ...viewer, headers: { ...viewer.headers, ...basic("pq", `no ${k}`) } })).status);
  assert.deepEqual(statuses, [...Array<number>(10).fill(401), 429, 429, 429]);
});
