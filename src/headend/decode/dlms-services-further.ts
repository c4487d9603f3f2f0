/** Services that nothing else here speaks, field by field: ACCESS, and those of short names (Green Book 9.5). */
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import { readFlag, readOctets } from "#protocol/dlms/apdu/references.ts";
import type { Manner } from "#protocol/dlms/data/decode.ts";
import { WireError } from "#wire/cursor.ts";
import type { Walk } from "./annotated.ts";
import { octetsText, walkData } from "./dlms-data.ts";
import {
  raw,
  u16,
  u32,
  u8,
  walkAccessResult,
  walkActionResult,
  walkDescriptor,
  walkList,
  walkSelection,
  yesNo,
} from "./dlms-parts.ts";
import { longInvokeText } from "./dlms-words.ts";
import { hex } from "./hex-text.ts";

export type WalkService = readonly [name: string, walk: (walk: Walk, manner: Manner | undefined) => void];

/** Alternatives by their tags. */
type Choices = Readonly<
  Record<number, readonly [name: string, walk: (walk: Walk, manner: Manner | undefined) => void]>
>;

function walkChoice(walk: Walk, name: string, choices: Choices, manner: Manner | undefined): void {
  let chosen = "";
  walk.group(
    name,
    () => {
      const tag = walk.field("kind", u8, (one) => choices[one]?.[0] ?? "none that there is");
      const choice = choices[tag];
      if (choice === undefined) throw new WireError(`there is no alternative ${tag}`, walk.from.at - 1);
      chosen = choice[0];
      choice[1](walk, manner);
    },
    () => chosen,
  );
}

const shortName = (walk: Walk): void =>
  void walk.field("short name", u16, (name) => hex(Uint8Array.of(name >> 8, name & 0xff)));

function walkRawBlock(walk: Walk): void {
  walk.field("last block", readFlag, yesNo);
  walk.field("block number", u16);
  walk.field("raw data", readOctets, raw);
}

const accessedVariables: Choices = {
  2: ["variable-name", shortName],
  4: [
    "parameterized-access",
    (walk, manner) => {
      shortName(walk);
      walkSelection(walk, manner);
    },
  ],
  5: ["block-number-access", (walk) => void walk.field("block number", u16)],
  6: ["read-data-block-access", walkRawBlock],
  7: [
    "write-data-block-access",
    (walk) => {
      walk.field("last block", readFlag, yesNo);
      walk.field("block number", u16);
    },
  ],
};

const readResults: Choices = {
  0: ["data", (walk, manner) => walkData(walk, "data", manner)],
  1: ["data-access-error", (walk) => walkAccessResult(walk)],
  2: ["data-block-result", walkRawBlock],
  3: ["block-number", (walk) => void walk.field("block number", u16)],
};

const writeResults: Choices = {
  0: ["success", () => {}],
  1: ["data-access-error", (walk) => walkAccessResult(walk)],
  2: ["block-number", (walk) => void walk.field("block number", u16)],
};

const attribute = (walk: Walk): void => walkDescriptor(walk, "attribute");
const selectedAttribute = (walk: Walk, manner: Manner | undefined): void => {
  attribute(walk);
  walkSelection(walk, manner);
};

const accesses: Choices = {
  1: ["get", attribute],
  2: ["set", attribute],
  3: ["action", (walk) => walkDescriptor(walk, "method")],
  4: ["get-with-selection", selectedAttribute],
  5: ["set-with-selection", selectedAttribute],
};

const accessResults: Choices = {
  1: ["get", (walk) => walkAccessResult(walk)],
  2: ["set", (walk) => walkAccessResult(walk)],
  3: ["action", walkActionResult],
};

const listOf =
  (name: string, choices: Choices) =>
  (walk: Walk, manner: Manner | undefined): void =>
    walkList(walk, name, (place) => walkChoice(walk, place, choices, manner));
const variables = listOf("variables", accessedVariables);
const values = (walk: Walk, manner: Manner | undefined): void =>
  walkList(walk, "values", (place) => walkData(walk, place, manner));

function walkWrite(walk: Walk, manner: Manner | undefined): void {
  variables(walk, manner);
  values(walk, manner);
}

function walkAccessHead(walk: Walk): void {
  walk.field("long invoke", u32, longInvokeText);
  walk.field("date-time", readOctets, octetsText);
}

export const furtherServices: Readonly<Record<number, WalkService>> = {
  [apduTags["read-request"]]: ["read-request", variables],
  [apduTags["read-response"]]: ["read-response", listOf("results", readResults)],
  [apduTags["write-request"]]: ["write-request", walkWrite],
  [apduTags["write-response"]]: ["write-response", listOf("results", writeResults)],
  [apduTags["unconfirmed-write-request"]]: ["unconfirmed-write-request", walkWrite],
  [apduTags["information-report-request"]]: [
    "information-report-request",
    (walk, manner) => {
      if (walk.field("has time", readFlag, yesNo)) walk.field("time", readOctets, octetsText);
      walkWrite(walk, manner);
    },
  ],
  [apduTags["access-request"]]: [
    "access-request",
    (walk, manner) => {
      walkAccessHead(walk);
      listOf("accesses", accesses)(walk, manner);
      values(walk, manner);
    },
  ],
  [apduTags["access-response"]]: [
    "access-response",
    (walk, manner) => {
      walkAccessHead(walk);
      if (walk.field("repeats what was asked", readFlag, yesNo)) listOf("accesses", accesses)(walk, manner);
      values(walk, manner);
      listOf("results", accessResults)(walk, manner);
    },
  ],
};
