/**
 * Interface class 64, Security setup, version 1 (Blue Book 4.4.7), and the invocation counter beside it (IC 1, 0.0.43.1.x.255): what is
 * asked of a client's messages, under which suite and titles, and how its keys are set.
 */
import { unwrapKey } from "#io/ciphers.ts";
import type { Session } from "#quantity/authority.ts";
import { dataObject, readAttribute } from "#protocol/dlms/cosem/data.ts";
import type { ClientSecurity, SecretKey } from "#protocol/dlms/cosem/logical-device.ts";
import type { ActionResult, Asker, CosemObject, Method } from "#protocol/dlms/cosem/object.ts";
import { membersOf } from "#protocol/dlms/cosem/read-data.ts";
import { array, doubleLongUnsigned, enumerated, octets, structure, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { makeKeyPair } from "#io/curves.ts";
import { certificateRequest } from "./certificate-request.ts";
import { agreedKey, ephemeralOf, makeEphemeral } from "./key-agreement.ts";
import { mayFollow, policyOf } from "./policy.ts";
import { resultOf } from "./refused-result.ts";
import { certificateMethods, certificatesOf } from "./security-certificates.ts";
import { suites } from "./suite.ts";

export interface SecuritySetup {
  readonly logicalName: LogicalName;
  readonly security: ClientSecurity;
  readonly serverTitle: Uint8Array;
  /** Of the client whose security it is, where he has said it; undefined otherwise. */
  readonly clientTitle: () => Uint8Array | undefined;
  /** Whether somebody may set keys here, as far as his association goes; the meter is asked besides. */
  readonly mayInvoke: (asker: Asker) => boolean;
}

/** Names by the number of the setup, from 0. */
export const securitySetupName = (index: number): LogicalName => `0.0.43.0.${index}.255`;
export const invocationCounterName = (index: number): LogicalName => `0.0.43.1.${index}.255`;

/** key_id: which key is transferred or agreed on. */
const keyIds = ["encryption", "broadcast", "authentication", "master"] as const satisfies readonly SecretKey[];

interface NewKey {
  readonly id: number;
  readonly key: SecretKey;
  readonly value: Uint8Array;
}

type Invoked = ReturnType<Method["invoke"]>;

/** The highest counter that has come from the client: what it sends next has to be higher. */
export function invocationCounter(logicalName: LogicalName, security: ClientSecurity): CosemObject {
  return dataObject(logicalName, { value: () => doubleLongUnsigned(security.received) });
}

export function securitySetup(setup: SecuritySetup): CosemObject {
  const { logicalName, security, serverTitle, clientTitle, mayInvoke } = setup;
  const { curve } = suites[security.suite];
  const methods: Method[] = [
    { id: 2, name: "key_transfer", access: mayInvoke, invoke: (asker, data) => transfer(setup, asker, data) },
  ];
  if (security.setPolicy !== undefined)
    methods.unshift({
      id: 1,
      name: "security_activate",
      access: mayInvoke,
      invoke: (asker, data) => activate(security, asker, data),
    });
  if (curve !== undefined)
    methods.push(
      { id: 3, name: "key_agreement", access: mayInvoke, invoke: (asker, data) => agree(setup, asker, data) },
      { id: 4, name: "generate_key_pair", access: mayInvoke, invoke: (asker, data) => generate(security, asker, data) },
      { id: 5, name: "generate_certificate_request", access: mayInvoke, invoke: (_, data) => request(setup, data) },
      ...certificateMethods(setup, mayInvoke),
    );
  return {
    classId: 64,
    version: 1,
    logicalName,
    attributes: [
      readAttribute(2, "security_policy", () => enumerated(security.policy)),
      readAttribute(3, "security_suite", () => enumerated(security.suite)),
      readAttribute(4, "client_system_title", () => octets(clientTitle() ?? new Uint8Array(0))),
      readAttribute(5, "server_system_title", () => octets(serverTitle)),
      readAttribute(6, "certificates", () => certificatesOf(setup)),
    ],
    methods,
  };
}

function activate(security: ClientSecurity, { session }: Asker, data: Data): ActionResult {
  if (data.type !== "enum") return "type-unmatched";
  if (!mayFollow(data.value, security.policy)) return "other-reason";
  const { request, response } = policyOf(data.value);
  // Nobody could ever meet it.
  if ((request.signed || response.signed) && suites[security.suite].curve === undefined) return "other-reason";
  return resultOf(security.setPolicy?.(data.value, session));
}

/** Members of an array of {key_id, octet-string}, each key once; undefined of anything else. */
function keysIn(data: Data): readonly NewKey[] | undefined {
  if (data.type !== "array" || data.value.length === 0) return undefined;
  const found = new Map<number, NewKey>();
  for (const one of data.value) {
    const [id, value] = membersOf(one, 2) ?? [];
    const key = id?.type === "enum" ? keyIds[id.value] : undefined;
    if (id?.type !== "enum" || key === undefined || value?.type !== "octet-string" || found.has(id.value))
      return undefined;
    found.set(id.value, { id: id.value, key, value: value.value });
  }
  return [...found.values()];
}

/** All or none, as far as the keys themselves go: what bars one of them bars all, and is asked with the first. */
function setAll(keys: readonly NewKey[], security: ClientSecurity, session: Session): ActionResult {
  const { keyLength } = suites[security.suite];
  if (keys.some(({ value }) => value.length !== keyLength)) return "other-reason";
  for (const { key, value } of keys) {
    const refused = security.setKey(key, value, session);
    if (refused !== undefined) return resultOf(refused);
  }
  return "success";
}

/** Keys under the master key (AES key wrap). */
function transfer({ security }: SecuritySetup, { session }: Asker, data: Data): ActionResult {
  const wrapped = keysIn(data);
  if (wrapped === undefined) return "type-unmatched";
  const { master } = security;
  if (master === undefined) return "object-unavailable";
  const keys: NewKey[] = [];
  for (const one of wrapped) {
    const value = unwrapKey(one.value, master);
    if (value === undefined) return "other-reason";
    keys.push({ ...one, value });
  }
  return setAll(keys, security, session);
}

/** Ephemeral Unified Model C(2e, 0s): each side sends an ephemeral key, signed with the number of the key that comes of both. */
function agree({ security, clientTitle, serverTitle }: SecuritySetup, { session }: Asker, data: Data): Invoked {
  const offered = keysIn(data);
  if (offered === undefined) return "type-unmatched";
  const { suite, signing, clientSigning } = security;
  const { curve } = suites[suite];
  const originator = clientTitle();
  if (curve === undefined || signing === undefined || clientSigning === undefined || originator === undefined)
    return "object-unavailable";
  const keys: NewKey[] = [];
  const answers: Data[] = [];
  for (const { id, key, value } of offered) {
    const mark = Uint8Array.of(id);
    const publicKey = ephemeralOf(curve, value, { publicKey: clientSigning, mark });
    const own = makeEphemeral(curve, signing, mark);
    if (publicKey === undefined || own === undefined) return "other-reason";
    const parties = { originator, recipient: serverTitle };
    const agreed = agreedKey(suite, { privateKey: own.privateKey, publicKey }, parties);
    if (agreed === undefined) return "other-reason";
    keys.push({ id, key, value: agreed });
    answers.push(structure(enumerated(id), octets(own.data)));
  }
  const result = setAll(keys, security, session);
  return result === "success" ? { result, data: array(answers) } : result;
}

/** Key pairs that a server has: for signatures, for key agreement; it has none for TLS. */
const pairs = ["signing", "agreement"] as const satisfies readonly SecretKey[];

function pairNamed(data: Data): (typeof pairs)[number] | undefined {
  return data.type === "enum" ? pairs[data.value] : undefined;
}

/** The public key of the new pair is told by a certificate request. */
function generate(security: ClientSecurity, { session }: Asker, data: Data): ActionResult {
  const pair = pairNamed(data);
  const { curve } = suites[security.suite];
  if (pair === undefined || curve === undefined) return "type-unmatched";
  return resultOf(security.setKey(pair, makeKeyPair(curve).privateKey, session));
}

function request({ security, serverTitle }: SecuritySetup, data: Data): Invoked {
  const pair = pairNamed(data);
  const { curve } = suites[security.suite];
  if (pair === undefined || curve === undefined) return "type-unmatched";
  const privateKey = security[pair];
  const made = privateKey === undefined ? undefined : certificateRequest(curve, privateKey, serverTitle);
  return made === undefined ? "object-unavailable" : { result: "success", data: octets(made) };
}
