/** A site that is somebody else's: what it says does nothing to the terminal of whoever reads it. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { configuration, reached, site, type Profile } from "./revenue-running.ts";

/** A title of the window, red, C1's form of it, a line of its own, and text from right to left. */
const EVIL = "\u001B]0;pwned\u0007\u001B[31m\u009B2J\u007F\nforged line\r\u202E";

function spoilt(value: unknown): unknown {
  if (typeof value === "string") return `${value}${EVIL}`;
  if (Array.isArray(value)) return value.map(spoilt);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoilt(inner)]));
}

/** By Unicode's table: whatever of it reaches a terminal does something there; ends of lines are the command's own. */
const control = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u;

test("labels, texts, consequences and errors of a site that is hostile are shown harmless by every command", async (t) => {
  const real = await site(t);
  await reached(
    () => real.get<Profile>("/profiles/1"),
    ({ records }) => records.length > 0,
  );
  await real.command({ command: "freeze" });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const place = (request.url ?? "").replace("/api/meters/x", "");
      const { method = "GET" } = request;
      const headers = { "Content-Type": "application/json" };
      const refuses = place.startsWith("/logs/freeze") || place.startsWith("/commands");
      const answer = await fetch(`${real.url}${place}`, {
        method,
        headers,
        ...(method === "GET" || method === "DELETE" ? {} : { body: Buffer.concat(chunks) }),
      });
      const document = refuses ? { error: "no" } : await answer.json();
      response.writeHead(refuses ? 403 : answer.status, headers).end(JSON.stringify(spoilt(document)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/meters/x`;
  const file = path.join(real.folder, "jem.yaml");
  const words: readonly (readonly string[])[] = [
    ["read", url],
    ["read", url, "--list", "normal"],
    ["profile", url],
    ["profile", url, "--csv"],
    ["logs", url],
    ["logs", url, "freeze"],
    ["self-reads", url],
    ["config", "show", url],
    ["config", "diff", file, url],
    ["config", "apply", file, url, "--yes"],
    ["config", "history", url],
    ["config", "undo", url, "--yes"],
    ["command", url, "freeze"],
  ];
  const told: string[] = [];
  for (const one of [...words, ["read", url, "--json"], ["logs", url, "--json"]]) {
    const { out, err } = await real.run(...one);
    told.push(out, err);
    for (const line of [...out.split(/\r?\n/), ...err.split("\n")]) {
      assert.doesNotMatch(line, control, `${one.join(" ")}: ${JSON.stringify(line)}`);
      assert.doesNotMatch(line, /^forged/, `${one.join(" ")}: ${JSON.stringify(line)}`);
    }
  }
  assert.ok(told.filter((one) => one.includes("\\x1b]0;pwned")).length > 6, "it was there to be shown");
});

test("a file whose passwords were hashed is applied without them, and a start by it lets in with the same passwords", async (t) => {
  const users = `users:
  - { name: admin, password: admin, privileges: [configureUsers, configureIdentification] } # who is here
`;
  const first = await site(t, { configuration: configuration + users, store: "store: ./data" });
  const file = path.join(first.folder, "jem.yaml");
  const hashed = await first.run("config", "hash", file);
  assert.deepEqual([hashed.status, hashed.out], [0, `1 password hashed in ${file}: admin\n`]);
  assert.match(readFileSync(file, "utf8"), /password: "scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}", .*# who is here/);
  writeFileSync(file, `identification: { strings: [other] }\n${readFileSync(file, "utf8")}`);
  const applied = await first.run("config", "apply", file, first.url, "--yes");
  assert.equal(applied.status, 0, applied.err);
  assert.match(applied.err, /a meter takes no hashes: admin keep on it the passwords that they have/);
  assert.ok((await first.login("admin")).token !== undefined);
  const second = await site(t, { configuration: readFileSync(file, "utf8") });
  assert.ok((await second.login("admin")).token !== undefined);
});
