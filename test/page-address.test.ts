/** Which meter the page shows at an address, also when that changes while it is open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { followAddress, hashOf, meterAt, meterIn } from "#web/page/address.ts";
import { freshnessOf } from "#web/page/freshness.ts";

const meters = [{ name: "half" }, { name: "sub" }, { name: "Halle 3/Süd #1" }];

test("an address names the meter, whether or not there is such a one, and no other takes its place", () => {
  const cases: readonly (readonly [hash: string, meter: string | undefined])[] = [
    // The site at a glance.
    ["", undefined],
    ["#", undefined],
    ["#sub", "sub"],
    ["#Halle%203%2FS%C3%BCd%20%231", "Halle 3/Süd #1"],
    ["#nix", "nix"],
    // No percent sign of an address, or none of UTF-8.
    ["#100%", "100%"],
    ["#%E0%A4", "%E0%A4"],
  ];
  for (const [hash, meter] of cases) assert.equal(meterAt(hash, meters), meter, hash);
  assert.equal(meterAt("", []), undefined);
  assert.equal(meterAt("", meters.slice(0, 1)), "half");
  for (const { name } of meters) assert.equal(meterIn(`#${hashOf(name)}`), name);
});

test("an address that changes shows its meter: typed, a link's, and that of the page before", () => {
  const window = new EventTarget();
  const asked: (string | undefined)[] = [];
  let shown: string | undefined = "half";
  let hash = "";
  const show = (meter: string | undefined): void => void asked.push((shown = meter));
  followAddress({ window, hash: () => hash, meters: () => meters, shown: () => shown, show });
  const goTo = (next: string): void => {
    hash = next;
    window.dispatchEvent(new Event("hashchange"));
  };
  goTo("#sub");
  assert.deepEqual(asked, ["sub"]);
  // What the page itself has put there is shown already.
  shown = "half";
  goTo("#half");
  assert.deepEqual(asked, ["sub"]);
  goTo("#nix");
  // Back to where none was named: the site.
  goTo("");
  assert.deepEqual(asked, ["sub", "nix", undefined]);
  goTo("#");
  assert.equal(asked.length, 3);
});

test("of a meter that there is not the page says so, however long it looks", () => {
  const heard = { connected: false, readAt: undefined, cycleMs: 1500 };
  for (const now of [0, 60_000])
    assert.deepEqual(freshnessOf(undefined, heard, now, "nix"), {
      state: "lost",
      words: "the site that answers has no meter nix",
      age: "",
    });
});
