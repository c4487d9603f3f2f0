/** Sessions, lockouts and keys on a clock that stands still until it is moved. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hashPassword, passwordMatches } from "#io/password.ts";
import { MemoryStore } from "#store/store.ts";
import { Hardware } from "./hardware.ts";
import { Security, type SecurityLimits, type User } from "./security.ts";

const usual = { attempts: 3, lockoutMinutes: 5, sessionMinutes: 5 };

function guarded(mid = false, limits: SecurityLimits = usual) {
  const clock = { now: 0 };
  const log: string[] = [];
  const users: User[] = [
    { name: "admin", password: "factory", privileges: ["setTime", "testMode"] },
    { name: "reader", password: hashPassword("open sesame"), privileges: ["freeze"] },
  ];
  let tokens = 0;
  const security = new Security({
    users: () => users,
    matches: passwordMatches,
    token: () => `token ${++tokens}`,
    elapsed: () => clock.now,
    log: (what, by) => log.push(`${by}: ${what}`),
    hardware: new Hardware(new MemoryStore().drawer("guarded"), { firmware: {}, sealed: mid }),
    mid,
    limits: () => limits,
  });
  return { security, clock, log, users };
}

test("a factory password works on the site's own machine and from nowhere else", () => {
  const { security } = guarded();
  assert.ok("token" in security.login("admin", "admin", true));
  assert.deepEqual(security.login("admin", "admin", false), {
    refused: "the factory's password works only on the site's own machine; set another",
  });
  assert.ok("token" in security.login("reader", "open sesame", false));
});

test("a session ends five minutes after it was last used", () => {
  const { security, clock } = guarded();
  const made = security.login("reader", "open sesame", true);
  const token = "token" in made ? made.token : "";
  clock.now += 299_000;
  assert.equal(security.who(token)?.name, "reader");
  clock.now += 299_000;
  assert.equal(security.who(token)?.name, "reader");
  clock.now += 300_000;
  assert.equal(security.who(token), undefined);
  assert.equal(security.who(token), undefined);
});

test("three wrong passwords lock a user out for five minutes, even with the right one; others are not", () => {
  const { security, clock, log } = guarded();
  for (let k = 0; k < 3; k++) assert.ok("refused" in security.login("reader", "guess", true));
  assert.deepEqual(security.login("reader", "open sesame", true), { refused: "reader is locked out for 5 minutes" });
  assert.ok("token" in security.login("admin", "admin", true));
  clock.now += 300_000;
  assert.ok("token" in security.login("reader", "open sesame", true));
  assert.deepEqual(log.slice(0, 3), ["reader: wrong password", "reader: wrong password", "reader: locked out"]);
});

test("who is not known is told the same as who has the wrong password", () => {
  assert.deepEqual(guarded().security.login("nobody", "x", true), { refused: "wrong user or password" });
});

test("privileges and the metering key", () => {
  const { security, users } = guarded();
  assert.equal(security.bars(users[1]!, ["setTime"]), "reader has not the privilege setTime");
  assert.equal(security.bars(users[0]!, ["setTime", "testMode"]), undefined);
  security.setKey("metering", true);
  assert.equal(security.bars(users[0]!, ["testMode"]), "the security key bars testMode");
  assert.equal(security.bars(users[0]!, ["setTime"]), undefined);
});

test("a MID meter has both keys, and they stay", () => {
  const { security } = guarded(true);
  assert.deepEqual(security.keys, { metering: true, reset: true });
  assert.equal(security.setKey("metering", false), false);
  assert.deepEqual(security.keys, { metering: true, reset: true });
});

test("a hash is salted, and only its password matches", () => {
  const [one, other] = [hashPassword("secret"), hashPassword("secret")];
  assert.notEqual(one, other);
  assert.ok(passwordMatches("secret", one) && passwordMatches("secret", other));
  assert.ok(
    !passwordMatches("Secret", one) && !passwordMatches("secret", "factory") && !passwordMatches("", "scrypt$$"),
  );
});

test("a name that is no user's is refused and logged, never locked out", () => {
  const { security, log } = guarded();
  for (let k = 0; k < 5; k++) {
    assert.deepEqual(security.login("x".repeat(5000), "guess", true), { refused: "wrong user or password" });
  }
  assert.equal(log.at(-1), `${"x".repeat(40)}: unknown user`);
});

test("how many attempts, how long a lockout and a session are is the configuration's", () => {
  const { security, clock } = guarded(false, { attempts: 2, lockoutMinutes: 10, sessionMinutes: 1 });
  const right = () => security.login("admin", "admin", true);
  security.login("admin", "wrong", true);
  security.login("admin", "wrong", true);
  assert.deepEqual(right(), { refused: "admin is locked out for 10 minutes" });
  clock.now = 10 * 60_000;
  const session = right();
  assert.ok("token" in session);
  clock.now += 59_000;
  assert.equal(security.who(session.token)?.name, "admin");
  clock.now += 60_000;
  assert.equal(security.who(session.token), undefined);
});
