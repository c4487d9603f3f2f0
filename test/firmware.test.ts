/** Firmware and options of a JEMStar II: files, keys and reboots (sections Firmware Upgrades, PQ Ready), with files that zlib has summed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isRefused, type Done, type Outcome } from "#quantity/authority.ts";
import { limits } from "#quantity/limits.ts";
import { MemoryStore } from "#store/store.ts";
import { configuredSchema, firmwareSchema } from "#web/api/configuration-schemas.ts";
import { far, jemStar, MID, type JemStarRig } from "./authority-rig.ts";
import { imageOf, keyOf } from "./firmware-file.ts";
import { here, webRig } from "./web-rig.ts";

const READY = "JSII-09I6020-1B/2A-DIO-PQ";
const SERIAL = "263212345";

function done(outcome: Outcome): Done {
  if (isRefused(outcome)) assert.fail(`${outcome.refused}: ${outcome.words.join("; ")}`);
  return outcome;
}

const upload = (name: string, more: object = {}) => ({
  command: "uploadFirmware",
  image: imageOf(name).toString("base64"),
  ...more,
});

/** The same meter after a start: as a reboot makes it anew. */
function started(
  t: Parameters<typeof jemStar>[0],
  rig: JemStarRig,
  options: Parameters<typeof jemStar>[1],
): JemStarRig {
  rig.jem.stop();
  return jemStar(t, { ...options, folder: rig.folder, utc: rig.clock.utc() });
}

test("a file of firmware waits for a reboot, then runs, and the log and the status word say so", (t) => {
  const store = new MemoryStore().drawer("jem");
  const rig = jemStar(t, { store });
  const { authority, hardware } = rig.jem;
  const asked = done(authority.obey(upload("service 0.0.77", { check: true }), rig.as("admin")));
  assert.deepEqual(asked.consequences, [
    "service 0.0.77 takes the place of 0.0.70",
    "it runs once the meter has rebooted",
  ]);
  assert.deepEqual(hardware.waiting, {});
  assert.equal(rig.tell(upload("service 0.0.77"), rig.as("admin", far)), "done");
  assert.deepEqual([hardware.firmware.service, hardware.waiting.service?.version], ["0.0.70", "0.0.77"]);
  assert.deepEqual(rig.log("event"), []);
  assert.ok(rig.log("security").includes("admin: firmware service 0.0.77 uploaded"));
  assert.equal(rig.jem.rebooting, false);
  assert.equal(rig.tell({ command: "reboot" }), "done");
  assert.equal(rig.jem.rebooting, true);
  const again = started(t, rig, { store });
  assert.deepEqual([again.jem.hardware.firmware.service, again.jem.hardware.waiting], ["0.0.77", {}]);
  const [entry] = again.jem.meter.log
    .of("event")
    .page(0, 9)
    .filter(({ what }) => what === "firmware changed");
  assert.deepEqual(
    [entry?.by, entry?.peer, entry?.details],
    ["admin", far.address, { board: "service", from: "0.0.70", to: "0.0.77" }],
  );
  assert.match(again.jem.meter.status.conditions.map(({ text }) => text).join(), /firmware was changed/);
  // Another start changes nothing any more.
  const third = started(t, again, { store });
  assert.equal(
    third.jem.meter.log
      .of("event")
      .page(0, 9)
      .filter(({ what }) => what === "firmware changed").length,
    1,
  );
});

test("what is no file of firmware is refused in words, and nothing of it is kept", (t) => {
  const rig = jemStar(t);
  const refusedOf = (image: string): string => {
    const outcome = rig.jem.authority.obey({ command: "uploadFirmware", image }, rig.as("admin"));
    assert.ok(isRefused(outcome));
    return outcome.words.join();
  };
  const image = imageOf("register 0.0.99");
  assert.match(refusedOf("§§§"), /expected a file in base64/);
  assert.match(refusedOf(""), /begins with its board and version in a line/);
  assert.match(refusedOf(Buffer.from("MZ\x90\x00\x03").toString("base64")), /begins with its board and version/);
  assert.match(refusedOf(imageOf("register latest").toString("base64")), /begins with its board and version/);
  assert.match(refusedOf(image.subarray(0, 150).toString("base64")), /^image: damaged: its last four bytes are/);
  assert.match(refusedOf(imageOf("toaster 1.0.0").toString("base64")), /this meter has no toaster board/);
  assert.match(refusedOf(imageOf("pq 1.0.0").toString("base64")), /this meter has no pq board/);
  assert.match(
    refusedOf(imageOf("register 0.0.99", limits.dlms.imageBytes + 1).toString("base64")),
    /at most 1048576 bytes/,
  );
  fc.assert(
    fc.property(fc.nat({ max: image.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const spoilt = Buffer.from(image);
      spoilt[at] = spoilt[at]! ^ flip;
      assert.match(refusedOf(spoilt.toString("base64")), /damaged|begins with/);
    }),
  );
  assert.deepEqual([rig.jem.hardware.waiting, rig.log("event")], [{}, []]);
});

test("a key for this meter's serial number makes PQ Ready PQ3 with its next start, for good; the configuration stays what it was", (t) => {
  const store = new MemoryStore().drawer("jem");
  const configuration = "display: { scrollSeconds: 7 }";
  const options = { store, modelNumber: READY, serial: SERIAL, configuration, isSampled: true };
  const rig = jemStar(t, options);
  // Of PQ3 the factory has a trigger on transients besides.
  rig.configure((file) => {
    file.display.scrollSeconds = 9;
    file.triggers[0]!.label = "mine";
  });
  const before = rig.jem.file;
  assert.equal(rig.jem.ordered.options.has("PQ3"), false);
  const { authority } = rig.jem;
  const key = keyOf("PQ3", SERIAL);
  const asked = done(authority.obey({ command: "optionKey", key, check: true }, rig.as("admin")));
  assert.match(asked.consequences.join(), /option PQ3 takes the place of PQ.*reboots/);
  assert.deepEqual([rig.jem.hardware.option, rig.jem.rebooting], [undefined, false]);
  assert.equal(rig.tell({ command: "optionKey", key: key.toLowerCase() }), "done");
  assert.equal(rig.jem.rebooting, true);
  assert.deepEqual(rig.log("event"), ["admin: option enabled"]);
  assert.ok(rig.log("security").includes("admin: option PQ3 enabled"));
  assert.equal(rig.tell({ command: "optionKey", key: keyOf("PQ1", SERIAL) }), "unsupported", "one is enabled");
  const again = started(t, rig, options);
  assert.equal(again.jem.modelNumber, "JSII-09I6020-1B/2A-DIO-PQ3");
  assert.deepEqual([...again.jem.ordered.options], ["DIO", "PQ3"]);
  // What the factory would have put into a file for the option is not what somebody has changed in it.
  assert.deepEqual(again.jem.file, before);
  assert.deepEqual(
    again.jem.history.page(0, 9).map(({ by }) => by),
    ["admin"],
  );
  assert.equal(again.jem.meter.quality === undefined, false, "it measures power quality");
  const triggers = again.configure((file) => void (file.triggers[0]!.waveform = "low"));
  assert.equal(triggers, "done", "waveforms are of PQ2 and PQ3");
  const third = started(t, again, options);
  assert.equal(third.jem.ordered.options.has("PQ3"), true);
  // A file that is changed afterwards counts as ever.
  const fourth = started(t, third, { ...options, configuration: configuration.replace("7", "8") });
  assert.equal(fourth.jem.file.display.scrollSeconds, 8);
});

test("a key of another meter, of no option, or for a meter that is not ready enables nothing", (t) => {
  const rig = jemStar(t, { modelNumber: READY, serial: SERIAL });
  for (const key of [keyOf("PQ3", "263212346"), keyOf("PQ3", ""), keyOf("PQ9", SERIAL), "PQ3", "PQ3-00000000", " "])
    assert.equal(rig.tell({ command: "optionKey", key }), "invalid", key);
  assert.equal(rig.tell({ command: "optionKey", key: "x".repeat(65) }), "invalid");
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 64 }), (key) => {
      fc.pre(!["PQ1", "PQ2", "PQ3"].some((option) => key.trim().toUpperCase() === keyOf(option, SERIAL)));
      assert.equal(rig.tell({ command: "optionKey", key }), "invalid");
    }),
  );
  assert.equal(rig.jem.hardware.option, undefined);
  for (const modelNumber of ["JSII-09I6020-1B", "JSII-09I6020-1B-PQ1"]) {
    const other = jemStar(t, { modelNumber, serial: SERIAL });
    assert.equal(other.tell({ command: "optionKey", key: keyOf("PQ3", SERIAL) }), "unsupported");
  }
});

test("the metering key, seals and privileges bar files, keys and reboots, whichever comes with them", (t) => {
  const key = keyOf("PQ3", SERIAL);
  const all = [upload("register 0.0.99"), { command: "optionKey", key }, { command: "reboot" }];
  const keyed = jemStar(t, { modelNumber: READY, serial: SERIAL });
  keyed.tell({ command: "key", key: "metering", installed: true });
  const sealed = jemStar(t, { modelNumber: `${MID}-PQ`, serial: SERIAL });
  const nobody = jemStar(t, {
    modelNumber: READY,
    serial: SERIAL,
    configuration: "users: [{ name: admin, privileges: [configureUsers, coldStart] }]",
  });
  for (const command of all) {
    assert.equal(keyed.tell(command), "key", command.command);
    assert.equal(sealed.tell(command), "key", command.command);
    assert.equal(nobody.tell(command), "privilege", command.command);
    assert.equal(nobody.tell(command, nobody.jem.authority.open(far)), "session", command.command);
  }
  for (const { jem } of [keyed, sealed, nobody])
    assert.deepEqual([jem.hardware.waiting, jem.hardware.option, jem.rebooting], [{}, undefined, false]);
});

const SITE = `
store: ":memory:"
meters:
  - { name: jem, model: ametek-jemstar-ii, modelNumber: ${READY}, serial: "${SERIAL}", auxiliary: true, configuration: jem.yaml, source: { synthetic: { hz: 60, volts: 120, amps: 3, seed: 1 } } }
  - { name: feeder, model: leviton-s4100, source: { live: { hz: 50 } } }
`;
const BOSS = "users:\n  - { name: boss, password: meter-boss, privileges: [firmware, configureUsers] }\n";

test("over HTTP: versions, a file with its status, a reboot that the site carries out, and a key", async (t) => {
  const rig = await webRig(t, { site: SITE, jem: BOSS });
  const at = "/api/v1/meters/jem";
  const logIn = async () => ({ Authorization: `Bearer ${await rig.logIn("boss", "meter-boss", here, "jem")}` });
  let headers = await logIn();
  const read = async () => firmwareSchema.parse(await (await rig.ask(`${at}/firmware`, { ...here, headers })).json());
  const post = (place: string, body?: object) =>
    rig.ask(`${at}/${place}`, { ...here, method: "POST", ...(body === undefined ? {} : { body }), headers });
  const first = await read();
  assert.deepEqual(first.boards, [
    { board: "register", version: "0.0.80" },
    { board: "metrology", version: "0.0.41" },
    { board: "service", version: "0.0.70" },
    { board: "pq", version: "0.0.41" },
  ]);
  assert.deepEqual([first.options, first.enables, first.takes], [["DIO", "PQ"], ["PQ1", "PQ2", "PQ3"], true]);
  const image = imageOf("register 0.0.81").toString("base64");
  const asked = await post("firmware?check", { image });
  assert.deepEqual(
    configuredSchema.parse(await asked.json()).consequences?.[0],
    "register 0.0.81 takes the place of 0.0.80",
  );
  assert.equal((await post("firmware", { image: "no base64!" })).status, 422);
  assert.equal((await post("firmware", { image: imageOf("toaster 0.0.1").toString("base64") })).status, 422);
  assert.equal((await post("firmware", { image })).status, 200);
  assert.equal((await read()).boards[0]?.waiting, "0.0.81");
  const before = rig.site.meter("jem")!;
  assert.equal((await post("reboot")).status, 200);
  assert.equal((await read()).rebooting, true);
  await rebooted(rig, before);
  assert.equal((await post("reboot")).status, 401, "sessions have ended with it");
  headers = await logIn();
  assert.deepEqual((await read()).boards[0], { board: "register", version: "0.0.81" });
  assert.ok(
    rig.told.some((one) => /jem.*has rebooted/.test(one)),
    rig.told.join("\n"),
  );
  const feeder = rig.site.meter("feeder");
  const second = rig.site.meter("jem")!;
  assert.equal((await post("option-key", { key: keyOf("PQ2", "1") })).status, 422);
  assert.equal((await post("option-key", { key: keyOf("PQ2", SERIAL) })).status, 200);
  await rebooted(rig, second);
  headers = await logIn();
  const last = await read();
  assert.deepEqual([last.options, last.enables, last.rebooting], [["DIO", "PQ2"], [], false]);
  assert.equal(rig.site.meter("jem")?.surface.identity.modelNumber, "JSII-09I6020-1B/2A-DIO-PQ2");
  assert.equal(rig.site.meter("feeder"), feeder, "others go on as they are");
  // Two cycles later it has measured a block of power quality.
  for (let second = 0; second < 5; second++) rig.clock.advance(1000);
  assert.ok(rig.site.meter("jem")?.surface.quality() !== undefined);
});

/** Lets the site's beats pass until another meter stands in the place of one. */
async function rebooted({ site, clock }: Awaited<ReturnType<typeof webRig>>, before: unknown): Promise<void> {
  for (let beat = 0; beat < 20 && site.meter("jem") === before; beat++) {
    clock.advance(1000);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.notEqual(site.meter("jem"), before, "it has been made anew");
}

test("a meter that takes no files says its version, and refuses them", async (t) => {
  const rig = await webRig(t, { site: SITE, jem: BOSS });
  const at = "/api/v1/meters/feeder";
  const said = firmwareSchema.parse(await (await rig.ask(`${at}/firmware`, here)).json());
  assert.deepEqual(said, {
    name: "feeder",
    boards: [{ board: "meter", version: "1.019" }],
    takes: false,
    options: [],
    enables: [],
    rebooting: false,
  });
  const image = imageOf("register 0.0.81").toString("base64");
  const answer = await rig.ask(`${at}/firmware`, { ...here, method: "POST", body: { image } });
  assert.equal(answer.status, 422);
  assert.match(JSON.stringify(await answer.json()), /"refused":"unsupported"/);
});
