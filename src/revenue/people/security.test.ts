/** Sessions, lockouts and what the security log is told, on a clock that stands still until it is moved. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Caller } from "#io/desk.ts";
import { checkPassword, hashPassword, isHash, passwordMatches } from "#io/password.ts";
import type { Peer } from "#quantity/authority.ts";
import { Lockouts } from "./lockouts.ts";
import { placeOf } from "./place.ts";
import { SecurityLog, type Entries } from "./security-log.ts";
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

test("sixty wrong passwords from one address lock it out whatever the name, nobody elsewhere, and not the machine itself", () => {
  const { clock, lockouts: one } = lockouts();
  for (let k = 0; k < 60; k++) one.wrong(`name ${k}`, far(`2001:db8::${k}`), k % 7 === 0);
  for (const name of ["admin", "ghost", "name 3"]) assert.equal(one.minutes(name, far("2001:db8::ffff")), 5, name);
  one.right("admin", far("2001:db8::1"));
  assert.equal(one.minutes("admin", far("2001:db8::1")), 5);
  assert.equal(one.minutes("admin", far("192.0.2.1")), undefined);
  for (let k = 0; k < 100; k++) one.wrong(`name ${k}`, near, false);
  assert.equal(one.minutes("admin", near), undefined);
  clock.now += 300_000;
  assert.equal(one.minutes("admin", far("2001:db8::1")), undefined);
});

test("nobody learns from one address which names there are by having the others forgotten", () => {
  const { lockouts: one } = lockouts();
  const here = far("192.0.2.1");
  for (let k = 0; k < 3; k++) {
    one.wrong("admin", here, true);
    one.wrong("ghost", here, false);
  }
  // As many more as are taken at all.
  for (let k = 0; k < 50_000 && one.minutes(`other ${k}`, here) === undefined; k++)
    one.wrong(`other ${k}`, here, false);
  assert.equal(one.minutes("ghost", here), one.minutes("admin", here));
  assert.equal(one.minutes("ghost", here), 5);
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
  const { token = "" } = all.begin("admin", near, { nearOnly: true });
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

/** A log of 500 entries as the meter's is: a ring. */
function securityLog(capacity = 500) {
  const clock = { now: 0 };
  const kept: { sequence: number; what: string; by: string; times: number }[] = [];
  let next = 0;
  const entries: Entries = {
    get first() {
      return Math.max(0, next - capacity);
    },
    add(what, { by }) {
      kept.push({ sequence: next, what, by, times: 1 });
      if (kept.length > capacity) kept.shift();
      return next++;
    },
    again(sequence, what) {
      const entry = kept.find((one) => one.sequence === sequence && one.what === what);
      if (entry !== undefined) entry.times++;
      return entry !== undefined;
    },
    find: (what, by) => kept.findLast((one) => one.what === what && (by ?? one.by) === one.by)?.sequence,
  };
  const begun = (): SecurityLog => new SecurityLog({ elapsed: () => clock.now, entries: () => entries });
  return {
    clock,
    entries,
    log: begun(),
    begun,
    told: () => kept.map(({ what, by, times }) => `${by}: ${what}${times === 1 ? "" : ` (${times})`}`),
  };
}
const DAY = 86_400_000;

test("failures fold into one entry with their number, whatever day it is, and go on doing so after a restart", () => {
  const { clock, log, begun, told } = securityLog();
  for (let k = 0; k < 1234; k++) log.note("wrong password", { by: "admin" }, { who: "admin" });
  for (let day = 0; day < 100; day++) {
    clock.now += DAY;
    log.note("unknown user", { by: `ghost ${day}` }, {});
  }
  const again = begun();
  again.note("wrong password", { by: "admin" }, { who: "admin" });
  again.note("wrong password", { by: "reader" }, { who: "reader" });
  again.note("unknown user", { by: "another" }, {});
  assert.deepEqual(told(), ["admin: wrong password (1235)", "ghost 0: unknown user (101)", "reader: wrong password"]);
});

test("what a user does has five entries a day, the fifth with the number of all that followed", () => {
  const { clock, log, told } = securityLog();
  for (let k = 0; k < 100; k++) log.note("logged in", { by: "admin" }, { who: "admin", aDay: 5 });
  const four = ["admin: logged in", "admin: logged in", "admin: logged in", "admin: logged in"];
  assert.deepEqual(told(), [...four, "admin: logged in (96)"]);
  clock.now += DAY;
  log.note("logged in", { by: "admin" }, { who: "admin", aDay: 5 });
  assert.deepEqual(told(), [...four, "admin: logged in (96)", "admin: logged in"]);
});

test("nobody pushes anything out of the log of 500, in a year of trying whatever can be repeated", () => {
  const { clock, entries, log, told } = securityLog();
  const real = Array.from({ length: 240 }, (_, k) => `hardware: seal ${k}`);
  for (const one of real) entries.add(one.replace("hardware: ", ""), { by: "hardware" });
  const who = Array.from({ length: 10 }, (_, k) => `user${k}`);
  for (let day = 0; day < 365; day++) {
    clock.now += DAY;
    for (let k = 0; k < 20; k++) {
      log.note("unknown user", { by: `${day} ${k}` }, {});
      for (const by of who) {
        for (const what of ["wrong password", "locked out"]) log.note(what, { by }, { who: by });
        for (const what of ["logged in", "logged out", "timed out", "password changed"])
          log.note(what, { by }, { who: by, aDay: 5 });
        log.note(`secret ${day} ${k} set`, { by }, { who: by, aDay: 5 });
        log.note("Configuration Access", { by }, { who: by, of: `${day} ${k}` });
      }
    }
  }
  const now = told();
  assert.deepEqual(now.slice(0, real.length), real);
  assert.ok(now.length <= 500, String(now.length));
  assert.ok(
    now.some((one) => one.startsWith("user9: wrong password (")),
    "failures are told all the same",
  );
});

test("an entry that has gone from the log is begun anew", () => {
  const { entries, log, told } = securityLog(3);
  log.note("wrong password", { by: "admin" }, { who: "admin" });
  for (const one of ["a", "b", "c"]) entries.add(one, { by: "hardware" });
  log.note("wrong password", { by: "admin" }, { who: "admin" });
  assert.deepEqual(told(), ["hardware: b", "hardware: c", "admin: wrong password"]);
});

test("names that strangers choose bring no control characters into the log, and no long ones", () => {
  const { log, told } = securityLog();
  log.note("unknown user", { by: `x\u001B[2J\u202E\n${"y".repeat(5000)}` }, {});
  assert.equal(told()[0], `x?[2J??${"y".repeat(33)}: unknown user`);
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

test("a place is the network of an address, and a port where there is none", () => {
  assert.equal(placeOf({ address: "2001:db8::1", port: "site" }), "2001:db8:0:0::/64");
  assert.equal(placeOf({ port: "serial 3" }), "serial 3");
});
