/** Who may do what over HTTP: where a request comes from, what a user of the site may, and what is promised of every answer. */
import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { hashPassword } from "#io/password.ts";
import { MemoryStore } from "#store/store.ts";
import { access, rowOf } from "#web/access.ts";
import { described, pages } from "#web/api/operations.ts";
import { pageFiles } from "#web/page-files.ts";
import { isPlain } from "#web/whence.ts";
import type { WebOptions } from "#web/whence.ts";
import { buildPage } from "../bin/page.mjs";
import { elsewhere, here, passwordOf, webRig, type Request } from "./web-rig.ts";

await buildPage();
/** The page's script, by the name that the build gave it. */
const script = [...pageFiles().keys()].find((name) => name.endsWith(".js"))!;

type Rig = Awaited<ReturnType<typeof webRig>>;

/** Whether whoever asks is near (let in without a log-in), elsewhere (has to log in), or not for this site at all. */
async function placed({ ask }: Rig, request: Request): Promise<string> {
  const { status } = await ask("/api/session", request);
  return { 200: "near", 401: "elsewhere", 403: "astray" }[status] ?? String(status);
}

test("every route stands in the table of roles, and every row of the table is a route", async (t) => {
  const { side } = await webRig(t);
  const routes = side.app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path}`);
  const rows = access.map(([method, path]) => `${method} ${path}`);
  assert.deepEqual([...new Set(routes)].toSorted(), rows.toSorted());
  assert.equal(new Set(rows).size, rows.length);
});

test("the page on the API shows the table of operations and roles", () => {
  const text = readFileSync(fileURLToPath(new URL("../docs/api.md", import.meta.url)), "utf8");
  const shown = text.split("\n").filter((line) => /^\| (GET|POST|PUT|DELETE) \|/.test(line));
  const rows = [
    ...described.map(([, { method, path, takes, does }]) => [method, path, takes, does]),
    ...pages.map(([method, path, takes]) => [method, path, takes, "for browsers"]),
  ];
  assert.deepEqual(
    shown,
    rows.map(([method, path, takes, does]) => `| ${method} | \`${path}\` | ${takes} | ${does} |`),
  );
});

test("a route that stands in no row is answered by nobody", async (t) => {
  const { side, ask } = await webRig(t);
  side.app.get("/api/v1/planted", (context) => context.json({ secret: true }));
  side.app.options("/api/v1/meters", (context) => context.json({ secret: true }));
  assert.equal((await ask("/api/planted", here)).status, 404);
  assert.equal((await ask("/api/planted", elsewhere)).status, 401);
  for (const method of ["OPTIONS", "DELETE", "PATCH", "QUERY"]) {
    const answer = await ask("/api/meters", { ...here, method });
    assert.deepEqual([answer.status, answer.headers.get("Allow")], [405, "GET, HEAD, POST"], method);
    assert.equal((await ask("/api/meters", { ...elsewhere, method })).status, 401, method);
  }
  assert.equal(rowOf("HEAD", "/api/v1/meters")?.takes, "viewer");
  assert.equal(rowOf("GET", "/api/v1/meters/"), undefined);
});

test("near is who comes from this machine's own address and names it, and nobody else", async (t) => {
  const rig = await webRig(t);
  const cases: readonly (readonly [where: string, request: Request])[] = [
    ["near", here],
    ["near", { ...here, host: "localhost:8080" }],
    ["near", { ...here, host: "localhost" }],
    ["near", { ...here, host: "127.0.0.5:8080" }],
    ["near", { from: "::1", to: "::1", host: "[::1]:8080" }],
    ["near", { from: "::ffff:127.0.0.1", to: "::ffff:127.0.0.1", host: "127.0.0.1:8080" }],
    ["elsewhere", elsewhere],
    ["elsewhere", { ...elsewhere, host: "192.0.2.1" }],
    ["elsewhere", { ...elsewhere, to: "::ffff:192.0.2.1" }],
    ["elsewhere", { from: "fe80::7", to: "fe80::1%eth0", host: "[fe80::1]:8080" }],
    // This machine by an address of the network is not this machine by its own.
    ["elsewhere", { from: "192.0.2.1", to: "192.0.2.1", host: "192.0.2.1:8080" }],
    ["elsewhere", { ...here, from: "127.0.0.2" }],
    // A page whose name was pointed here, and one that names this machine from afar.
    ["astray", { ...here, host: "evil.example" }],
    ["astray", { ...here, host: "127.0.0.1.evil.example" }],
    ["astray", { ...here, host: "192.0.2.1:8080" }],
    ["astray", { ...elsewhere, host: "127.0.0.1:8080" }],
    ["astray", { ...elsewhere, host: "localhost" }],
    ["astray", { ...elsewhere, host: "192.0.2.9:8080" }],
    ["astray", { ...elsewhere, host: "meters.example" }],
    // A peer that has gone has no address.
    ["astray", { from: "", to: "127.0.0.1", host: "127.0.0.1:8080" }],
  ];
  for (const [where, request] of cases) assert.equal(await placed(rig, request), where, JSON.stringify(request));
});

test("whoever comes through a proxy on this machine is elsewhere", async (t) => {
  const rig = await webRig(t);
  for (const headers of [
    { "X-Forwarded-For": "127.0.0.1" },
    { "X-Forwarded-Proto": "https" },
    { "X-Real-IP": "127.0.0.1" },
    { Forwarded: "for=127.0.0.1" },
    { Via: "1.1 proxy" },
    { "CF-Connecting-IP": "192.0.2.7" },
  ])
    assert.equal(await placed(rig, { ...here, headers }), "elsewhere", JSON.stringify(headers));
  for (const httpVersion of ["0.9", "1.0", "2.0", "3.7"])
    assert.equal(await placed(rig, { ...here, httpVersion }), "elsewhere", httpVersion);
});

/** What proxies, tunnels and networks of delivery are known to put in, as their own manuals name it. */
const passedOn = [
  ["nginx, Envoy, HAProxy", "X-Original-Forwarded-For X-Envoy-External-Address X-Request-Id X-Scheme X-Forwarded"],
  ["IIS, WebLogic, Tomcat", "X-ProxyUser-Ip WL-Proxy-Client-IP Proxy-Client-IP Client-IP Front-End-Https X-ARR-SSL"],
  ["Fastly, Fly, Azure, Amazon", "Fastly-Client-IP Fly-Client-IP X-Azure-ClientIP X-Amzn-Trace-Id X-Amz-Cf-Id"],
  ["Cloudflare, ngrok", "CF-Ray CDN-Loop Cf-Visitor Ngrok-Trace-Id"],
  ["others", "X-Originating-IP X-Remote-IP X-Remote-Addr Proxy-Connection Max-Forwards X-Nobody-Knows"],
] as const;

test("a header that browsers and programs do not send makes a request one from elsewhere, and the refusal names it", async (t) => {
  const { ask } = await webRig(t);
  for (const [, names] of passedOn)
    for (const name of names.split(" ")) {
      const refused = await ask("/api/meters", { ...here, headers: { [name]: "192.0.2.7" } });
      const { error } = (await refused.json()) as { error: string };
      assert.deepEqual([refused.status, error.split(" ")[3]], [401, name.toLowerCase()], error);
    }
  // Who is elsewhere by his address is told nothing of it.
  const far = await ask("/api/meters", { ...elsewhere, headers: { "X-Remote-IP": "127.0.0.1" } });
  assert.match(((await far.json()) as { error: string }).error, /^log in first/);
});

/** What each sent, as a socket that listened to it was sent it. */
const sent = [
  ["curl", "Host User-Agent Accept Content-Type Content-Length Expect Range"],
  ["curl --http2", "Host User-Agent Accept Connection Upgrade HTTP2-Settings"],
  ["Python's urllib", "Accept-Encoding Content-Type Content-Length Host User-Agent Connection"],
  ["Python's requests", "Host User-Agent Accept-Encoding Accept Connection Cookie Content-Length Content-Type"],
  [
    "fetch of Node",
    "host connection content-type accept accept-language sec-fetch-mode user-agent accept-encoding content-length",
  ],
  [
    "a page in Chromium",
    "Host Connection Cache-Control sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform Upgrade-Insecure-Requests User-Agent Accept Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-User Sec-Fetch-Dest Accept-Encoding Accept-Language Sec-GPC",
  ],
  ["a page's fetch in Chromium", "Host Connection Content-Length Origin Referer Cookie If-None-Match Authorization"],
  ["a page in Firefox", "Host User-Agent Accept DNT Connection Upgrade-Insecure-Requests Priority Pragma TE"],
  ["EventSource", "Host Connection Accept Cache-Control Last-Event-ID Sec-Fetch-Dest"],
  ["Prometheus", "Host User-Agent Accept Accept-Encoding X-Prometheus-Scrape-Timeout-Seconds"],
  ["a program that is traced", "Host traceparent tracestate Transfer-Encoding Trailer Date Polyphase-Session"],
] as const;

test("the page on security names headers that leave one near", () => {
  const text = readFileSync(fileURLToPath(new URL("../docs/security.md", import.meta.url)), "utf8");
  const [, list = ""] = /These are (.*?)\. Whatever else/s.exec(text) ?? [];
  const named = [...list.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name.toLowerCase());
  assert.equal(named.length, 34);
  for (const name of named) assert.ok(isPlain(name.replace("*", "anything")), name);
});

test("what browsers and programs send of themselves leaves them near", async (t) => {
  const rig = await webRig(t);
  for (const [who, names] of sent) {
    for (const name of names.split(" ")) assert.ok(isPlain(name.toLowerCase()), `${who}: ${name}`);
  }
  const chromium = { "Sec-Fetch-Site": "same-origin", "Sec-CH-UA": '"Chromium";v="140"', Priority: "u=1, i", DNT: "1" };
  assert.equal(await placed(rig, { ...here, headers: chromium }), "near");
});

test("a proxy that the site file trusts says whom it asks for; what others say of themselves counts for nothing", async (t) => {
  const web: WebOptions = { names: ["meters.example"], proxy: { header: "x-forwarded-for", from: ["127.0.0.1"] } };
  const rig = await webRig(t, { web });
  const through = (given: string, more: Request = here): Request => ({
    ...more,
    headers: { "X-Forwarded-For": given },
  });
  assert.equal(await placed(rig, here), "near");
  for (const given of ["198.51.100.9", "127.0.0.1", "127.0.0.1, 198.51.100.9", "nonsense"])
    assert.equal(await placed(rig, through(given)), "elsewhere", given);
  assert.equal(await placed(rig, { ...through("198.51.100.9"), host: "meters.example" }), "elsewhere");
  // The address that counts is the one that the proxy put last: it is what a wrong log-in is told with.
  const wrong = { method: "POST", body: { user: "viewer", password: "x" } };
  await rig.ask("/api/session", { ...through("203.0.113.5, 198.51.100.9"), ...wrong });
  assert.match(rig.told.at(-1) ?? "", /log-in of viewer from 198\.51\.100\.9:/);
  await rig.ask("/api/session", { ...through("203.0.113.5", elsewhere), ...wrong });
  assert.match(rig.told.at(-1) ?? "", /log-in of viewer from 192\.0\.2\.7:/);
});

test("names of the site file are names of the site, on any socket, and make nobody near", async (t) => {
  const rig = await webRig(t, { web: { names: ["meters.example"] } });
  for (const from of [here, elsewhere])
    assert.equal(await placed(rig, { ...from, host: "meters.example:8080" }), "elsewhere");
  assert.equal(await placed(rig, { ...elsewhere, host: "meters.example.evil.example" }), "astray");
});

test("a page of elsewhere changes nothing, whoever looks at it; programs and the site's own page do", async (t) => {
  const { ask } = await webRig(t, {
    web: { names: ["meters.example"], proxy: { header: "x-real-ip", from: ["127.0.0.3"] } },
  });
  const push = async (headers: Readonly<Record<string, string>>, more: Request = here): Promise<number> =>
    (await ask("/api/meters/feeder/readings", { ...more, method: "POST", headers, body: { volts: [230], amps: [5] } }))
      .status;
  assert.equal(await push({}), 200);
  assert.equal(await push({ Origin: "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin" }), 200);
  for (const headers of [
    { Origin: "http://evil.example" },
    { Origin: "null" },
    { Origin: "http://127.0.0.1:3000" },
    { Origin: "https://127.0.0.1:8080" },
    { Origin: "https://meters.example" },
    { Origin: "http://127.0.0.1:8080.evil.example" },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
  ] as readonly Readonly<Record<string, string>>[])
    assert.equal(await push(headers), 403, JSON.stringify(headers));
  assert.equal(await push({ Origin: "https://127.0.0.1:8080" }, { ...here, encrypted: true }), 200);
  // Before the trusted proxy the name is another; 401 is the log-in that is lacking, not the page.
  const proxied = { ...here, from: "127.0.0.3" };
  assert.equal(await push({ "X-Real-IP": "192.0.2.7", Origin: "https://meters.example" }, proxied), 401);
  assert.equal(await push({ "X-Real-IP": "192.0.2.7", Origin: "https://evil.example" }, proxied), 403);
  // What takes one of few places is not looked at from there either.
  for (const method of ["GET", "HEAD"])
    for (const headers of [{ Origin: "http://evil.example" }, { "Sec-Fetch-Site": "cross-site" }] as readonly Readonly<
      Record<string, string>
    >[])
      assert.equal((await ask("/api/meters/jem/live", { ...here, method, headers })).status, 403, method);
  // Nothing of it for a look.
  const look = await ask("/api/meters", { ...here, headers: { Origin: "http://evil.example" } });
  assert.deepEqual([look.status, look.headers.get("Access-Control-Allow-Origin")], [200, null]);
});

/** What each role gets for what: 401 and 403 are refusals of the site, everything else is past it. */
const asked: readonly (readonly [what: string, least: string, place: string, request?: Request])[] = [
  ["the page", "viewer", "/"],
  ["a script of the page", "viewer", `/page/${script}`],
  ["the meters", "viewer", "/api/meters"],
  ["a meter", "viewer", "/api/meters/feeder"],
  ["registers", "viewer", "/api/meters/jem/registers/normal"],
  ["a log", "viewer", "/api/meters/jem/logs/security"],
  ["a configuration", "viewer", "/api/meters/jem/configuration"],
  ["the listeners", "viewer", "/api/listeners"],
  ["pushed readings", "operator", "/api/meters/feeder/readings", { method: "POST", body: { volts: [230], amps: [5] } }],
  ["faults", "operator", "/api/listeners/0/faults", { method: "PUT", body: [] }],
  ["another configuration", "operator", "/api/meters/feeder/configuration", { method: "PUT", body: {} }],
  ["hardware", "operator", "/api/meters/jem/commands", { method: "POST", body: { command: "battery", state: "low" } }],
  [
    "a meter without users",
    "operator",
    "/api/meters/feeder/commands",
    { method: "POST", body: { command: "clearEnergy" } },
  ],
  ["the users", "owner", "/api/users"],
  ["another user", "owner", "/api/users/ann", { method: "PUT", body: { role: "viewer", password: "long enough" } }],
  ["a user less", "owner", "/api/users/ann", { method: "DELETE" }],
  // There is no such place: only that there is none is told, to whoever may look.
  ["nothing", "viewer", "/api/nothing"],
];

test("elsewhere each role may what it may, and a stranger nothing but ask for the site's health and log in", async (t) => {
  const rig = await webRig(t);
  const ranks = ["stranger", "viewer", "operator", "owner"];
  for (const who of ranks) {
    const from = who === "stranger" ? elsewhere : await rig.as(who as "viewer");
    for (const [what, least, place, request] of asked) {
      const { status } = await rig.ask(place, { ...from, ...request });
      const refusal = who === "stranger" ? 401 : 403;
      if (ranks.indexOf(who) >= ranks.indexOf(least))
        assert.ok(![401, 403].includes(status), `${who}: ${what}: ${status}`);
      else assert.equal(status, refusal, `${who}: ${what}`);
    }
  }
  const health = await rig.ask("/health", elsewhere);
  assert.deepEqual([health.status, await health.text()], [200, '{"ok":true}']);
});

test("on this machine nobody logs in, unless the site file says that everybody does", async (t) => {
  const open = await webRig(t);
  for (const [what, , place, request] of asked)
    assert.ok(![401, 403].includes((await open.ask(place, { ...here, ...request })).status), what);
  const shut = await webRig(t, { web: { login: "always" } });
  for (const [what, , place, request] of asked)
    assert.equal((await shut.ask(place, { ...here, ...request })).status, 401, what);
  const token = await shut.logIn("viewer", passwordOf("viewer"), here);
  const viewer = { ...here, headers: { "Polyphase-Session": token } };
  assert.equal((await shut.ask("/api/meters", viewer)).status, 200);
  // Being near is no hand on the hardware then.
  const low = { method: "POST", body: { command: "battery", state: "low" } };
  assert.equal((await shut.ask("/api/meters/jem/commands", { ...viewer, ...low })).status, 403);
});

test("a session of the site is none of a meter, a meter's is none of the site, and both together are both", async (t) => {
  const { ask, as, logIn } = await webRig(t);
  const freeze = { method: "POST", body: { command: "freeze" } };
  const meter = await logIn("admin", "meter-admin", elsewhere, "jem");
  const guest = await logIn("guest", "meter-guest", elsewhere, "jem");
  const bearer = { Authorization: `Bearer ${meter}` };
  const tell = async (request: Request, body: unknown = freeze.body): Promise<number> =>
    (await ask("/api/meters/jem/commands", { ...request, method: "POST", body })).status;
  assert.equal(await tell({ ...elsewhere, headers: bearer }), 401);
  const [operator, viewer] = [await as("operator"), await as("viewer")];
  assert.equal(await tell(operator), 401);
  assert.equal(await tell({ ...operator, headers: { ...operator.headers, Authorization: `Bearer ${guest}` } }), 403);
  assert.equal(await tell({ ...viewer, headers: { ...viewer.headers, ...bearer } }), 403);
  assert.equal(await tell({ ...operator, headers: { ...operator.headers, ...bearer } }), 200);
  // The one token in the place of the other.
  assert.equal(await tell({ ...elsewhere, headers: { "Polyphase-Session": meter } }), 401);
});

test("a log-in gives a cookie to a browser and a token to a program; over TLS the cookie is this host's alone", async (t) => {
  const { ask } = await webRig(t);
  const body = { user: "viewer", password: passwordOf("viewer") };
  const plain = await ask("/api/session", { ...elsewhere, method: "POST", body });
  const cookie = plain.headers.get("Set-Cookie") ?? "";
  assert.match(cookie, /^polyphase-session=[0-9a-f]{48}; Path=\/; HttpOnly; SameSite=Strict$/);
  assert.equal(((await plain.json()) as { role: string }).role, "viewer");
  const again = { ...elsewhere, headers: { Cookie: cookie.split(";")[0]! } };
  assert.equal((await ask("/api/meters", again)).status, 200);
  assert.deepEqual(await (await ask("/api/session", again)).json(), { user: "viewer", role: "viewer" });
  const tls = await ask("/api/session", { ...elsewhere, encrypted: true, method: "POST", body });
  assert.match(
    tls.headers.get("Set-Cookie") ?? "",
    /^__Host-polyphase-session=\w+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  assert.equal((await ask("/api/session", { ...again, method: "DELETE" })).status, 200);
  assert.equal((await ask("/api/meters", again)).status, 401);
});

test("a person logs in by the form that stands in place of the page, and is told what was wrong", async (t) => {
  const { ask } = await webRig(t);
  const page = await ask("/", elsewhere);
  assert.equal(page.status, 401);
  assert.match(await page.text(), /<form method="post" action="\/api\/v1\/session">/);
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded",
    Origin: "http://192.0.2.1:8080",
    Accept: "text/html,*/*;q=0.8",
  };
  const send = (body: string, more: Readonly<Record<string, string>> = {}): Promise<Response> =>
    ask("/api/session", { ...elsewhere, method: "POST", body, headers: { ...headers, ...more } });
  const wrong = await send("user=viewer&password=nothing");
  const form = await wrong.text();
  assert.deepEqual([wrong.status, /role="alert">wrong user or password</.test(form)], [401, true]);
  assert.match(form, /<input name="user" value="viewer"/, "only the password is to be typed again");
  const odd = await (await send("user=%22%3E%3Cscript%3E%27&password=nothing")).text();
  assert.match(odd, /<input name="user" value="&#34;&#62;&#60;script&#62;&#39;"/);
  const right = await send("user=viewer&password=viewer+horse");
  assert.deepEqual([right.status, right.headers.get("Location")], [303, "/"]);
  assert.equal((await send("user=viewer&password=viewer+horse", { Origin: "http://evil.example" })).status, 403);
  // A program, such as curl -d, wants no page.
  const program = await send('{"user":"viewer","password":"nothing"}', { Accept: "*/*" });
  const { error } = (await program.json()) as { error: string };
  // Nothing of what it said, which may be a password, is said to it.
  assert.deepEqual(
    [program.status, error],
    [422, "user: expected a text; it is missing; password: expected a text; it is missing"],
  );
  for (let k = 0; k < 7; k++) await send("user=viewer&password=nothing");
  const waiting = await send("user=viewer&password=viewer+horse");
  assert.deepEqual([waiting.status, />too many wrong passwords; wait 30 s</.test(await waiting.text())], [429, true]);
});

test("an address that sends wrong passwords has to wait, for the site and its meters together, and no other has to", async (t) => {
  const { ask, real, logIn, told } = await webRig(t);
  const attempt = async (from: Request, place = "/api/session", user = "viewer", password = "wrong"): Promise<number> =>
    (await ask(place, { ...from, method: "POST", body: { user, password } })).status;
  // Right ones count for nothing.
  for (let k = 0; k < 12; k++)
    assert.equal(await attempt(elsewhere, "/api/session", "viewer", passwordOf("viewer")), 200);
  for (let k = 0; k < 5; k++) assert.equal(await attempt(elsewhere), 401);
  for (let k = 0; k < 5; k++) assert.equal(await attempt(elsewhere, "/api/meters/jem/session", `ghost${k}`), 401);
  assert.equal(await attempt(elsewhere), 429);
  assert.equal(await attempt(elsewhere, "/api/meters/jem/session", "admin", "meter-admin"), 429);
  const waiting = await ask("/api/session", { ...elsewhere, method: "POST", body: { user: "viewer", password: "x" } });
  assert.equal(waiting.headers.get("Retry-After"), "30");
  assert.equal(await attempt({ ...elsewhere, from: "192.0.2.8" }, "/api/session", "viewer", passwordOf("viewer")), 200);
  for (let k = 0; k < 20; k++) assert.equal(await attempt(here), 401, "on this machine");
  real.advance(30_000);
  assert.equal(await attempt(elsewhere, "/api/session", "viewer", passwordOf("viewer")), 200);
  assert.equal(await attempt(elsewhere), 401);
  assert.equal(await attempt(elsewhere), 429);
  assert.match(await logIn("viewer", "nothing", { ...elsewhere, from: "192.0.2.9" }), /no token: 401/);
  assert.ok(told.length < 20, "told in moderation");
});

test("whether there is a user of a name is not told, and a name is not believed", async (t) => {
  const { ask, told } = await webRig(t);
  const said = async (user: string): Promise<string> =>
    (await ask("/api/session", { ...elsewhere, method: "POST", body: { user, password: "x" } })).text();
  assert.equal(await said("viewer"), await said("ghost"));
  await said("\u001b[2Jghost\n");
  assert.match(told.at(-1) ?? "", /^web: refused a log-in of somebody from 192\.0\.2\.7: wrong user or password$/);
});

test("a stranger learns of no meter: every log-in to one that fails has the same words and costs the same work", async (t) => {
  const rig = await webRig(t);
  const failing: readonly (readonly [what: string, meter: string, user: string, password: string])[] = [
    ["no such meter", "nope", "admin", "x"],
    ["a meter without users", "feeder", "admin", "x"],
    ["no such user", "jem", "ghost", "x"],
    ["wrong", "jem", "admin", "x"],
    ["the factory's", "jem", "factory", "factory"],
    ["like a factory's", "jem", "ghost", "ghost"],
    ["wrong again", "jem", "admin", "y"],
    ["wrong until locked out", "jem", "admin", "z"],
    ["locked out", "jem", "admin", "x"],
  ];
  const say = async (from: Request, [, meter, user, password]: (typeof failing)[number]): Promise<[number, string]> => {
    const answer = await rig.ask(`/api/meters/${meter}/session`, { ...from, method: "POST", body: { user, password } });
    return [answer.status, await answer.text()];
  };
  // A wrong password at a meter that there is leaves an entry in its log: that it is kept is not waited for.
  let waited = 0;
  const kept = rig.site.kept.bind(rig.site);
  rig.site.kept = () => (waited++, kept());
  const said = new Set<string>();
  for (const [k, one] of failing.entries()) {
    // Each from an address of its own, but for those of one user.
    const from = { ...elsewhere, from: one[2] === "admin" ? "192.0.2.7" : `192.0.2.${20 + k}` };
    const { worked, result } = await workOf(() => say(from, one));
    const [status, text] = result;
    const { error, ...more } = JSON.parse(text) as { error: string };
    assert.deepEqual([worked, status, error], [1, 401, "wrong user or password"], one[0]);
    said.add(JSON.stringify(more));
  }
  assert.deepEqual([waited, said.size], [0, 1], "the same of all");
  // Whoever may look is helped.
  const viewer = await rig.as("viewer");
  for (const from of [here, viewer]) {
    assert.match((await say(from, failing[0]!))[1], /there is no meter nope; this site has jem, feeder/);
    assert.match((await say(from, failing[1]!))[1], /feeder has no users/);
  }
  assert.match((await say(viewer, failing[5]!))[1], /factory's password works only on the site's own machine/);
  assert.match((await say(viewer, failing[8]!))[1], /admin is locked out/);
  const token = await rig.logIn("guest", "meter-guest", { ...elsewhere, from: "192.0.2.99" }, "jem");
  assert.match(token, /^[0-9a-f]{48}$/);
});

/** How many passwords are worked on beside the event loop while something runs. */
async function workOf<T>(run: () => Promise<T>): Promise<{ readonly worked: number; readonly result: T }> {
  let worked = 0;
  const hook = createHook({ init: (_id, type) => void (worked += type === "SCRYPTREQUEST" ? 1 : 0) }).enable();
  try {
    return { result: await run(), worked };
  } finally {
    hook.disable();
  }
}

test("programs that watch the site show its token, and whoever has none is told nothing", async (t) => {
  const { ask, as, site } = await webRig(t);
  const metrics = async (request: Request): Promise<number> => (await ask("/metrics", request)).status;
  const bearing = (token: string): Request => ({ ...elsewhere, headers: { Authorization: `Bearer ${token}` } });
  assert.equal(await metrics(elsewhere), 401);
  assert.equal(await metrics(bearing("")), 401);
  assert.equal(await metrics(await as("owner")), 401);
  const first = await site.users.renewToken();
  assert.equal(await metrics(bearing(first)), 200);
  const second = await site.users.renewToken();
  assert.deepEqual([await metrics(bearing(first)), await metrics(bearing(second))], [401, 200]);
  assert.ok(!readFileSync(site.users.file, "utf8").includes(second), "only its hash is kept");
  const text = await (await ask("/metrics", here)).text();
  assert.match(text, /^polyphase_meters 2$/m);
  assert.match(text, /^polyphase_store_trouble 0$/m);
});

test("a site whose store is in trouble is not well, and says no more of it to strangers", async (t) => {
  const store = new MemoryStore();
  const { ask } = await webRig(t, { store });
  assert.equal((await ask("/health", elsewhere)).status, 200);
  Object.defineProperty(store, "trouble", { value: "the disk is full" });
  const sick = await ask("/health", elsewhere);
  assert.deepEqual([sick.status, await sick.text()], [503, '{"ok":false}']);
  assert.match(await (await ask("/metrics", here)).text(), /^polyphase_store_trouble 1$/m);
});

test("every answer says that nothing frames it, sniffs it or keeps it, refusals and mistakes too", async (t) => {
  const { ask } = await webRig(t);
  for (const [place, request] of [
    ["/", here],
    ["/", elsewhere],
    [`/page/${script}`, here],
    ["/api/meters", here],
    ["/api/meters", elsewhere],
    ["/api/meters", { ...here, host: "evil.example" }],
    ["/nothing", here],
    ["/health", elsewhere],
    ["/api/meters/feeder/readings", { ...here, method: "POST", body: "{" }],
    ["/api/session", { ...here, method: "POST", body: `"${"x".repeat(9000)}"` }],
  ] as readonly (readonly [string, Request])[]) {
    const { headers } = await ask(place, request);
    const policy = headers.get("Content-Security-Policy") ?? "";
    for (const part of ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "default-src 'self'"])
      assert.ok(policy.includes(part), `${place}: ${part}`);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff", place);
    assert.equal(headers.get("Referrer-Policy"), "same-origin", place);
    // The name of a file of the page changes with what is in it: whoever asked for it may keep it, and nobody on the way.
    const isFile = place.startsWith("/page/");
    assert.match(headers.get("Cache-Control") ?? "", isFile ? /^private, .*immutable$/ : /^no-store$/, place);
  }
});

test("no GET changes anything: the meters are as they were, whatever is asked of them", async (t) => {
  const { ask, clock, site } = await webRig(t);
  clock.advance(5000);
  // What is read is of now; until then a meter is as it was at its last cycle.
  for (const { surface } of site.meters) surface.catchUp();
  const state = async (): Promise<unknown> =>
    Promise.all(
      site.meters.map(async ({ surface }) => ({
        configuration: surface.configuration(),
        registers: surface.registers("normal"),
        marks: surface.mark("billing", "profile 1"),
        freezes: surface.freezes.next,
        // That somebody has read the configuration is in the security log, as the manual wants it.
        logs: surface.logs.filter((kind) => kind !== "security").map((kind) => surface.log(kind).next),
      })),
    );
  const before = await state();
  for (const [method, path] of access) {
    if (method !== "GET") continue;
    for (const name of ["jem", "feeder"]) {
      const place = path
        .replace(":name", name)
        .replace(":list", "normal")
        .replace(":number", "1")
        .replace(":kind", "event")
        .replace(":file", script);
      const queries = ["", "?command=freeze&check&reader=billing&series=profile%201&next=7&since=0&most=3"];
      for (const query of queries) await (await ask(`${place}${query}`, here)).body?.cancel();
    }
  }
  assert.deepEqual(await state(), before);
});

test("users are what their file says now, and a file that others can read, or that is damaged, changes nothing", async (t) => {
  const { ask, as, site, side, told } = await webRig(t);
  const { file } = site.users;
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.doesNotMatch(readFileSync(file, "utf8"), /horse/);
  const viewer = await as("viewer");
  const look = async (): Promise<number> => (await ask("/api/meters", viewer)).status;
  assert.equal(await look(), 200);
  const kept = readFileSync(file, "utf8");
  const put = (text: string, mode = 0o600): void => {
    rmSync(file);
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
  };
  for (const [text, mode, says] of [
    ["{", 0o600, /it is no JSON/],
    [JSON.stringify({ users: [{ name: "eve", role: "owner", password: "plain" }] }), 0o600, /expected the hash/],
    [JSON.stringify({ users: [], admin: true }), 0o600, /admin: there is no such key/],
    [JSON.stringify({ users: [] }), 0o644, /has the mode 0644, expected 0600/],
  ] as const) {
    put(text, mode);
    side.beat();
    side.beat();
    assert.match(told.at(-1) ?? "", says);
    assert.match(told.at(-1) ?? "", /its users are those of before$/);
    assert.equal(await look(), 200);
  }
  assert.equal(told.length, 4, "each once");
  // What cannot be read is not written over either.
  const owner = await as("owner");
  const damaged = readFileSync(file, "utf8");
  for (const request of [
    { method: "PUT", body: { role: "viewer", password: "long enough" } },
    { method: "DELETE" },
  ] as readonly Request[]) {
    const refused = await ask("/api/users/viewer", { ...owner, ...request });
    assert.equal(refused.status, 503, JSON.stringify(request));
    assert.match(await refused.text(), /nothing is changed: .*has the mode 0644, expected 0600/);
  }
  await assert.rejects(site.users.renewToken(), /has the mode 0644/);
  assert.deepEqual([readFileSync(file, "utf8"), told.length], [damaged, 4]);
  put(kept.replace('"role": "viewer"', '"role": "operator"'));
  assert.equal(await look(), 401, "whoever may do more has to log in anew");
  assert.match(told.at(-1) ?? "", /\.users is taken again: its users are those of now$/);
  put(kept);
  rmSync(file);
  assert.match(
    await (
      await ask("/api/session", {
        ...elsewhere,
        method: "POST",
        body: { user: "viewer", password: passwordOf("viewer") },
      })
    ).text(),
    /wrong user/,
  );
});

test("an owner says who the users are; what is wrong with one is said", async (t) => {
  const { ask, as, site } = await webRig(t);
  const owner = await as("owner");
  const put = async (name: string, body: unknown): Promise<[number, string]> => {
    const answer = await ask(`/api/users/${name}`, { ...owner, method: "PUT", body });
    return [answer.status, ((await answer.json()) as { error?: string }).error ?? ""];
  };
  assert.equal((await put("ann", { role: "viewer", password: "long enough" }))[0], 200);
  assert.deepEqual(await put("bob", { role: "viewer", password: "short" }), [
    422,
    "the password has 5 characters, expected 8 to 256",
  ]);
  assert.equal((await put("bob", { role: "king", password: "long enough" }))[0], 422);
  assert.equal((await put("bob", { role: "viewer" }))[0], 422);
  assert.equal((await put("b%20b", { role: "viewer", password: "long enough" }))[0], 422);
  const { password } = site.users.named("ann")!;
  assert.equal((await put("ann", { role: "operator" }))[0], 200);
  assert.deepEqual(site.users.named("ann"), { name: "ann", role: "operator", password });
  assert.equal((await ask("/api/users/ann", { ...owner, method: "DELETE" })).status, 200);
  assert.equal((await ask("/api/users/ann", { ...owner, method: "DELETE" })).status, 404);
});

test("a session ends when it has not been used for a shift, by another password, and by removal", async (t) => {
  const { ask, as, real, site } = await webRig(t);
  const look = async (who: Request): Promise<number> => (await ask("/api/meters", who)).status;
  const silent = await as("viewer");
  const busy = await as("viewer");
  for (let hour = 0; hour < 8; hour++) {
    assert.equal(await look(busy), 200);
    real.advance(3_600_000);
  }
  assert.deepEqual([await look(silent), await look(busy)], [401, 200]);
  await site.users.put("viewer", () => ({ role: "viewer", password: hashPassword("another horse") }));
  assert.equal(await look(busy), 401);
  const operator = await as("operator");
  await site.users.remove("operator");
  assert.equal(await look(operator), 401);
});
