import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { test, type TestContext } from "node:test";
import { SqliteStore, StoreBusy } from "./sqlite-store.ts";
import { MemoryStore, type Store } from "./store.ts";

function folder(t: TestContext): string {
  const made = mkdtempSync(path.join(tmpdir(), "polyphase-store-"));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (found: Uint8Array | undefined): string => new TextDecoder().decode(found);

const makers: readonly (readonly [string, (t: TestContext) => Store])[] = [
  ["memory", () => new MemoryStore()],
  ["sqlite", (t) => new SqliteStore(folder(t), "now")],
];
for (const [name, make] of makers) {
  test(`${name}: what was put is found, by meter and key, before and after the commit`, (t) => {
    const store = make(t);
    const one = store.drawer("one");
    one.put("log/2", bytes("b"));
    one.put("log/1", bytes("a"));
    one.keep("settings", bytes("s"));
    store.drawer("two").put("log/1", bytes("other"));
    const look = (): void => {
      assert.equal(text(one.get("log/1")), "a");
      assert.equal(text(one.get("settings")), "s");
      assert.equal(one.get("absent"), undefined);
      assert.deepEqual([...one.entries("log/")].map(([key, value]) => [key, text(value)]).sort(), [
        ["log/1", "a"],
        ["log/2", "b"],
      ]);
    };
    look();
    store.commit();
    look();
    one.put("log/1", bytes("newer"));
    assert.equal(text(one.get("log/1")), "newer");
    store.close();
  });
}

test("sqlite: what was committed or kept is there after the process has ended, the rest is not", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "now");
  first.drawer("m").put("a", bytes("committed"));
  first.commit();
  first.drawer("m").keep("b", bytes("kept"));
  first.drawer("m").put("c", bytes("neither"));
  // As kill -9 leaves it: a copy of the files while they are open.
  const copy = folder(t);
  for (const file of readdirSync(place)) writeFileSync(path.join(copy, file), readFileSync(path.join(place, file)));
  const second = new SqliteStore(copy, "now");
  const drawer = second.drawer("m");
  assert.deepEqual([text(drawer.get("a")), text(drawer.get("b")), drawer.get("c")], ["committed", "kept", undefined]);
  assert.deepEqual(second.complaints, []);
  second.close();
  first.close();
});

for (const [what, damage] of [
  ["no database at all", (file: string) => writeFileSync(file, "this is no database, whatever its name says")],
  [
    "damaged pages",
    (file: string) => {
      const all = readFileSync(file);
      all.fill(0xa5, 4096 + 8, Math.min(all.length, 3 * 4096));
      writeFileSync(file, all);
    },
  ],
] as const) {
  test(`sqlite: a store with ${what} is kept aside and reported, and a new one begun`, (t) => {
    const place = folder(t);
    const first = new SqliteStore(place, "one");
    for (let k = 0; k < 500; k++) first.drawer("m").put(`key ${k}`, bytes("x".repeat(100)));
    first.close();
    damage(path.join(place, "polyphase.sqlite"));
    const damaged = readFileSync(path.join(place, "polyphase.sqlite"));
    const second = new SqliteStore(place, "two");
    assert.equal(second.complaints.length, 1);
    assert.match(
      second.complaints[0]!,
      /could not be read .* is kept as .*polyphase\.sqlite\.unreadable-two, and a new one is begun/,
    );
    assert.deepEqual(readFileSync(path.join(place, "polyphase.sqlite.unreadable-two")), damaged);
    second.drawer("m").keep("a", bytes("works"));
    second.close();
  });
}

test("sqlite: a second process is told that the store is in use, and nothing is put aside", (t) => {
  const place = folder(t);
  const first = new SqliteStore(place, "one");
  first.drawer("m").keep("a", bytes("mine"));
  assert.throws(() => new SqliteStore(place, "two"), StoreBusy);
  assert.equal(text(first.drawer("m").get("a")), "mine");
  first.close();
  assert.ok(!readdirSync(place).some((file) => file.includes("unreadable")));
});

test("sqlite: when the disk is full nothing is dropped, and it goes there when there is room again", async (t) => {
  const place = folder(t);
  const module = new URL("./sqlite-store.ts", import.meta.url).href;
  const fill = `
    const { SqliteStore } = await import(${JSON.stringify(module)});
    const store = new SqliteStore(${JSON.stringify(place)}, "now");
    const drawer = store.drawer("m");
    let count = 0;
    for (; store.trouble === undefined && count < 1000; count++) {
      drawer.put("record " + count, new Uint8Array(4000).fill(count));
      store.commit();
    }
    drawer.keep("kept", new Uint8Array(1));
    console.log(JSON.stringify([store.trouble, count, drawer.get("record " + (count - 1)).length]));
    process.stdin.once("data", () => {
      store.commit();
      console.log(JSON.stringify([store.trouble ?? "well"]));
      store.close();
      process.exit();
    });`;
  // A limit on the size of files stands for the disk's; raised later, as somebody makes room.
  const script = `ulimit -S -f 256; exec "$0" --input-type=module -e "$1"`;
  const child = spawn("bash", ["-c", script, process.execPath, fill], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill());
  const lines = createInterface(child.stdout);
  const line = async (): Promise<unknown[]> => JSON.parse(String((await once(lines, "line"))[0])) as unknown[];
  const [trouble, count, waiting] = (await line()) as [string, number, number];
  assert.match(trouble, /full|disk|I\/O/i);
  assert.equal(waiting, 4000);
  assert.equal(spawnSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited:"]).status, 0);
  child.stdin.write("room\n");
  assert.deepEqual(await line(), ["well"]);
  await once(child, "close");
  const found = new SqliteStore(place, "now");
  const drawer = found.drawer("m");
  for (let k = 0; k < count; k++) assert.deepEqual(drawer.get(`record ${k}`), new Uint8Array(4000).fill(k));
  assert.equal(drawer.get("kept")?.length, 1);
  found.close();
});
