/** A workbook over HTTP is as large as others can wait for; a table of text has all of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "#quantity/limits.ts";
import { here, webRig } from "./web-rig.ts";

const DAY_MS = 86_400_000;

test("more cells than a workbook may have are refused with their number, and are there as CSV", async (t) => {
  const rig = await webRig(t, {
    jem: "profiles: [{ minutes: 1, channels: [{ measure: { quantity: Wh }, km: 1 }] }]\n",
  });
  rig.clock.advance(5 * DAY_MS);
  const table = await rig.ask("/api/v1/meters/jem/profiles/1/csv?days=5", here);
  const lines = (await table.text()).trim().split(/\r?\n/);
  const cells = lines.length * lines[0]!.split(",").length;
  assert.ok(cells > limits.web.workbookCells, `${cells}`);
  const refused = await rig.ask("/api/v1/meters/jem/profiles/1/xlsx?days=5", here);
  const { detail } = (await refused.json()) as { detail: string };
  assert.deepEqual([refused.status, detail.includes(`would have ${cells}`)], [422, true], detail);
  assert.equal((await rig.ask("/api/v1/meters/jem/profiles/1/xlsx?days=0", here)).status, 200);
});
