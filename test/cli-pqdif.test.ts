/** The verb pqdif: what a meter's files are, fetching them into a folder, removing them, and what is in one. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { isSafeName } from "#headend/file-source.ts";
import { timeOf, waveformChannel, writePqdif, type PqdifContent } from "#format/pqdif/pqdif.ts";
import { run } from "./cli-run.ts";
import { bytesOf, filledShelf, NAMES } from "./filled-shelf.ts";
import { onPort } from "./interop/iec61850-serving.ts";
import { TestHost } from "./mms-serving.ts";
import { temporaryFolder } from "./running-site.ts";
import { servedFiles } from "./served-files.ts";
import { smallIed } from "./small-ied.ts";
import { sftpPort } from "./ssh-peers.ts";

test("the files of a meter are listed, by any of its addresses", async (t) => {
  const { run, url } = await servedFiles(t);
  for (const address of [`${url}pqdif/`, `${url}meters/jem/pqdif/`, `${url}api/meters/jem`, `${url}#jem`]) {
    const { out, status, err } = await run(["pqdif", address]);
    assert.equal(status, 0, err);
    const [head = "", first = "", ...more] = out.trimEnd().split("\n");
    assert.match(head, /^written +bytes +file$/);
    assert.equal(first, `2020-01-09T13:56:13Z  14131  ${NAMES[0]}`);
    assert.equal(more.length, NAMES.length - 1);
  }
  const json = JSON.parse((await run(["pqdif", `${url}pqdif/`, "--json"])).out) as { files: { name: string }[] };
  assert.deepEqual(
    json.files.map(({ name }) => name),
    NAMES,
  );
  const late = await run(["pqdif", `${url}pqdif/`, "--since", "2020-01-09T13:56:16Z", "--csv"]);
  assert.deepEqual(late.out.trimEnd().split("\r\n").length, 3);
  assert.match((await run(["pqdif", `${url}api/meters/feeder`])).err, /feeder keeps no files/);
});

test("files are fetched into a folder, whole, once, and never over others", async (t) => {
  const { run, url, folder } = await servedFiles(t);
  const first = await run(["pqdif", `${url}pqdif/`, "--fetch", "events"]);
  assert.equal(first.status, 0, first.err);
  NAMES.forEach((name, k) =>
    assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, "events", name))), bytesOf(k)),
  );
  assert.equal(readdirSync(path.join(folder, "events"), { recursive: true }).length, NAMES.length + 2);
  const again = await run(["pqdif", `${url}pqdif/`, "--fetch", "events", "--json"]);
  const results = (JSON.parse(again.out) as { files: { result: string }[] }).files.map(({ result }) => result);
  assert.deepEqual(results, Array(NAMES.length).fill("there"));
  // One of the same length and one of another are of somebody else.
  const mine = [path.join(folder, "events", NAMES[0]), path.join(folder, "events", NAMES[1])] as const;
  writeFileSync(mine[0], new Uint8Array(14_131));
  writeFileSync(mine[1], "mine");
  const other = await run(["pqdif", `${url}pqdif/`, "--fetch", "events"]);
  assert.equal(other.status, 1);
  assert.match(other.err, /2 of 5 files failed/);
  assert.match(other.out, /is another file, and stays as it is \(--over replaces it\)/);
  assert.equal(readFileSync(mine[1], "utf8"), "mine");
  assert.equal((await run(["pqdif", `${url}pqdif/`, "--fetch", "events", "--over"])).status, 0);
  assert.deepEqual(new Uint8Array(readFileSync(mine[1])), bytesOf(1));
});

test("over MMS what is there already is there, and what is another stays as it is", async (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const { port } = await onPort(t, new TestHost(smallIed(), filledShelf()));
  const asked = async () => {
    const { out, status, err } = await run("pqdif", `mms://127.0.0.1:${port}`, "--fetch", folder, "--json");
    return {
      status,
      err,
      results: (JSON.parse(out) as { files: { result: string }[] }).files.map((one) => one.result),
    };
  };
  assert.deepEqual(await asked(), { status: 0, err: "", results: Array(NAMES.length).fill("fetched") });
  NAMES.forEach((name, k) => assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, name))), bytesOf(k)));
  assert.deepEqual(await asked(), { status: 0, err: "", results: Array(NAMES.length).fill("there") });
  // As long, and another.
  writeFileSync(path.join(folder, NAMES[0]), new Uint8Array(14_131));
  const { status, results } = await asked();
  assert.deepEqual([status, results], [1, ["failed", "there", "there", "there", "there"]]);
});

test("files are removed from the meter once they are on disk here, by whoever may", async (t) => {
  const { run, url, folder, shelf } = await servedFiles(t);
  const fetch = ["pqdif", `${url}pqdif/`, "--fetch", "events", "--delete"];
  const nobody = await run(fetch);
  assert.equal(nobody.status, 1);
  const pq = await run([...fetch, "--user", "pq"], "meter-pq");
  assert.equal(pq.status, 1);
  assert.match(pq.out, /not removed: .*pq has not the privilege configurePowerQuality/);
  assert.equal(shelf.list().length, NAMES.length);
  writeFileSync(path.join(folder, "events", NAMES[2]), "mine");
  const admin = await run([...fetch, "--user", "admin"], "meter-admin");
  assert.equal(admin.status, 1);
  // What is not here is not removed there.
  assert.deepEqual(
    shelf.list().map(({ name }) => name),
    [NAMES[2]],
  );
  assert.equal(
    (await run(["pqdif", `${url}pqdif/`, NAMES[2], "--delete", "--user", "admin"], "meter-admin")).status,
    0,
  );
  assert.deepEqual(shelf.list(), []);
});

test("the same goes over SFTP, as a user of the meter, with a server that is known", async (t) => {
  const served = await servedFiles(t, { listen: "{ sftp: tcp, port: 0 }" });
  const { run, folder, shelf } = served;
  const at = `127.0.0.1:${sftpPort(served)}`;
  const listed = await run(["pqdif", `sftp://pq@${at}`, "--json"], "meter-pq");
  assert.equal(listed.status, 0, listed.err);
  const { files } = JSON.parse(listed.out) as { files: { name: string; size: number; utc: string }[] };
  assert.deepEqual(files.map(({ name }) => name).toSorted(), [...NAMES].toSorted());
  assert.deepEqual(files[0], { name: NAMES[0], utc: "2020-01-09T13:56:13Z", size: 14_131 });
  const fetched = await run(["pqdif", `sftp://${at}`, "--user", "pq", "--fetch", "events"], "meter-pq");
  assert.equal(fetched.status, 0, fetched.err);
  NAMES.forEach((name, k) =>
    assert.deepEqual(new Uint8Array(readFileSync(path.join(folder, "events", name))), bytesOf(k)),
  );
  const again = await run(["pqdif", `sftp://admin@${at}`, "--fetch", "events", "--delete"], "meter-admin");
  assert.equal(again.status, 0, again.err);
  assert.deepEqual(shelf.list(), []);
  for (const [words, password, status, says] of [
    [[`sftp://pq@${at}`], "wrong", 1, /takes no pq with this password/],
    [[`sftp://${at}`], "x", 2, /which names no user/],
    [[`sftp://pq:secret@${at}`], "x", 2, /expected sftp:\/\/user@host:port/],
    [[`sftp://pq@${at}`, "--host-key", "SHA256:none"], "meter-pq", 1, /shows the key SHA256:\S+; expected SHA256:none/],
    [["sftp://pq@127.0.0.1:1"], "x", 1, /127\.0\.0\.1:1/],
  ] as const) {
    const ended = await run(["pqdif", ...words], password);
    assert.equal(ended.status, status, ended.err);
    assert.match(ended.err, says);
  }
});

test("what is wrong with the words ends with status 2, what fails with 1", async (t) => {
  const { run: here, url } = await servedFiles(t);
  for (const [words, status, says] of [
    [[`${url}pqdif/`, "--since", "yesterday"], 2, /--since: expected an instant/],
    [[`${url}pqdif/`, "--over"], 2, /--over goes with --fetch only/],
    [[`${url}pqdif/`, "--delete"], 2, /--delete: expected/],
    [["modbus://127.0.0.1:1/1"], 2, /expected http/],
    [[`${url}pqdif/`, "none.pqd"], 1, /there is no file none\.pqd/],
    [["none.pqd"], 2, /cannot read none\.pqd: there is no such file/],
    [["none.pqd", "--delete"], 2, /--delete: goes with a meter's URL only/],
    [["http://127.0.0.1:1/meters/jem/pqdif/"], 1, /cannot reach/],
  ] as const) {
    const ended = await here(["pqdif", ...words]);
    assert.equal(ended.status, status, ended.err);
    assert.match(ended.err, says);
  }
});

test("a site of bad names and lengths puts nothing outside the folder, and nothing that is not whole", async (t) => {
  const names = ["../out.pqd", "/tmp/out.pqd", "a/../../out.pqd", ".profile", "short.pqd", "a\u0000b.pqd"];
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/api/") === true) {
      response.setHeader("Content-Type", "application/json");
      const files = names.map((name) => ({ name, utc: "2020-01-09T13:56:13Z", offsetMinutes: 0, size: 5 }));
      return void response.end(JSON.stringify({ name: "m", folders: [], files }));
    }
    response.end(request.url?.includes("short") === true ? "abc" : "abcde");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const { folder } = await servedFiles(t);
  const inside = path.join(folder, "a", "b");
  mkdirSync(inside, { recursive: true });
  const { port } = server.address() as AddressInfo;
  const ended = await run("pqdif", `http://127.0.0.1:${port}/meters/m/pqdif/`, "--fetch", inside, "--json");
  assert.equal(ended.status, 1);
  const results = (JSON.parse(ended.out) as { files: { result: string; why: string }[] }).files;
  assert.deepEqual(new Set(results.map(({ result }) => result)), new Set(["failed"]));
  assert.match(results[4]!.why, /3 bytes have come; expected 5/);
  assert.deepEqual(readdirSync(inside), []);
  assert.deepEqual(readdirSync(folder).toSorted(), ["a", "jem.yaml", "site.yaml"]);
  assert.ok(!existsSync("/tmp/out.pqd"));
});

test("names that are safe below a folder", () => {
  for (const name of NAMES) assert.ok(isSafeName(name), name);
  for (const name of ["", "/a", "a/", "a//b", "..", "a/..", ".a", "a\\b", "a:b", "-x", "a b", "ä", "x".repeat(256)])
    assert.ok(!isSafeName(name), name);
});

/** A triangle of three values at 960 a second: least -91, largest 91. */
const start = timeOf(Date.UTC(2016, 11, 8, 9, 22, 51), 0.133724);
const runs = [{ count: 3, step: 1 / 960 }];
const content: PqdifContent = {
  container: { fileName: "sag.pqd", created: start },
  observations: [
    {
      name: "sag",
      created: start,
      start,
      triggerMethod: "channel",
      disturbance: "instantaneous sag",
      source: {
        type: "measured",
        vendor: "none",
        name: "142300003",
        effective: start,
        channels: [waveformChannel({ name: "V A", phase: "A-N", measured: "voltage" }, { unit: "V" })],
      },
      settings: {
        effective: start,
        installed: start,
        useCalibration: false,
        useTransducer: false,
        nominalHz: 60,
        channels: [],
      },
      channels: [
        {
          definition: 0,
          series: [{ values: Float64Array.of(0, 1 / 960, 2 / 960), runs }, { values: Float64Array.of(-91, 45.5, 91) }],
        },
      ],
    },
  ],
};

test("a file whose times are none of a calendar is said to be so, and shown", async (t) => {
  const { folder } = await servedFiles(t);
  const [observation] = content.observations;
  for (const [k, time] of [
    { day: 0xffff_ffff, seconds: 0 },
    { day: 42_000, seconds: 1e300 },
  ].entries()) {
    const file = path.join(folder, `never-${k}.pqd`);
    const container = { ...content.container, created: time };
    writeFileSync(file, await writePqdif({ container, observations: [{ ...observation!, start: time }] }));
    const { out, status, err } = await run("pqdif", file);
    assert.equal(status, 0, err);
    assert.match(out, /^at no time of a calendar {2}sag/m);
    const [row = ""] = (await run("pqdif", file, "--csv")).out.split("\r\n").slice(1);
    assert.match(row, /sag,,V A/);
  }
});

test("what is in a file is said of each observation, channel and series", async (t) => {
  const { folder } = await servedFiles(t);
  const file = path.join(folder, "sag.pqd");
  writeFileSync(file, await writePqdif(content));
  const { out, status, err } = await run("pqdif", file);
  assert.equal(status, 0, err);
  assert.match(out, /sag\.pqd: 1 observation, made 2016-12-08T09:22:51\.133724/);
  assert.match(out, /09:22:51\.133724Z? +sag, trigger channel, instantaneous sag, source 142300003/);
  assert.match(out, /V A +A-N +value +V +3 +-91 +91/);
  const seen = JSON.parse((await run("pqdif", file, "--json")).out) as {
    observations: { channels: { series: { least: number; largest: number; values: number }[] }[] }[];
  };
  const { least, largest, ...others } = seen.observations[0]!.channels[0]!.series[1]!;
  assert.deepEqual(others, { what: "value", unit: "V", values: 3 });
  // Stored in sixteen bits, of a full scale of 91.
  assert.ok(Math.abs(least + 91) < 91 / 32_767 && Math.abs(largest - 91) < 91 / 32_767, `${least} ${largest}`);
  writeFileSync(file, "no file of its kind, but longer than sixty-four bytes, which is what a header has");
  assert.equal((await run("pqdif", file)).status, 2);
});

/** As many as make.py writes into each. */
const observations = { plain: 1, zlib: 1, written: 1 } as const;

test("files that another program made are opened", async (t) => {
  const { folder } = await servedFiles(t);
  for (const [name, count] of Object.entries(observations)) {
    const text = readFileSync(fileURLToPath(new URL(`./fixtures/pqdif/${name}.hex`, import.meta.url)), "utf8");
    const file = path.join(folder, `${name}.pqd`);
    writeFileSync(file, Buffer.from(text.replaceAll(/#.*$/gm, "").replaceAll(/\s/g, ""), "hex"));
    const { out, status, err } = await run("pqdif", file, "--json");
    assert.equal(status, 0, err);
    const seen = JSON.parse(out) as { observations: { channels: unknown[] }[] };
    assert.equal(seen.observations.length, count, name);
    assert.ok(seen.observations.every(({ channels }) => channels.length > 0));
  }
});
