/** The model that the exchanges in ../shared/vectors/mms-*.txt were had with: ../shared/data/jemstar-draft.cid. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import { leavesOf } from "#protocol/iec61850/model/references.ts";
import { hasErrors } from "#protocol/iec61850/scl/problems.ts";
import { readScl } from "#protocol/iec61850/scl/read.ts";

const file = new URL("../../shared/data/jemstar-draft.cid", import.meta.url);

/** Why tests that need it are skipped; false where it is there. */
export const skipDraft = existsSync(file) ? false : "../shared is not here";

/** Settings and descriptions of it can be written, as they could in the exchanges: the file does not say so. */
export function draftIed(): Ied {
  const { ieds, problems } = readScl(readFileSync(file));
  assert.equal(hasErrors(problems), false);
  const [found] = ieds;
  assert.ok(found !== undefined);
  for (const { leaf } of leavesOf(found.ied))
    if (leaf.fc === "CF" || leaf.fc === "DC") Object.assign(leaf, { writable: true });
  return found.ied;
}
