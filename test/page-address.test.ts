/** Which meter, and which section, the page shows at an address, also when that changes while it is open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { followAddress, hashOf, placeAt, type Place } from "#web/page/address.ts";
import { freshnessOf } from "#web/page/freshness.ts";

const meters = [{ name: "half" }, { name: "sub" }, { name: "Halle 3/Süd #1" }];

const sections = { ofMeter: ["profile", "logs"], ofSite: ["traffic"] };

test("an address names the meter, whether or not there is such a one, and no other takes its place", () => {
  const cases: readonly (readonly [hash: string, meter: string | undefined, section?: string])[] = [
    // The site at a glance.
    ["", undefined],
    ["#", undefined],
    ["#/", undefined],
    ["#sub", "sub"],
    ["#Halle%203%2FS%C3%BCd%20%231", "Halle 3/Süd #1"],
    ["#nix", "nix"],
    // No percent sign of an address, or none of UTF-8.
    ["#100%", "100%"],
    ["#%E0%A4", "%E0%A4"],
    // Sections, of the site and of a meter.
    ["#/traffic", undefined, "traffic"],
    ["#sub/profile", "sub", "profile"],
    ["#Halle%203%2FS%C3%BCd%20%231/logs", "Halle 3/Süd #1", "logs"],
    ["#nix/logs", "nix", "logs"],
    // None that there is: part of a name, which has its "/" in percent signs or not.
    ["#sub/nix", "sub/nix"],
    ["#/nix", "/nix"],
    ["#/profile", "/profile"],
    ["#Halle 3/Süd #1", "Halle 3/Süd #1"],
  ];
  for (const [hash, meter, section = ""] of cases)
    assert.deepEqual(placeAt(hash, meters, sections), { meter, section }, hash);
  assert.equal(placeAt("", [], sections).meter, undefined);
  assert.equal(placeAt("", meters.slice(0, 1), sections).meter, "half");
  assert.equal(placeAt("#/", meters.slice(0, 1), sections).meter, undefined);
  // A meter that is called like a section of another.
  assert.deepEqual(placeAt("#a/logs", [{ name: "a" }, { name: "a/logs" }], sections), { meter: "a/logs", section: "" });
  for (const { name } of meters)
    for (const section of ["", ...sections.ofMeter])
      assert.deepEqual(placeAt(hashOf({ meter: name, section }), meters, sections), { meter: name, section });
  for (const section of ["", ...sections.ofSite])
    assert.deepEqual(placeAt(hashOf({ meter: undefined, section }), meters, sections), { meter: undefined, section });
});

test("an address that changes shows its place: typed, a link's, and that of the page before", () => {
  const window = new EventTarget();
  const asked: string[] = [];
  let shown: Place = { meter: "half", section: "" };
  let hash = "";
  const show = (place: Place): void => void asked.push(hashOf((shown = place)));
  followAddress({ window, place: () => placeAt(hash, meters, sections), shown: () => shown, show });
  const goTo = (next: string): void => {
    hash = next;
    window.dispatchEvent(new Event("hashchange"));
  };
  goTo("#sub");
  goTo("#sub/logs");
  assert.deepEqual(asked, ["#sub", "#sub/logs"]);
  // What the page itself has put there is shown already.
  shown = { meter: "half", section: "" };
  goTo("#half");
  assert.equal(asked.length, 2);
  goTo("#nix");
  // Back to where none was named: the site.
  goTo("");
  assert.deepEqual(asked.slice(2), ["#nix", "#/"]);
  goTo("#");
  goTo("#/");
  assert.equal(asked.length, 4);
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
