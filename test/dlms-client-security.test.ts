/** A JEMStar's keys of its DLMS clients: kept with its protocol secrets, set by the command `secret` whoever tells it; its counters on disk. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { isRefused, type Session } from "#quantity/authority.ts";
import type { ClientSecurity } from "#protocol/dlms/cosem/logical-device.ts";
import { Party, serverKeys, type Keyring } from "#protocol/dlms/security/party.ts";
import { isUnprotectable, protect } from "#protocol/dlms/security/protect.ts";
import { isRefusedApdu, unprotect } from "#protocol/dlms/security/unprotect.ts";
import { MeterSecurity, unusedSecrets, type SecuritySettings } from "#product/jemstar/dlms/client-security.ts";
import { SqliteStore } from "#store/sqlite-store.ts";
import { MemoryStore, type MeterStore } from "#store/store.ts";
import { far, jemStar, type JemStarRig } from "./authority-rig.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const settings: SecuritySettings = {
  sap: 1,
  suite: 0,
  policy: [],
  ciphering: "must",
  authentication: ["high-gmac"],
};
const encryption = "000102030405060708090A0B0C0D0E0F";
const authentication = "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF";
const sealed = { kind: "global", authenticated: true, encrypted: true } as const;
const get = hex("C0014300030100010700FF0200");
const set = hex("C10143000301000107");

interface Secured extends JemStarRig {
  readonly security: ClientSecurity;
  /** The same of other settings. */
  of(other: Partial<SecuritySettings>): ClientSecurity;
  /** The next calculation cycle. */
  cycle(): void;
  /** The meter stops. */
  settle(): void;
}

function secured(t: TestContext, store: MeterStore, folder?: string): Secured {
  const rig = jemStar(t, { store, ...(folder === undefined ? {} : { folder, keyFile: path.join(folder, "key") }) });
  const waiting: (() => void)[] = [];
  const { jem } = rig;
  const meter = new MeterSecurity({
    store,
    secrets: jem.secrets,
    obey: (command, session) => jem.authority.obey(command, session),
    later: (run) => void waiting.push(run),
  });
  const cycle = (): void => {
    for (const run of waiting.splice(0)) run();
  };
  const of = (other: Partial<SecuritySettings>): ClientSecurity => {
    const security = meter.of({ ...settings, ...other });
    assert.ok(security !== undefined);
    return security;
  };
  assert.equal(meter.of({ ...settings, ciphering: "no", authentication: ["none", "low"] }), undefined);
  return { ...rig, of, security: of({}), cycle, settle: () => meter.settle() };
}

function keep(rig: JemStarRig, name: string, value: string, user?: string): string {
  return rig.tell({ command: "secret", name, value, encoding: "hex", ...(user === undefined ? {} : { user }) });
}

/** The other side, with the keys of the moment. */
function clientOf({ security }: Secured, next = 1): Party {
  let counter = next;
  const { encryption: key, authentication: other, suite } = security;
  const keys: Keyring = {
    ...serverKeys(security),
    answers: false,
    suite,
    encryption: key,
    authentication: other,
    nextCounter: () => counter++,
    acceptCounter: () => true,
  };
  return new Party({ keys, own: hex("4A444C0000000007"), peer: hex("4752580000000001") });
}

const serverOf = ({ security }: Secured): Party =>
  new Party({ keys: serverKeys(security), own: hex("4752580000000001"), peer: hex("4A444C0000000007") });

function sent(apdu: Uint8Array, party: Party): Uint8Array {
  const made = protect(apdu, sealed, party);
  if (isUnprotectable(made)) assert.fail(made.words);
  return made;
}

function why(apdu: Uint8Array, party: Party): string {
  const found = unprotect(apdu, party);
  return isRefusedApdu(found) ? found.refused : "taken";
}

test("keys that are secrets of the client are its keys; of another length they are refused, or not used, and that is said", (t) => {
  const rig = secured(t, new MemoryStore().drawer("jem"));
  assert.equal(rig.security.encryption, undefined);
  assert.equal(keep(rig, "dlms.1.encryption", encryption), "done");
  assert.equal(keep(rig, "dlms.1.authentication", `${authentication}00`), "invalid");
  assert.equal(keep(rig, "dlms.1.signing", "00".repeat(31)), "invalid");
  assert.deepEqual(rig.security.encryption, hex(encryption));
  assert.equal(rig.security.authentication, undefined);
  assert.equal(keep(rig, "dlms.1.authentication", authentication + authentication), "done");
  assert.equal(rig.security.authentication, undefined, "a key of suite 2 is none of suite 0");
  assert.equal(keep(rig, "dlms.1.signing", "01".repeat(32)), "done");
  assert.deepEqual(unusedSecrets(settings, rig.jem.secrets), [
    "dlms.1.authentication: 32 bytes, where suite 0 has 16",
    "dlms.1.signing: 32 bytes, where suite 0 has no such key",
  ]);
  const second = rig.of({ suite: 2 });
  assert.deepEqual(second.authentication, hex(authentication + authentication));
  const outcome = rig.jem.authority.obey(
    { command: "secret", name: "dlms.1.broadcast", value: "00", encoding: "hex" },
    rig.as("admin"),
  );
  assert.ok(isRefused(outcome));
  assert.deepEqual(outcome.words, ["value: dlms.1.broadcast: 1 bytes, where 16 or 32 were expected"]);
});

test("who may set a key is the meter's to say, and whose it was it stays", (t) => {
  const rig = secured(t, new MemoryStore().drawer("jem"));
  keep(rig, "dlms.1.encryption", encryption, "user1");
  const barred = (session: Session): string =>
    rig.security.setKey("encryption", hex(authentication), session)?.refused ?? "set";
  assert.equal(barred({ peer: far }), "session");
  assert.equal(barred(rig.as("user2", far)), "privilege");
  assert.deepEqual(rig.security.encryption, hex(encryption));
  assert.equal(barred(rig.as("admin", far)), "set");
  assert.deepEqual(rig.security.encryption, hex(authentication));
  assert.equal(rig.jem.secrets.userOf("dlms.1.encryption"), "user1");
  assert.equal(rig.security.setKey("master", hex("00"), rig.as("admin"))?.refused, "invalid");
  assert.ok(rig.log("security").some((line) => line.includes("secret dlms.1.encryption set")));
});

test("the policy is the configuration's and what was activated, over configurations", (t) => {
  const rig = secured(t, new MemoryStore().drawer("jem"));
  const strict = rig.of({ policy: ["authenticated request", "authenticated response"] });
  assert.deepEqual([rig.security.policy, strict.policy], [0, 0x24]);
  assert.equal(strict.setPolicy?.(0x2c, rig.as("user2", far))?.refused, "privilege");
  assert.equal(strict.setPolicy?.(0x2c, rig.as("admin", far)), undefined);
  assert.deepEqual([rig.security.policy, strict.policy], [0x2c, 0x2c]);
  rig.tell({ command: "secret", name: "dlms.1.policy", value: null });
  assert.deepEqual([rig.security.policy, strict.policy], [0, 0x24]);
});

function temporary(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "dlms-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("over restarts no counter is sent twice, and what came is not taken again", (t) => {
  const folder = temporary(t);
  const place = path.join(folder, "data");
  let recorded: Uint8Array | undefined;
  const counters = new Set<number>();
  for (let run = 0; run < 4; run++) {
    const store = new SqliteStore(place, "test");
    const rig = secured(t, store.drawer("jem"), folder);
    if (run === 0) {
      keep(rig, "dlms.1.encryption", encryption);
      keep(rig, "dlms.1.authentication", authentication);
    }
    const server = serverOf(rig);
    if (recorded !== undefined) assert.equal(why(recorded, server), "invocation-counter-error", `run ${run}`);
    const client = clientOf(rig, 1000 * (run + 1));
    recorded = sent(set, client);
    assert.equal(why(recorded, server), "taken");
    for (let k = 0; k < 3; k++) {
      const answer = sent(hex("C5014300"), server);
      const counter = new DataView(answer.buffer, answer.byteOffset + 3).getUint32(0);
      assert.ok(!counters.has(counter), `${counter} was sent twice`);
      counters.add(counter);
    }
    assert.equal(store.drawer("jem").waits, true, "what is answered waits for the disk");
    store.commit();
    assert.equal(rig.security.received, 1000 * (run + 1));
    // The process ends without a word.
    store.abandon();
  }
  assert.equal(counters.size, 12);
});

test("a question is taken once, and its counter is on disk with the next cycle: nobody waits for it", (t) => {
  const folder = temporary(t);
  const store = new SqliteStore(path.join(folder, "data"), "test");
  const rig = secured(t, store.drawer("jem"), folder);
  keep(rig, "dlms.1.encryption", encryption);
  keep(rig, "dlms.1.authentication", authentication);
  const [client, server] = [clientOf(rig), serverOf(rig)];
  sent(hex("C5014300"), server);
  store.commit();
  const question = sent(get, client);
  assert.equal(why(question, server), "taken");
  assert.equal(store.drawer("jem").waits, false);
  assert.equal(why(question, server), "invocation-counter-error");
  rig.cycle();
  assert.equal(store.drawer("jem").waits, true);
  store.commit();
  store.abandon();
  const again = new SqliteStore(path.join(folder, "data"), "test");
  const next = secured(t, again.drawer("jem"), folder);
  assert.equal(why(question, serverOf(next)), "invocation-counter-error");
  const last = sent(get, clientOf(next, 50));
  assert.equal(why(last, serverOf(next)), "taken");
  next.settle();
  assert.equal(again.drawer("jem").waits, true, "a meter that stops keeps it at once");
  again.close();
  const third = new SqliteStore(path.join(folder, "data"), "test");
  assert.equal(why(last, serverOf(secured(t, third.drawer("jem"), folder))), "invocation-counter-error");
  third.abandon();
});

test("under a new key counters begin anew; the same key set again changes nothing", (t) => {
  const rig = secured(t, new MemoryStore().drawer("jem"));
  keep(rig, "dlms.1.encryption", encryption);
  keep(rig, "dlms.1.authentication", authentication);
  const server = serverOf(rig);
  const old = sent(set, clientOf(rig, 50));
  assert.equal(why(old, server), "taken");
  assert.equal(keep(rig, "dlms.1.encryption", encryption), "done");
  assert.equal(why(old, server), "invocation-counter-error");
  assert.equal(rig.security.received, 50);
  assert.equal(keep(rig, "dlms.1.encryption", "AA".repeat(16)), "done");
  assert.equal(rig.security.received, 0);
  assert.equal(why(old, server), "deciphering-error");
  assert.equal(why(sent(set, clientOf(rig, 1)), server), "taken");
});
