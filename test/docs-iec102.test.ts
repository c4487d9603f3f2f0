/** The table of types of docs/protocols/iec-60870-5-102.md is that of the code, and its questions of URLs are those that are taken. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseIec102Url } from "#headend/iec102-url.ts";
import { types } from "#protocol/iec102/asdu/types.ts";
import { served } from "#protocol/iec102/station/answers.ts";
import { main, run } from "./cli-run.ts";
import { scadaSite } from "./scada-site.ts";

const page = readFileSync(new URL("../docs/protocols/iec-60870-5-102.md", import.meta.url), "utf8");

/** Types that the reader asks for, and those that it reads. */
const asked = [100, 102, 103, 120, 121, 122, 123, 133, 134, 141, 162, 181, 183, 187];

/** Answers of the station: those to what it serves, that it is there. */
function stationHas(type: number): string {
  const answers = (all: readonly number[]): boolean => all.some((one) => types.get(one)?.answer === type);
  if (served.standard.includes(type) || type === 70 || answers(served.standard)) return "yes";
  return served.spanish.includes(type) || answers(served.spanish) ? "ree" : "-";
}

function readerHas({ type, shape }: { readonly type: number; readonly shape: string }): string {
  if (asked.includes(type)) return "asks";
  const isAnswer = asked.some((one) => types.get(one)?.answer === type);
  return isAnswer ? "reads" : shape === "octets" ? "-" : "decodes";
}

test("the table of types is that of the code", () => {
  const rows = [...types.values()].map(
    (one) => `| ${one.type} | ${one.name} | ${one.title} | ${stationHas(one.type)} | ${readerHas(one)} |`,
  );
  const lines = page.split("\n").filter((line) => /^\| \d+ \| [A-Z]_/.test(line));
  assert.deepEqual(lines, rows);
});

test("every question of a URL is on the page", () => {
  const url =
    "iec102+serial:///dev/x?address=1&octets=1&point=2&auth=none&objects=1-6&unit=Wh&class=1&baud=300&parity=none";
  parseIec102Url(url);
  const table = page.slice(page.indexOf("## Who asks"));
  for (const name of new URL(url).searchParams.keys()) assert.match(table, new RegExp(`\`${name}\`|\\?${name}=`), name);
});

test("the meter for a control centre is read as the page says", async (t) => {
  const { here } = await scadaSite(t);
  const [, block = ""] = /```sh\n([^]*?)```/.exec(page.slice(page.indexOf("## A JEMStar II"))) ?? [];
  const [, read = "", profile = ""] = block.trim().split("\n");
  const words = (line: string): string[] => here(line.replace("npx polyphase ", "").replaceAll("'", "")).split(" ");
  const values = await run(...words(read));
  assert.equal(values.status, 0, values.err);
  // Three phases at the terminals, behind 1000:1 and 200:1: 93,677 kW.
  assert.match(values.out, /^W +93677 +kW$/m);
  const periods = await run(...words(profile));
  assert.equal(periods.status, 0, periods.err);
  assert.match(periods.out, /Wh\.import \(kWh\)/);
  const [, setting = ""] = /```sh\n(POLYPHASE_SECRET=.*)\n```/.exec(page) ?? [];
  const [, secret = "", password = "", line = ""] =
    /^POLYPHASE_SECRET=(\S+) POLYPHASE_PASSWORD=(\S+) (.*)$/.exec(setting) ?? [];
  const env = { ...process.env, POLYPHASE_SECRET: secret, POLYPHASE_PASSWORD: password };
  const kept = spawnSync(process.execPath, [main, ...words(line)], { env, encoding: "utf8" });
  assert.equal(kept.status, 0, kept.stderr);
});
