/** Random APDUs, for tests of what encodes and decodes them. */
import * as fc from "fast-check";
import { accessResults, actionResults, type AccessResult, type ActionResult } from "#protocol/dlms/cosem/object.ts";
import { conformanceBits, mechanisms, type Mechanism, type Service } from "#protocol/dlms/cosem/logical-device.ts";
import { anyData } from "#protocol/dlms/data/data-fixture.ts";
import {
  exceptionServices,
  exceptionStates,
  serviceErrorChoices,
  serviceErrorServices,
  type ActionAnswer,
  type AttributeReference,
  type Block,
  type ExceptionResponse,
  type GetResult,
  type InitiateError,
  type MethodReference,
  type Xdlms,
} from "./apdu.ts";
import { associateResults, contexts, type Acse, type AssociateResult, type Context } from "./association.ts";
import type { InitiateRequest, InitiateResponse } from "./association.ts";

const NORMAL = { noNullPrototype: true } as const;
const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffffffff);
const bytes = fc.uint8Array({ maxLength: 300 });
const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.array(one, { maxLength: 4 });
const wordOf = <Word extends string>(table: Readonly<Record<Word, number>>): fc.Arbitrary<Word> =>
  fc.constantFrom(...(Object.keys(table) as Word[]));

const logicalName = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((groups) => groups.join("."));
const plainAttribute: fc.Arbitrary<AttributeReference> = fc.record(
  { classId: u16, logicalName, attribute: u8 },
  NORMAL,
);
const selection = fc.record({ selector: u8, parameters: anyData }, NORMAL);
const attribute: fc.Arbitrary<AttributeReference> = fc.oneof(
  plainAttribute,
  fc.tuple(plainAttribute, selection).map(([one, selected]) => ({ ...one, selection: selected })),
);
const method: fc.Arbitrary<MethodReference> = fc.record({ classId: u16, logicalName, method: u8 }, NORMAL);
const block: fc.Arbitrary<Block> = fc.record({ last: fc.boolean(), number: u32, bytes }, NORMAL);
const accessResult: fc.Arbitrary<AccessResult> = wordOf(accessResults);
const actionResult: fc.Arbitrary<ActionResult> = wordOf(actionResults);
const denied = fc.record({ denied: accessResult }, NORMAL);
const getResult: fc.Arbitrary<GetResult> = fc.oneof(fc.record({ data: anyData }, NORMAL), denied);
const answer: fc.Arbitrary<ActionAnswer> = fc.record(
  { result: actionResult, returned: getResult },
  { requiredKeys: ["result"], ...NORMAL },
);
/** As many of one as of the other. */
const pairs = <A, B>(
  one: fc.Arbitrary<A>,
  other: fc.Arbitrary<B>,
): fc.Arbitrary<readonly [readonly A[], readonly B[]]> =>
  fc
    .array(fc.tuple(one, other), { maxLength: 4 })
    .map((list) => [list.map(([a]) => a), list.map(([, b]) => b)] as const);

type Kind = Xdlms["apdu"];
type Fields<K extends Kind> = {
  readonly [F in Exclude<keyof Extract<Xdlms, { apdu: K }>, "apdu">]-?: fc.Arbitrary<unknown>;
};

/** What each kind is made of, all fields of it. */
const fields: { readonly [K in Kind]: Fields<K> | fc.Arbitrary<object> } = {
  "get-request-normal": { invoke: u8, attribute },
  "get-request-next": { invoke: u8, block: u32 },
  "get-request-with-list": { invoke: u8, attributes: some(attribute) },
  "get-response-normal": { invoke: u8, result: getResult },
  "get-response-with-datablock": {
    invoke: u8,
    last: fc.boolean(),
    number: u32,
    result: fc.oneof(fc.record({ bytes }, NORMAL), denied),
  },
  "get-response-with-list": { invoke: u8, results: some(getResult) },
  "set-request-normal": { invoke: u8, attribute, value: anyData },
  "set-request-with-first-datablock": { invoke: u8, attribute, block },
  "set-request-with-datablock": { invoke: u8, block },
  "set-request-with-list": fc
    .tuple(u8, pairs(attribute, anyData))
    .map(([invoke, [attributes, values]]) => ({ invoke, attributes, values })),
  "set-request-with-list-and-first-datablock": { invoke: u8, attributes: some(attribute), block },
  "set-response-normal": { invoke: u8, result: accessResult },
  "set-response-datablock": { invoke: u8, block: u32 },
  "set-response-last-datablock": { invoke: u8, result: accessResult, block: u32 },
  "set-response-last-datablock-with-list": { invoke: u8, results: some(accessResult), block: u32 },
  "set-response-with-list": { invoke: u8, results: some(accessResult) },
  "action-request-normal": fc.record(
    { invoke: u8, method, parameters: anyData },
    { requiredKeys: ["invoke", "method"], ...NORMAL },
  ),
  "action-request-next-pblock": { invoke: u8, block: u32 },
  "action-request-with-list": fc
    .tuple(u8, pairs(method, anyData))
    .map(([invoke, [methods, parameters]]) => ({ invoke, methods, parameters })),
  "action-request-with-first-pblock": { invoke: u8, method, block },
  "action-request-with-list-and-first-pblock": { invoke: u8, methods: some(method), block },
  "action-request-with-pblock": { invoke: u8, block },
  "action-response-normal": { invoke: u8, answer },
  "action-response-with-pblock": { invoke: u8, block },
  "action-response-with-list": { invoke: u8, answers: some(answer) },
  "action-response-next-pblock": { invoke: u8, block: u32 },
  "exception-response": fc
    .record({ state: wordOf(exceptionStates), service: wordOf(exceptionServices), counter: u32 }, NORMAL)
    .map(({ counter, ...one }): Omit<ExceptionResponse, "apdu"> =>
      one.service === "invocation-counter-error" ? { ...one, counter } : one,
    ),
  "data-notification": {
    invoke: u32,
    dateTime: fc.constantFrom(0, 12).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    body: anyData,
  },
  "event-notification-request": fc.record(
    { time: bytes, attribute: plainAttribute, value: anyData },
    { requiredKeys: ["attribute", "value"], ...NORMAL },
  ),
  "general-block-transfer": {
    last: fc.boolean(),
    streaming: fc.boolean(),
    window: fc.nat(63),
    number: u16,
    acknowledged: u16,
    bytes,
  },
  "confirmed-service-error": fc
    .record({ service: wordOf(serviceErrorServices), choice: wordOf(serviceErrorChoices), error: u8 }, NORMAL)
    .map((one): Omit<InitiateError, "apdu"> => one),
};

/** A random APDU of each kind. */
export const xdlmsOfEveryKind: readonly (readonly [Kind, fc.Arbitrary<Xdlms>])[] = (
  Object.entries(fields) as [Kind, Record<string, fc.Arbitrary<unknown>> | fc.Arbitrary<object>][]
).map(([apdu, of]) => {
  const whole = of instanceof fc.Arbitrary ? of : fc.record(of as Record<string, fc.Arbitrary<unknown>>, NORMAL);
  return [apdu, whole.map((one) => ({ apdu, ...one }) as Xdlms)] as const;
});
export const anyXdlms: fc.Arbitrary<Xdlms> = fc.oneof(...xdlmsOfEveryKind.map(([, one]) => one));

const conformance = fc.subarray(Object.keys(conformanceBits) as Service[]).map((services) => new Set(services));
const i8 = fc.integer({ min: -128, max: 127 });

export const anyInitiateRequest: fc.Arbitrary<InitiateRequest> = fc.record(
  {
    dedicatedKey: fc.constantFrom(16, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    responseAllowed: fc.boolean(),
    qualityOfService: i8,
    version: u8,
    conformance,
    maxPdu: u16,
  },
  { requiredKeys: ["responseAllowed", "version", "conformance", "maxPdu"], ...NORMAL },
);
export const anyInitiateResponse: fc.Arbitrary<InitiateResponse> = fc.record(
  { qualityOfService: i8, version: u8, conformance, maxPdu: u16, vaaName: u16 },
  { requiredKeys: ["version", "conformance", "maxPdu", "vaaName"], ...NORMAL },
);

const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined });
const title = fc.uint8Array({ minLength: 8, maxLength: 8 });
const context: fc.Arbitrary<Context> = wordOf(contexts);
const mechanism: fc.Arbitrary<Mechanism> = wordOf(mechanisms);
const released = { reason: maybe(u8), information: maybe(bytes) };

export const anyAcse: fc.Arbitrary<Acse> = fc.oneof(
  fc.record(
    {
      apdu: fc.constant("aarq" as const),
      context,
      callingTitle: maybe(title),
      user: maybe(u8),
      callingCertificate: maybe(bytes),
      mechanism: maybe(mechanism),
      authenticates: fc.boolean(),
      value: maybe(fc.uint8Array({ maxLength: 64 })),
      information: bytes,
    },
    NORMAL,
  ),
  fc.record(
    {
      apdu: fc.constant("aare" as const),
      context,
      result: wordOf(associateResults) as fc.Arbitrary<AssociateResult>,
      diagnostic: fc.record({ by: fc.constantFrom("user" as const, "provider" as const), code: u8 }, NORMAL),
      respondingTitle: maybe(title),
      respondingCertificate: maybe(bytes),
      mechanism: maybe(mechanism),
      value: maybe(fc.uint8Array({ maxLength: 64 })),
      information: bytes,
    },
    NORMAL,
  ),
  fc.record({ apdu: fc.constant("rlrq" as const), ...released }, NORMAL),
  fc.record({ apdu: fc.constant("rlre" as const), ...released }, NORMAL),
);
