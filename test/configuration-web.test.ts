/** Configurations over HTTP: two people who change one, what each sees of the other, and who has an editor open. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { z } from "zod";
import type { ConfigurationHistoryView, ConfiguredView, EditorsView } from "#quantity/configuration-view.ts";
import { limits } from "#quantity/limits.ts";
import { configuredSchema, editorsSchema, historySchema } from "#web/api/configuration-schemas.ts";
import { problemSchema } from "#web/api/site-schemas.ts";
import { elsewhere, here, passwordOf, webRig } from "./web-rig.ts";

const BOSS = `
users:
  - { name: boss, password: meter-boss, privileges: [configureUsers, configureDemand, configureDisplay, configurePrimary, configurationFile, readRegisters] }
  - { name: guest, password: meter-guest, privileges: [configureDisplay] }
`;
type Rig = Awaited<ReturnType<typeof webRig>>;

/** What somebody asks of the configuration of a meter. */
function asking({ ask }: Rig, headers: Readonly<Record<string, string>>, meter = "jem", from: object = here) {
  const at = `/api/v1/meters/${meter}/configuration`;
  const parsed = async <S extends z.ZodType>(answer: Response, schema: S): Promise<z.output<S>> => {
    assert.equal(answer.status, 200, await answer.clone().text());
    return schema.parse(await answer.json());
  };
  return {
    async read() {
      const answer = await ask(at, { ...from, headers });
      const value = (await answer.json()) as { demand: object; display: object };
      return { value, tag: answer.headers.get("ETag") ?? "" };
    },
    put: (body: unknown, { tag, check = false }: { tag?: string; check?: boolean } = {}) =>
      ask(`${at}${check ? "?check" : ""}`, {
        ...from,
        method: "PUT",
        body,
        headers: { ...headers, ...(tag === undefined ? {} : { "If-Match": tag }) },
      }),
    undo: (body: unknown = {}, query = "", tag?: string) =>
      ask(`${at}/undo${query}`, {
        ...from,
        method: "POST",
        body,
        headers: { ...headers, ...(tag === undefined ? {} : { "If-Match": tag }) },
      }),
    configured: async (answer: Response): Promise<ConfiguredView> => parsed(answer, configuredSchema),
    history: async (query = ""): Promise<ConfigurationHistoryView> =>
      parsed(await ask(`${at}/history${query}`, { ...from, headers }), historySchema),
    editors: async (): Promise<EditorsView> => parsed(await ask(`${at}/editors`, { ...from, headers }), editorsSchema),
    say: (editor: string, open = true) =>
      ask(`${at}/editors`, { ...from, method: "PUT", body: { editor, open }, headers }),
    saying: async (editor: string, open = true): Promise<EditorsView> =>
      parsed(await ask(`${at}/editors`, { ...from, method: "PUT", body: { editor, open }, headers }), editorsSchema),
  };
}

async function two(t: TestContext) {
  const rig = await webRig(t, { jem: BOSS });
  const bearer = async (user: string, password: string) => ({
    Authorization: `Bearer ${await rig.logIn(user, password, here, "jem")}`,
  });
  return {
    rig,
    boss: asking(rig, await bearer("boss", "meter-boss")),
    guest: asking(rig, await bearer("guest", "meter-guest")),
  };
}

test("of two who have read the same the second changes nothing, and is told what the first has changed", async (t) => {
  const { boss, guest } = await two(t);
  const [one, other] = [await boss.read(), await guest.read()];
  assert.equal(one.tag, other.tag);
  const first = await boss.put({ ...one.value, demand: { ...one.value.demand, subIntervals: 1 } }, { tag: one.tag });
  const done = await boss.configured(first);
  assert.deepEqual(done.changes, [{ key: "demand.subIntervals", before: 3, after: 1 }]);
  const wanted = { ...other.value, display: { ...other.value.display, scrollSeconds: 9 } };
  for (const check of [true, false]) {
    const late = await guest.put(wanted, { tag: other.tag, check });
    assert.equal(late.status, 412);
    assert.equal(late.headers.get("ETag"), first.headers.get("ETag"));
    const problem = problemSchema.parse(await late.json());
    assert.deepEqual(problem.changes, [{ key: "demand.subIntervals", before: 3, after: 1 }]);
  }
  // With what there is now he may, and nothing is lost.
  const now = await guest.read();
  const again = { ...now.value, display: { ...now.value.display, scrollSeconds: 9 } };
  const { changes } = await guest.configured(await guest.put(again, { tag: now.tag }));
  assert.deepEqual(changes, [{ key: "display.scrollSeconds", before: 10, after: 9 }]);
  // Two changes lie between what was read first and now.
  const later = problemSchema.parse(await (await boss.put(one.value, { tag: one.tag })).json());
  assert.deepEqual(
    later.changes?.map(({ key }) => key),
    ["demand.subIntervals", "display.scrollSeconds"],
  );
  const undone = await boss.undo({}, "", one.tag);
  assert.equal(undone.status, 412);
  const { entries } = await boss.history();
  assert.deepEqual(
    entries.map(({ number, by, protocol, port }) => [number, by, protocol, port]),
    [
      [0, "boss", "http", "site"],
      [1, "guest", "http", "site"],
    ],
  );
});

test("of a tag that is none nobody knows what has changed; weak ones and lists of them are read", async (t) => {
  const { boss } = await two(t);
  const { value, tag } = await boss.read();
  const strange = await boss.put(value, { tag: '"no such tag"' });
  assert.equal(strange.status, 412);
  const problem = problemSchema.parse(await strange.json());
  assert.equal(problem.changes, undefined);
  assert.equal((await boss.put(value, { tag: `"x", ${tag}` })).status, 200);
  assert.equal((await boss.history()).next, 0, "the same again is no entry");
});

test("a check says what would change, begin anew and could be said, and changes nothing", async (t) => {
  const { boss } = await two(t);
  const { value, tag } = await boss.read();
  const answer = await boss.put({ ...value, demand: { ...value.demand, subIntervals: 1 } }, { tag, check: true });
  const said = await boss.configured(answer);
  assert.deepEqual(said.changes, [{ key: "demand.subIntervals", before: 3, after: 1 }]);
  assert.deepEqual(said.consequences, [
    "display registers, freezes and self reads begin at zero",
    "load profiles are erased",
  ]);
  assert.ok((said.suggestions?.values.length ?? 0) > 0);
  assert.equal((await boss.read()).tag, tag);
  assert.equal((await boss.history()).next, 0);
});

test("undo over HTTP: a check, the last, an earlier one; what is none is refused in words", async (t) => {
  const { boss, guest, rig } = await two(t);
  assert.equal((await boss.undo()).status, 422);
  const start = await boss.read();
  await boss.configured(await boss.put({ ...start.value, demand: { ...start.value.demand, subIntervals: 1 } }));
  const asked = await boss.configured(await boss.undo({}, "?check"));
  assert.deepEqual(asked.changes, [{ key: "demand.subIntervals", before: 1, after: 3 }]);
  assert.equal((await guest.undo()).status, 403);
  assert.equal((await asking(rig, {}).undo()).status, 401);
  assert.equal((await boss.undo({ entry: "last" })).status, 422);
  assert.equal((await boss.undo({ entri: 0 })).status, 422);
  const { detail } = problemSchema.parse(await (await boss.undo({ entry: 4 })).json());
  assert.equal(detail, "entry: expected 0 to 0; found 4");
  await boss.configured(await boss.undo({ entry: 0 }));
  assert.equal((await boss.read()).tag, start.tag);
  const { first, next, entries } = await boss.history("?from=1&most=5");
  assert.deepEqual([first, next, entries.map(({ undoes }) => undoes)], [0, 2, [0]]);
  assert.match(entries[0]!.utc, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("who has an editor open is seen by others, under the name that the site has for him, until he is gone", async (t) => {
  const { boss, rig } = await two(t);
  const token = await rig.logIn("operator", passwordOf("operator"), elsewhere);
  const away = asking(rig, { "Polyphase-Session": token }, "jem", elsewhere);
  const [mine] = (await boss.saying("a-tab-of-mine")).editors;
  assert.deepEqual({ ...mine, since: "" }, { user: null, meterUser: "boss", near: true, since: "", you: true });
  rig.real.advance(5000);
  const both = (await away.saying("another-tab")).editors;
  assert.deepEqual(
    both.map(({ user, meterUser, near, you }) => [user, meterUser, near, you]),
    [
      [null, "boss", true, false],
      ["operator", undefined, false, true],
    ],
  );
  assert.deepEqual(
    (await boss.editors()).editors.map(({ you }) => you),
    [false, false],
  );
  // Another meter's editors are its own.
  assert.deepEqual((await asking(rig, {}, "feeder").editors()).editors, []);
  rig.real.advance(limits.web.editorMs - 5000);
  assert.deepEqual(
    (await away.editors()).editors.map(({ user }) => user),
    ["operator"],
    "who says nothing for half a minute is gone",
  );
  const since = (await away.saying("another-tab")).editors[0]?.since;
  assert.equal(since, both[1]?.since);
  assert.deepEqual((await away.saying("another-tab", false)).editors, []);
});

test("nobody closes another's editor, fills the list, or opens one who may configure nothing", async (t) => {
  const { boss, rig } = await two(t);
  await boss.say("a-tab-of-mine");
  const session = async (role: string) => ({ "Polyphase-Session": await rig.logIn(role, passwordOf(role), elsewhere) });
  const other = asking(rig, await session("operator"), "jem", elsewhere);
  await other.say("a-tab-of-mine", false);
  assert.equal((await boss.editors()).editors.length, 1);
  const viewer = asking(rig, await session("viewer"), "jem", elsewhere);
  assert.equal((await viewer.say("a-viewers-tab")).status, 403);
  assert.equal((await viewer.editors()).editors.length, 1);
  assert.equal((await asking(rig, {}, "jem", elsewhere).say("a-strangers-tab")).status, 401);
  for (const word of ["short", "x".repeat(65), "<script>alert", "", "a b c d e f g h"])
    assert.equal((await boss.say(word)).status, 422, word);
  for (let k = 0; k < 3 * limits.web.editorsOfOne; k++) await other.say(`tab-number-${k}`);
  const { editors } = await boss.editors();
  assert.equal(editors.length, 1 + limits.web.editorsOfOne);
  assert.deepEqual(editors[0]?.meterUser, "boss");
});

test("a meter that is read by its users only tells strangers neither its history nor its schema nor who edits it", async (t) => {
  const rig = await webRig(t, { jem: `${BOSS}\nsecurity: { readingTakesSession: true }` });
  for (const place of ["", "/schema", "/history", "/editors"])
    assert.equal((await rig.ask(`/api/v1/meters/jem/configuration${place}`, here)).status, 401, place);
  // Whoever says that he edits is answered with who else does; whoever moves its source, with what it measures.
  const open = { ...here, method: "PUT", body: { editor: "tab-number-1", open: true } };
  const telling = [
    ["configuration/editors", open],
    ["bench", { ...here, method: "POST", body: { noise: 0 } }],
    ["bench", { ...here, method: "DELETE" }],
    ["panel", { ...here, method: "POST", body: { press: "read" } }],
  ] as const;
  for (const [place, request] of telling)
    assert.equal((await rig.ask(`/api/v1/meters/jem/${place}`, request)).status, 401, place);
  const token = await rig.logIn("boss", "meter-boss", here, "jem");
  for (const [place, request] of telling) {
    const headers = { Authorization: `Bearer ${token}` };
    // Of a panel alarms are seen as well, which he may not read.
    const status = place === "panel" ? 403 : 200;
    assert.equal((await rig.ask(`/api/v1/meters/jem/${place}`, { ...request, headers })).status, status, place);
  }
  for (const place of ["", "/schema", "/history", "/editors"]) {
    const headers = { Authorization: `Bearer ${token}` };
    assert.equal((await rig.ask(`/api/v1/meters/jem/configuration${place}`, { ...here, headers })).status, 200, place);
  }
});
