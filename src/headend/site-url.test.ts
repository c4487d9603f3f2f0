/** What people paste of a site: its API's URLs, its page's, the site's own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { UrlError } from "./place.ts";
import { meterUrlOf, parseSiteUrl } from "./site-url.ts";

test("a meter of a site is named by the API's URL, by what is below it, and by the page's", () => {
  const site = "http://127.0.0.1:8080";
  for (const [text, meter] of [
    [`${site}/api/meters/feeder-1`, "feeder-1"],
    [`${site}/api/meters/feeder-1/`, "feeder-1"],
    [`${site}/api/v1/meters/feeder-1`, "feeder-1"],
    [`${site}/api/v1/meters/feeder%201/logs/event?from=3`, "feeder 1"],
    [`${site}/api/v1/meters`, undefined],
    [`${site}/api/v1/`, undefined],
    [`${site}/api/meters/feeder-1/registers/normal`, "feeder-1"],
    [`${site}/api/meters/feeder%201?x=1`, "feeder 1"],
    [`${site}/#feeder-1`, "feeder-1"],
    [`${site}#feeder%201`, "feeder 1"],
    [`${site}/#feeder%201%2F2/profile`, "feeder 1/2"],
    [`${site}/#/traffic`, undefined],
    [`${site}/#/`, undefined],
    [`${site}/`, undefined],
    [site, undefined],
    [`${site}/api/meters`, undefined],
  ] as const) {
    const found = parseSiteUrl(text);
    assert.deepEqual([found?.site, found?.meter], [site, meter], text);
  }
  assert.equal(parseSiteUrl("https://meters.example/#a")?.site, "https://meters.example");
  assert.equal(meterUrlOf(site, "feeder 1/2"), `${site}/api/meters/feeder%201%2F2`);
});

test("what is no site's is another protocol's, or said to be wrong", () => {
  assert.equal(parseSiteUrl("modbus://127.0.0.1:1502/1"), undefined);
  for (const wrong of ["http://127.0.0.1:8080/somewhere", "http://", "http://h/api/meters/%zz"])
    assert.throws(() => parseSiteUrl(wrong), UrlError, wrong);
});
