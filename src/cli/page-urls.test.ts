/** Where a site's pages are said to be, for whoever sits elsewhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { takesLogIn, urlsElsewhere } from "./page-urls.ts";

const web = { host: "0.0.0.0", port: 8443, login: "elsewhere" as const, names: [] };
const own = ["192.0.2.7", "2001:db8::7"];

test("a site that listens everywhere is reached by its names and by the machine's addresses", () => {
  const page = "https://127.0.0.1:8443/";
  assert.deepEqual(urlsElsewhere(page, { ...web, names: ["meters.example"] }, own), [
    "https://meters.example:8443/",
    "https://192.0.2.7:8443/",
  ]);
  assert.deepEqual(urlsElsewhere("http://[::1]:8080/", { ...web, host: "::" }, own), [
    "http://192.0.2.7:8080/",
    "http://[2001:db8::7]:8080/",
  ]);
  assert.deepEqual(urlsElsewhere(page, { ...web, host: "127.0.0.1", names: ["meters.example"] }, own), []);
});

test("on its own machine a site takes a log-in where its file says so; by every other address it always does", () => {
  assert.equal(takesLogIn("http://127.0.0.1:8080/", web), false);
  assert.equal(takesLogIn("http://[::1]:8080/", web), false);
  assert.equal(takesLogIn("http://127.0.0.1:8080/", { ...web, login: "always" }), true);
  assert.equal(takesLogIn("http://192.0.2.7:8080/", web), true);
});
