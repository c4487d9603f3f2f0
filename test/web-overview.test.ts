/** The site at a glance over HTTP: what each meter is like, searched, sorted, page by page, and what of it whoever asks may see. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { limits } from "#quantity/limits.ts";
import type { OverviewView } from "#quantity/overview-view.ts";
import { elsewhere, here, webRig, type Request } from "./web-rig.ts";

const STEPS = "source: { synthetic: { hz: 60, volts: 277, amps: 10, pf: 1, steps: true } }";
/** 3 x 277 V x 10 A. */
const WATTS = 8310;

const SITES = `
store: ":memory:"
meters:
  - { name: sued-10, model: leviton-s4100, settings: { systemType: 40, ctPrimary: 100, systemVoltage: 480 }, ${STEPS} }
  - { name: sued-9, model: leviton-s4000k, source: { live: { hz: 60 } } }
  - { name: jem, model: ametek-jemstar-ii, configuration: jem.yaml, source: { synthetic: { volts: 120, amps: 1, steps: true } } }
`;
const JEM = `triggers: [{ id: 1, label: too high, measure: { quantity: V }, phase: any, operator: ">", alarm: 108, reset: 100 }]
`;

type Rig = Awaited<ReturnType<typeof webRig>>;

async function glance({ ask }: Rig, query = "", who: Request = here): Promise<OverviewView> {
  const answer = await ask(`/api/overview${query}`, who);
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()) as OverviewView;
}

const names = ({ meters }: OverviewView): readonly string[] => meters.map(({ name }) => name);

/** Lets the meters measure, and the next look see it. */
function pass({ clock, real, site }: Rig, seconds: number): void {
  clock.advance(1000 * seconds);
  for (const { surface } of site.meters) surface.catchUp();
  real.advance(1000);
}

test("each meter says whether it measures, what of it wants somebody, its power, and when it knew that last", async (t) => {
  const rig = await webRig(t, { site: SITES, jem: JEM });
  pass(rig, 10);
  const { total, found, counts, meters } = await glance(rig);
  assert.deepEqual([total, found], [3, 3]);
  assert.deepEqual(counts, { silent: 1, alarm: 1, attention: 0, measuring: 1, closed: 0 });
  const [south, pushed, jem] = meters;
  assert.equal(south?.state, "measuring");
  assert.ok(Math.abs((south?.watts ?? NaN) - WATTS) < 1, String(south?.watts));
  assert.equal(Date.parse(south?.last?.utc ?? ""), rig.clock.utc());
  // Nothing has come: that is no zero and no time.
  assert.deepEqual(
    [pushed?.state, pushed?.words, pushed?.watts, pushed?.last],
    ["silent", "nothing has been pushed into this meter yet", null, null],
  );
  assert.deepEqual([jem?.state, jem?.words, jem?.alarms], ["alarm", "too high", 1]);
});

test("what was pushed is of when it came, and is silent when nothing comes any more", async (t) => {
  const rig = await webRig(t, { site: SITES, jem: JEM });
  const sent = await rig.ask("/api/meters/sued-9/readings", {
    ...here,
    method: "POST",
    body: { volts: [277, 277, 277], amps: [1, 1, 1], pf: 1 },
  });
  assert.equal(sent.status, 200, await sent.text());
  pass(rig, 2);
  const at = rig.clock.utc();
  const fresh = (await glance(rig)).meters[1];
  // The factory's system voltage is 600 V.
  assert.deepEqual([fresh?.state, fresh?.words], ["attention", "Phase loss A, Phase loss B, Phase loss C"]);
  assert.ok(Math.abs((fresh?.watts ?? NaN) - 3 * 277) < 1, String(fresh?.watts));
  pass(rig, 20);
  const held = (await glance(rig)).meters[1];
  assert.equal(held?.state, "silent");
  const came = Date.parse(held?.last?.utc ?? "");
  assert.ok(came < at + 1000 && came > at - 3000, `${held?.last?.utc}`);
});

test("search looks at names, models and titles, in any case; order is of numbers within names; pages have all", async (t) => {
  const rig = await webRig(t, { site: SITES, jem: JEM });
  pass(rig, 10);
  assert.deepEqual(names(await glance(rig, "?search=SUED")), ["sued-10", "sued-9"]);
  assert.deepEqual(names(await glance(rig, "?search=jemstar")), ["jem"]);
  assert.deepEqual(names(await glance(rig, "?search=nix")), []);
  assert.deepEqual(names(await glance(rig, "?order=name")), ["jem", "sued-9", "sued-10"]);
  assert.deepEqual(names(await glance(rig, "?descending=true")), ["jem", "sued-9", "sued-10"]);
  // What is not known comes behind what is, whichever way.
  assert.deepEqual(names(await glance(rig, "?order=watts")), ["jem", "sued-10", "sued-9"]);
  assert.deepEqual(names(await glance(rig, "?order=watts&descending=true")), ["sued-10", "jem", "sued-9"]);
  assert.deepEqual(names(await glance(rig, "?order=state")), ["sued-9", "jem", "sued-10"]);
  assert.deepEqual(names(await glance(rig, "?state=alarm")), ["jem"]);
  const second = await glance(rig, "?order=name&from=1&most=1");
  assert.deepEqual([names(second), second.from, second.found], [["sued-9"], 1, 3]);
  assert.deepEqual(names(await glance(rig, "?from=3")), []);
  for (const [query, error] of [
    ["?order=size", /order: expected one of file, name/],
    ["?state=good", /state: expected one of silent, alarm/],
    ["?from=-1", /from: expected/],
    ["?most=0", /most: expected/],
    ["?descending=down", /descending: expected one of true, false/],
  ] as const) {
    const answer = await rig.ask(`/api/overview${query}`, here);
    assert.equal(answer.status, 422);
    assert.match(((await answer.json()) as { error: string }).error, error);
  }
});

test("what a meter shows to its own users only is nobody else's at a glance: neither power nor alarms nor order", async (t) => {
  const rig = await webRig(t, { site: SITES, jem: `${JEM}security: { readingTakesSession: true }\n` });
  pass(rig, 10);
  for (const who of [here, await rig.as("owner"), await rig.as("viewer")]) {
    const { meters, counts } = await glance(rig, "?order=watts", who);
    assert.deepEqual(meters.at(-1), {
      name: "jem",
      model: "ametek-jemstar-ii",
      title: "AMETEK JEMStar II (IEC)",
      state: "closed",
      words: "for its own users",
      alarms: 0,
      watts: null,
      last: null,
    });
    assert.deepEqual([counts.alarm, counts.closed], [0, 1]);
  }
  const stranger = await rig.ask("/api/overview", elsewhere);
  assert.equal(stranger.status, 401);
});

test("as many as ask within a second are told of one look, and a page has no more than there is room for", async (t) => {
  const many = Array.from({ length: 250 }, (_, k) => `  - { name: m${k}, model: leviton-s4100, ${STEPS} }`).join("\n");
  const rig = await webRig(t, { site: `store: ":memory:"\nmeters:\n${many}\n` });
  pass(rig, 5);
  let looks = 0;
  const surface = rig.site.meters[7]!.surface;
  const status = surface.status.bind(surface);
  Object.defineProperty(surface, "status", { value: () => (looks++, status()) });
  rig.real.advance(1000);
  for (let k = 0; k < 20; k++)
    assert.equal((await glance(rig, `?most=100000&from=${k}`)).meters.length, limits.web.overview);
  assert.equal(looks, 1);
  rig.real.advance(999);
  await glance(rig);
  assert.equal(looks, 1);
  rig.real.advance(1);
  await glance(rig);
  assert.equal(looks, 2);
});

test("meters of one kind and one configuration share the list of what they measure: a look plans once for all of them", async (t) => {
  const models = ["leviton-s4100", "powerlogic-cm4000", "powerlogic-pm800", "ametek-jemstar-ii"];
  const meters = Array.from(
    { length: 40 },
    (_, k) => `  - { name: m-${k}, model: ${models[k % models.length]}, source: { live: { hz: 60 } } }`,
  );
  const { site } = await webRig(t, { site: `store: ":memory:"\nmeters:\n${meters.join("\n")}\n` });
  for (const { surface } of site.meters) assert.equal(surface.measures, surface.measures);
  assert.ok(new Set(site.meters.map(({ surface }) => surface.measures)).size <= models.length);
});

test("names are compared when meters come or go, not at each look", async (t) => {
  const site = (count: number): string =>
    `store: ":memory:"\nmeters:\n${Array.from({ length: count }, (_, k) => `  - { name: m${(k * 7) % count}, model: leviton-s4100, ${STEPS} }`).join("\n")}\n`;
  const rig = await webRig(t, { site: site(60) });
  const { prototype } = Intl.Collator;
  const own = Object.getOwnPropertyDescriptor(prototype, "compare")!;
  let compared = 0;
  const compare = function (this: Intl.Collator): unknown {
    compared++;
    return own.get?.call(this);
  };
  Object.defineProperty(prototype, "compare", { ...own, get: compare });
  t.after(() => Object.defineProperty(prototype, "compare", own));
  const first = Array.from({ length: 60 }, (_, k) => `m${k}`);
  pass(rig, 5);
  assert.deepEqual(names(await glance(rig, "?order=name")), first);
  const once = compared;
  assert.ok(once >= 60, `${once} comparisons`);
  for (const order of ["name", "name&descending=true", "last", "watts", "name"]) {
    pass(rig, 1);
    assert.equal((await glance(rig, `?order=${order}`)).meters.length, 60);
  }
  assert.equal(compared, once, "nothing has come or gone");
  pass(rig, 1);
  await glance(rig, "?order=model");
  const withModels = compared;
  pass(rig, 1);
  await glance(rig, "?order=model");
  assert.equal(compared, withModels);
  writeFileSync(path.join(rig.folder, "site.yaml"), site(61));
  assert.equal((await rig.ask("/api/v1/reload", { ...here, method: "POST" })).status, 200);
  assert.deepEqual(names(await glance(rig, "?order=name")), [...first, "m60"]);
  assert.ok(compared > withModels);
});

test("what is alike but for how it is written stays as in the file", async (t) => {
  const meters = ["m2", "m01", "m1", "m02", "n"].map((name) => `  - { name: ${name}, model: leviton-s4100, ${STEPS} }`);
  const rig = await webRig(t, { site: `store: ":memory:"\nmeters:\n${meters.join("\n")}\n` });
  assert.deepEqual(names(await glance(rig, "?order=name")), ["m01", "m1", "m2", "m02", "n"]);
  assert.deepEqual(names(await glance(rig, "?order=name&descending=true")), ["n", "m2", "m02", "m01", "m1"]);
});
