/** Sessions, lockouts and what the security log is told, on a clock that stands still until it is moved. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPassword, hashPassword, isHash, passwordMatches, type Caller } from "#io/password.ts";
import type { Peer } from "#quantity/authority.ts";
import { Lockouts } from "./lockouts.ts";
import { placeOf } from "./place.ts";
import { SecurityLog } from "./security-log.ts";
import { Sessions } from "./sessions.ts";

const usual = { attempts: 3, lockoutMinutes: 5, sessionMinutes: 5 };
const near: Peer = { protocol: "http", port: "site", address: "127.0.0.1", near: true };
const far = (address: string): Peer => ({ protocol: "http", port: "site", address, near: false });

const here: Caller = { near: true, place: "127.0.0.1" };
const there = (place: string): Caller => ({ near: false, place });

function lockouts(limits = usual) {
  const clock = { now: 0 };
  return {
    clock,
    lockouts: new Lockouts(
      () => clock.now,
      () => limits,
    ),
  };
}

test("three wrong passwords lock a user out for five minutes; others are not", () => {
  const { clock, lockouts: one } = lockouts();
  assert.deepEqual(
    [1, 2, 3].map(() => one.wrong("reader", near, true)),
    [false, false, true],
  );
  assert.equal(one.minutes("reader", near), 5);
  assert.equal(one.minutes("admin", near), undefined);
  clock.now += 240_001;
  assert.equal(one.minutes("reader", near), 1);
  clock.now += 59_999;
  assert.equal(one.minutes("reader", near), undefined);
  assert.equal(one.wrong("reader", near, true), false, "it counts from one again");
});

test("the right password lets what was wrong before be forgotten", () => {
  const { lockouts: one } = lockouts();
  one.wrong("reader", near, true);
  one.wrong("reader", near, true);
  one.right("reader", near);
  one.wrong("reader", near, true);
  assert.equal(one.minutes("reader", near), undefined);
});

test("who guesses from elsewhere locks nobody out on the machine itself, and at no other address", () => {
  const { lockouts: one } = lockouts();
  for (let k = 0; k < 6; k++) one.wrong("admin", far("192.0.2.1"), true);
  assert.equal(one.minutes("admin", far("192.0.2.1")), 5);
  assert.equal(one.minutes("admin", far("192.0.2.2")), undefined);
  assert.equal(one.minutes("admin", near), undefined);
  for (let k = 0; k < 3; k++) one.wrong("admin", near, true);
  assert.equal(one.minutes("admin", near), 5);
  assert.equal(one.minutes("admin", far("192.0.2.2")), undefined);
});

test("thirty wrong passwords from ever other addresses lock a user out elsewhere, but not on the machine itself", () => {
  const { lockouts: one } = lockouts();
  for (let k = 0; k < 30; k++) one.wrong("admin", far(`192.0.2.${k}`), true);
  assert.equal(one.minutes("admin", far("198.51.100.1")), 5);
  assert.equal(one.minutes("admin", near), undefined);
});

test("one host of IPv6 has as many addresses as it likes, and counts as one", () => {
  const { lockouts: one } = lockouts();
  for (let k = 1; k <= 3; k++) one.wrong("admin", far(`2001:db8:1:2:${k}::9`), true);
  assert.equal(one.minutes("admin", far("2001:db8:1:2:ffff::1")), 5);
  assert.equal(one.minutes("admin", far("2001:db8:1:3::1")), undefined);
});

test("a name that is no user's is locked out like one that is, and cannot push a user's lockout out", () => {
  const { lockouts: one } = lockouts();
  for (let k = 0; k < 3; k++) one.wrong("admin", near, true);
  for (let k = 0; k < 3; k++) one.wrong("ghost", near, false);
  assert.equal(one.minutes("ghost", near), 5);
  for (let k = 0; k < 20_000; k++) one.wrong(`ghost ${k}`, far(`192.0.2.${k % 250}`), false);
  assert.equal(one.minutes("admin", near), 5);
});

test("how many attempts and how long a lockout is are the configuration's", () => {
  const { clock, lockouts: one } = lockouts({ attempts: 2, lockoutMinutes: 10, sessionMinutes: 1 });
  one.wrong("admin", near, true);
  one.wrong("admin", near, true);
  assert.equal(one.minutes("admin", near), 10);
  clock.now = 10 * 60_000;
  assert.equal(one.minutes("admin", near), undefined);
});

function sessions(limits = usual) {
  const clock = { now: 0 };
  const ended: string[] = [];
  let tokens = 0;
  return {
    clock,
    ended,
    sessions: new Sessions({
      token: () => `token ${++tokens}`,
      elapsed: () => clock.now,
      limits: () => limits,
      ended: ({ user, peer }, why) => ended.push(`${user} ${why} from ${peer.address}`),
    }),
  };
}

test("a session ends five minutes after it was last used, and that is told with where it was used last", () => {
  const { clock, ended, sessions: all } = sessions();
  const { token = "" } = all.begin("reader", near);
  clock.now += 299_999;
  assert.equal(all.user(token, far("192.0.2.7")), "reader");
  clock.now += 299_999;
  assert.equal(all.user(token, far("192.0.2.7")), "reader");
  clock.now += 300_000;
  all.sweep();
  assert.deepEqual(ended, ["reader timed out from 192.0.2.7"]);
  assert.equal(all.user(token, near), undefined);
  assert.equal(all.user("no token", near), undefined);
});

test("sessions that are used outlast those that are not", () => {
  const { clock, sessions: all } = sessions();
  const [one, other] = [all.begin("a", near), all.begin("b", near)];
  clock.now = 200_000;
  all.user(one.token ?? "", near);
  clock.now = 300_000;
  assert.equal(all.user(other.token ?? "", near), undefined);
  assert.equal(all.user(one.token ?? "", near), "a");
});

test("who leaves is logged off once", () => {
  const { ended, sessions: all } = sessions();
  const { token = "" } = all.begin("reader", near);
  all.leave(token);
  all.leave(token);
  assert.deepEqual(ended, ["reader logged out from 127.0.0.1"]);
  assert.equal(all.user(token, near), undefined);
});

test("a session of the factory's password is one of the site's own machine", () => {
  const { sessions: all } = sessions();
  const { token = "" } = all.begin("admin", near, true);
  assert.equal(all.user(token, far("192.0.2.7")), undefined);
  assert.equal(all.user(token, near), "admin");
});

test("a user has at most a hundred sessions: the one that was silent longest makes room, nobody else's", () => {
  const { sessions: all } = sessions();
  const other = all.begin("admin", near);
  const mine = Array.from({ length: 101 }, () => all.begin("reader", near).token ?? "");
  assert.equal(all.user(mine[0]!, near), undefined);
  assert.ok(mine.slice(1).every((token) => all.user(token, near) === "reader"));
  assert.equal(all.user(other.token ?? "", near), "admin");
});

function securityLog() {
  const clock = { now: 0 };
  const entries: string[] = [];
  const log = new SecurityLog({
    elapsed: () => clock.now,
    add: (what, { by }, { times }) => entries.push(`${by}: ${what}${times === undefined ? "" : ` (${times})`}`),
  });
  return { clock, entries, log };
}

test("what is repeated is told the first times of a day, then the 10th, the 100th, the 1000th time, with the number", () => {
  const { clock, entries, log } = securityLog();
  for (let k = 0; k < 1234; k++) log.note("wrong password", { by: "admin" }, { same: "admin", plain: 3 });
  const first = ["admin: wrong password", "admin: wrong password", "admin: wrong password"];
  assert.deepEqual(entries, [...first, ...[10, 100, 1000].map((times) => `admin: wrong password (${times})`)]);
  clock.now += 86_400_000;
  log.note("wrong password", { by: "admin" }, { same: "admin", plain: 3 });
  assert.equal(entries.at(-1), "admin: wrong password");
});

test("nobody fills a log of 500 entries within a day, however he changes names and addresses", () => {
  const { entries, log } = securityLog();
  log.add("metering key removed", { by: "hardware" });
  for (const what of [
    "unknown user",
    "wrong password",
    "locked out",
    "logged in",
    "logged out",
    "Configuration Access",
  ])
    for (let k = 0; k < 5000; k++) log.note(what, { by: `${k}` }, { same: `${k % 777}`, plain: 20 });
  assert.ok(entries.length < 400, String(entries.length));
  assert.equal(entries[0], "hardware: metering key removed");
});

test("names that strangers choose bring no control characters into the log, and no long ones", () => {
  const { entries, log } = securityLog();
  log.note("unknown user", { by: `x\u001B[2J\u202E\n${"y".repeat(5000)}` }, { same: "", plain: 3 });
  assert.equal(entries[0], `x?[2J??${"y".repeat(33)}: unknown user`);
});

test("a hash is salted, and only its password matches, also beside the event loop", async () => {
  const [one, other] = [hashPassword("secret"), hashPassword("secret")];
  assert.notEqual(one, other);
  assert.ok(passwordMatches("secret", one) && passwordMatches("secret", other));
  for (const [password, hash] of [
    ["Secret", one],
    ["secret", "factory"],
    ["", "scrypt$$"],
    [one, one],
  ] as const) {
    assert.equal(passwordMatches(password, hash), false);
    assert.equal(await checkPassword(password, hash, here), false);
  }
  assert.equal(await checkPassword("secret", one, there("192.0.2.1")), true);
  assert.equal(await checkPassword("secret", undefined, here), false);
});

test("too many log-ins from elsewhere are turned away, those on the machine itself are not kept waiting by them", async () => {
  const hash = hashPassword("secret");
  const done: string[] = [];
  const crowd = Array.from({ length: 150 }, async (_, k) => {
    const answer = await checkPassword("guess", hash, there(`192.0.2.${k % 10}`));
    done.push("far");
    return answer;
  });
  const mine = checkPassword("secret", hash, here).then((answer) => (done.push("near"), answer));
  assert.equal(await mine, true);
  assert.ok(done.filter((one) => one === "far").length < 75, "those turned away and a few more");
  const answers = await Promise.all(crowd);
  assert.equal(answers.filter((one) => one === undefined).length, 49);
  assert.equal(answers.filter((one) => one === false).length, 101);
});

test("one address elsewhere has twenty log-ins waiting and no more; another's is the next but one", async () => {
  const hash = hashPassword("secret");
  const done: string[] = [];
  const ask = async (address: string): Promise<boolean | undefined> => {
    const answer = await checkPassword("guess", hash, there(address));
    if (answer !== undefined) done.push(address);
    return answer;
  };
  const crowd = Array.from({ length: 60 }, () => ask("192.0.2.1"));
  const other = ask("198.51.100.1");
  assert.equal(await other, false);
  assert.ok(done.length <= 3, "the one that was worked on, one more of the crowd, and this");
  assert.equal((await Promise.all(crowd)).filter((answer) => answer === undefined).length, 60 - 1 - 20);
});

test("a hash is one to the letter; what begins like one, or is one but for a letter, is a password", () => {
  const hash = hashPassword("secret");
  assert.ok(isHash(hash));
  for (const text of ["scrypt$", `${hash}0`, hash.slice(0, -1), hash.toUpperCase(), ` ${hash}`, `${hash}\n`, "factory"])
    assert.equal(isHash(text), false, JSON.stringify(text));
});

test("addresses of one network of IPv6 are one place however they are written, and a mapped one is IPv4's", () => {
  const place = (address: string): string => placeOf({ address, port: "site" });
  assert.equal(place("2001:db8::1"), place("2001:db8:0:0:ffff::2"));
  assert.equal(place("2001:DB8::1"), place("2001:db8:0:0:1:2:3:4"));
  assert.notEqual(place("2001:db8::1"), place("2001:db8:0:1::1"));
  assert.equal(place("fe80::1%eth0"), place("fe80::2%eth0"));
  assert.equal(place("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(place("192.0.2.1"), "192.0.2.1");
  assert.equal(placeOf({ port: "serial 3" }), "serial 3");
});
