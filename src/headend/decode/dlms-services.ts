/** xDLMS APDUs, field by field (Green Book 9.5). What each field is read by is what decodes APDUs everywhere. */
import {
  exceptionServices,
  exceptionStates,
  initiateErrors,
  serviceErrorChoices,
  serviceErrorServices,
} from "#protocol/dlms/apdu/apdu.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import {
  readAccessResult,
  readActionResult,
  readChoice,
  readFlag,
  readOctets,
} from "#protocol/dlms/apdu/references.ts";
import type { Manner } from "#protocol/dlms/data/decode.ts";
import { WireError } from "#wire/cursor.ts";
import type { Walk } from "./annotated.ts";
import { octetsText, walkData } from "./dlms-data.ts";
import { raw, u16, u32, u8, walkAttribute, walkDescriptor, walkList, yesNo } from "./dlms-parts.ts";
import { furtherServices, type WalkService } from "./dlms-services-further.ts";
import { invokeText, longInvokeText } from "./dlms-words.ts";

/** What each kind of a service is made of, in order. */
type Part =
  | "attribute"
  | "plain-attribute"
  | "attributes"
  | "method"
  | "methods"
  | "data"
  | "values"
  | "parameters"
  | "block"
  | "block-number"
  | "result"
  | "results"
  | "get-result"
  | "get-results"
  | "get-block"
  | "answer"
  | "answers";
type Kinds = Readonly<Record<number, readonly [kind: string, ...parts: readonly Part[]]>>;

const services: Readonly<Record<number, readonly [name: string, kinds: Kinds]>> = {
  [apduTags["get-request"]]: [
    "get-request",
    { 1: ["normal", "attribute"], 2: ["next", "block-number"], 3: ["with-list", "attributes"] },
  ],
  [apduTags["get-response"]]: [
    "get-response",
    { 1: ["normal", "get-result"], 2: ["with-datablock", "get-block"], 3: ["with-list", "get-results"] },
  ],
  [apduTags["set-request"]]: [
    "set-request",
    {
      1: ["normal", "attribute", "data"],
      2: ["with-first-datablock", "attribute", "block"],
      3: ["with-datablock", "block"],
      4: ["with-list", "attributes", "values"],
      5: ["with-list-and-first-datablock", "attributes", "block"],
    },
  ],
  [apduTags["set-response"]]: [
    "set-response",
    {
      1: ["normal", "result"],
      2: ["datablock", "block-number"],
      3: ["last-datablock", "result", "block-number"],
      4: ["last-datablock-with-list", "results", "block-number"],
      5: ["with-list", "results"],
    },
  ],
  [apduTags["action-request"]]: [
    "action-request",
    {
      1: ["normal", "method", "parameters"],
      2: ["next-pblock", "block-number"],
      3: ["with-list", "methods", "values"],
      4: ["with-first-pblock", "method", "block"],
      5: ["with-list-and-first-pblock", "methods", "block"],
      6: ["with-pblock", "block"],
    },
  ],
  [apduTags["action-response"]]: [
    "action-response",
    {
      1: ["normal", "answer"],
      2: ["with-pblock", "block"],
      3: ["with-list", "answers"],
      4: ["next-pblock", "block-number"],
    },
  ],
};

function walkGetResult(walk: Walk, name: string, manner: Manner | undefined): void {
  if (
    walk.field(
      name,
      (from) => readChoice(from, "Get-Data-Result"),
      (one) => (one === 0 ? "data" : "data-access-result"),
    ) === 0
  )
    walkData(walk, "data", manner);
  else walk.field("data-access-result", readAccessResult);
}

/** What blocks are put together to that answer for a list (Green Book 9.3.10: a sequence of results). */
export function walkGetResults(walk: Walk, manner?: Manner): void {
  walkList(walk, "results", (k) => walk.group(k, () => walkGetResult(walk, "result", manner)));
}

function walkAnswer(walk: Walk, manner: Manner | undefined, mayEnd: boolean): void {
  walk.field("action-result", readActionResult);
  if (mayEnd && walk.from.left === 0) return walk.problem("returns", "missing, which is read as nothing");
  if (walk.field("returns", readFlag, (flag) => (flag ? "something" : "nothing")))
    walkGetResult(walk, "result", manner);
}

function walkBlock(walk: Walk): void {
  walk.field("last block", readFlag, yesNo);
  walk.field("block number", u32);
  walk.field("raw data", readOctets, raw);
}

function walkPart(walk: Walk, part: Part, manner: Manner | undefined): void {
  switch (part) {
    case "attribute":
      return walkAttribute(walk, manner);
    case "plain-attribute":
      return walkDescriptor(walk, "attribute");
    case "attributes":
      return walkList(walk, "attributes", (k) => walk.group(k, () => walkAttribute(walk, manner)));
    case "method":
      return walkDescriptor(walk, "method");
    case "methods":
      return walkList(walk, "methods", (k) => walk.group(k, () => walkDescriptor(walk, "method")));
    case "data":
      return walkData(walk, "data", manner);
    case "values":
      return walkList(walk, "values", (k) => walkData(walk, k, manner));
    case "parameters":
      if (walk.field("has parameters", readFlag, yesNo)) walkData(walk, "parameters", manner);
      return;
    case "block":
      return walkBlock(walk);
    case "block-number":
      walk.field("block number", u32);
      return;
    case "result":
      walk.field("data-access-result", readAccessResult);
      return;
    case "results":
      return walkList(walk, "results", (k) => void walk.field(k, readAccessResult));
    case "get-result":
      return walkGetResult(walk, "result", manner);
    case "get-results":
      return walkGetResults(walk, manner);
    case "get-block":
      walk.field("last block", readFlag, yesNo);
      walk.field("block number", u32);
      if (
        walk.field(
          "result",
          (from) => readChoice(from, "DataBlock-G"),
          (one) => (one === 0 ? "raw data" : "data-access-result"),
        ) === 0
      )
        walk.field("raw data", readOctets, raw);
      else walk.field("data-access-result", readAccessResult);
      return;
    case "answer":
      return walkAnswer(walk, manner, true);
    case "answers":
      return walkList(walk, "answers", (k) => walk.group(k, () => walkAnswer(walk, manner, false)));
  }
}

function wordOf(table: Readonly<Record<string, number>>, number: number): string {
  const word = Object.keys(table).find((one) => table[one] === number);
  return word === undefined ? String(number) : `${number}, ${word}`;
}

/** What is neither GET, SET nor ACTION. */
const others: Readonly<Record<number, WalkService>> = {
  ...furtherServices,
  [apduTags["data-notification"]]: [
    "data-notification",
    (walk, manner) => {
      walk.field("long invoke", u32, longInvokeText);
      walk.field("date-time", readOctets, octetsText);
      walkData(walk, "body", manner);
    },
  ],
  [apduTags["event-notification-request"]]: [
    "event-notification-request",
    (walk, manner) => {
      if (walk.field("has time", readFlag, yesNo)) walk.field("time", readOctets, octetsText);
      walkPart(walk, "plain-attribute", manner);
      walkData(walk, "value", manner);
    },
  ],
  [apduTags["exception-response"]]: [
    "exception-response",
    (walk) => {
      walk.field("state-error", u8, (number) => wordOf(exceptionStates, number));
      const service = walk.field("service-error", u8, (number) => wordOf(exceptionServices, number));
      if (service === exceptionServices["invocation-counter-error"] && walk.from.left > 0) walk.field("counter", u32);
    },
  ],
  [apduTags["confirmed-service-error"]]: [
    "confirmed-service-error",
    (walk) => {
      walk.field("service", u8, (number) => wordOf(serviceErrorServices, number));
      const choice = walk.field("kind", u8, (number) => wordOf(serviceErrorChoices, number));
      walk.field("error", u8, (number) =>
        choice === serviceErrorChoices.initiate ? wordOf(initiateErrors, number) : String(number),
      );
    },
  ],
  [apduTags["general-block-transfer"]]: [
    "general-block-transfer",
    (walk) => {
      walk.field("control", u8, (control) =>
        [
          (control & 0x80) !== 0 ? "last block" : "more follow",
          ...((control & 0x40) !== 0 ? ["streaming"] : []),
          `window ${control & 0x3f}`,
        ].join(", "),
      );
      walk.field("block number", u16);
      walk.field("acknowledged", u16);
      walk.field("block", readOctets, raw);
    },
  ],
};

/** The name of what begins with the tag; undefined of what is none of these. */
export function serviceName(tag: number): string | undefined {
  return services[tag]?.[0] ?? others[tag]?.[0];
}

/** One xDLMS APDU. */
export function walkService(walk: Walk, manner?: Manner): void {
  const tag = walk.field("APDU", u8, (one) => serviceName(one) ?? "none that is known");
  const other = others[tag];
  if (other !== undefined) return other[1](walk, manner);
  const service = services[tag];
  if (service === undefined) throw new WireError("expected an xDLMS APDU", walk.from.at - 1);
  const [name, kinds] = service;
  const kind = walk.field("kind", u8, (one) => kinds[one]?.[0] ?? "none that there is");
  walk.field("invoke", u8, invokeText);
  const parts = kinds[kind];
  if (parts === undefined) throw new WireError(`there is no ${name} ${kind}`, walk.from.at - 2);
  for (const part of parts.slice(1) as readonly Part[]) walkPart(walk, part, manner);
}
