/**
 * An agent: a datagram comes, and an answer goes, or none (RFC 3412, 7.2; RFC 3414, 3.2). What is no message is counted and lost, as a community that
 * is nobody's is; of SNMPv3 a report says what is wrong.
 */
import { limits } from "#quantity/limits.ts";
import { isSame } from "#io/ciphers.ts";
import { WireError } from "#wire/cursor.ts";
import type { Value } from "./ber.ts";
import { noCounts, type SnmpCounts } from "./counts.ts";
import { engineTime, isInWindow, type SnmpEngine } from "./engine.ts";
import {
  communityBytes,
  Flag,
  readMessage,
  readScopedPdu,
  scopedBytes,
  USM,
  type CommunityMessage,
  type SecurityParameters,
  type UserMessage,
} from "./message.ts";
import { unknownContexts, usmStats } from "./names.ts";
import type { ObjectTree } from "./objects.ts";
import type { Oid } from "./oid.ts";
import { ErrorStatus, type Pdu } from "./pdu.ts";
import { decrypted, isAuthentic, protectedBytes, type Salts } from "./protection.ts";
import { refused, responseTo } from "./responder.ts";
import { SnmpUser, type UserKeys } from "./user.ts";
import { counter } from "./values.ts";

export interface AgentParts {
  readonly engine: SnmpEngine;
  readonly tree: (counts: SnmpCounts) => ObjectTree;
  /** Who says it may read; undefined where nobody may so. */
  readonly community: () => Uint8Array | undefined;
  readonly users: readonly SnmpUser[];
  readonly salts: Salts;
  /** Told of what is no message. */
  readonly misunderstood: () => void;
  /** Told of a request that somebody sent without being who he says. */
  readonly unauthentic: () => void;
}

/** What a report says: which count has grown, and by how it is protected. */
interface Wrong {
  readonly name: Oid;
  readonly value: Value;
  readonly authenticated?: { readonly user: SnmpUser; readonly keys: UserKeys };
}

type Outcome = { readonly answer: Uint8Array | undefined } | Wrong;

/** What stands around a PDU in a message of SNMPv3, at most: headers, ids and digests. */
const AROUND = 200;

const SILENCE: Outcome = { answer: undefined };

export class Agent {
  readonly counts = noCounts();
  readonly #parts: AgentParts;
  readonly #tree: ObjectTree;
  readonly #users: ReadonlyMap<string, SnmpUser>;

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.#tree = parts.tree(this.counts);
    this.#users = new Map(parts.users.map((user) => [user.name, user]));
  }

  /** `mayCommunity`: whether the peer may show a community. Undefined where there is no answer. */
  answer(bytes: Uint8Array, mayCommunity: boolean): Uint8Array | undefined {
    this.counts.inPackets++;
    if (bytes.length > limits.snmp.messageBytes) {
      this.counts.silentDrops++;
      return undefined;
    }
    try {
      const message = readMessage(bytes);
      if (message.version === "v2c") return this.#answerCommunity(message, mayCommunity);
      if (message.version === "v3") return this.#answerUser(bytes, message);
      this.counts.badVersions++;
      return undefined;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.counts.parseErrors++;
      this.#parts.misunderstood();
      return undefined;
    }
  }

  #answerCommunity({ community, pdu }: CommunityMessage, may: boolean): Uint8Array | undefined {
    const known = this.#parts.community();
    if (known === undefined || !may || !isSame(known, community)) {
      this.counts.badCommunityNames++;
      if (pdu.kind !== "response" && pdu.kind !== "report") this.#parts.unauthentic();
      return undefined;
    }
    const answer = responseTo(pdu, this.#tree, limits.snmp.messageBytes - AROUND);
    return answer && communityBytes(community, answer);
  }

  #answerUser(bytes: Uint8Array, message: UserMessage): Uint8Array | undefined {
    const { flags, model, security } = message;
    if (model !== USM || security === undefined) {
      this.counts.unknownSecurityModels++;
      return undefined;
    }
    if ((flags & Flag.priv) !== 0 && (flags & Flag.auth) === 0) {
      this.counts.invalidMessages++;
      return undefined;
    }
    const outcome = this.#examine(bytes, message, security);
    return "answer" in outcome ? outcome.answer : this.#report(message, outcome);
  }

  /** RFC 3414, 3.2, in its order. */
  #examine(bytes: Uint8Array, message: UserMessage, security: SecurityParameters): Outcome {
    const { engine } = this.#parts;
    const { counts } = this;
    const { flags } = message;
    if (!isSame(security.engineId, engine.id)) return statistic(4, ++counts.unknownEngineIds);
    const user = this.#users.get(new TextDecoder().decode(security.user));
    const keys = user?.keysAt(engine.id);
    if (user === undefined || keys === undefined) return statistic(3, ++counts.unknownUserNames);
    const isPrivate = (flags & Flag.priv) !== 0;
    if (isPrivate && keys.privacy === undefined) return statistic(1, ++counts.unsupportedSecurityLevels);
    if ((flags & Flag.auth) !== 0) {
      if (!isAuthentic(bytes, message, user, keys)) {
        this.#parts.unauthentic();
        return statistic(5, ++counts.wrongDigests);
      }
      if (!isInWindow(engine, security))
        return { ...statistic(2, ++counts.notInTimeWindows), authenticated: { user, keys } };
    }
    if ("scoped" in message.data) return this.#answerScoped(message, message.data.scoped, { user, keys });
    const scoped = isPrivate ? decrypted(message.data.encrypted, security, keys) : undefined;
    if (scoped === undefined) return statistic(6, ++counts.decryptionErrors);
    return this.#answerScoped(message, scoped, { user, keys });
  }

  #answerScoped(
    message: UserMessage,
    bytes: Uint8Array,
    whose: { readonly user: SnmpUser; readonly keys: UserKeys },
  ): Outcome {
    const { engine } = this.#parts;
    const isPrivate = (message.flags & Flag.priv) !== 0;
    if (isPrivate !== "encrypted" in message.data) {
      this.counts.decryptionErrors++;
      return SILENCE;
    }
    const { contextEngineId, contextName, pdu } = readScopedPdu(bytes);
    if (!isSame(contextEngineId, engine.id)) {
      this.counts.unknownPduHandlers++;
      return SILENCE;
    }
    if (contextName.length > 0)
      return { name: unknownContexts, value: counter(++this.counts.unknownContexts), authenticated: whose };
    const room = Math.min(message.maxSize, limits.snmp.messageBytes) - AROUND;
    const isEnough = (message.flags & Flag.auth) !== 0 && isPrivate === whose.user.settings.privacy;
    const answer = isEnough ? responseTo(pdu, this.#tree, room) : refusedAccess(pdu);
    if (answer === undefined) return SILENCE;
    return { answer: this.#protected(message, answer, message.flags & (Flag.auth | Flag.priv), whose) };
  }

  /** Only who can be reported to is: who sent a response or a trap cannot (RFC 3412, 6.4). */
  #report(message: UserMessage, { name, value, authenticated }: Wrong): Uint8Array | undefined {
    if ((message.flags & Flag.reportable) === 0) return undefined;
    const report: Pdu = {
      kind: "report",
      requestId: requestIdOf(message),
      errorStatus: 0,
      errorIndex: 0,
      variables: [{ name, value }],
    };
    return this.#protected(message, report, authenticated === undefined ? 0 : Flag.auth, authenticated);
  }

  #protected(
    { id }: UserMessage,
    pdu: Pdu,
    flags: number,
    whose: { readonly user: SnmpUser; readonly keys: UserKeys } | undefined,
  ): Uint8Array {
    const { engine, salts } = this.#parts;
    return protectedBytes(
      {
        id,
        maxSize: limits.snmp.messageBytes,
        flags,
        engineId: engine.id,
        boots: engine.boots,
        time: engineTime(engine),
        scoped: scopedBytes({ contextEngineId: engine.id, contextName: new Uint8Array(0), pdu }),
        user: whose?.user,
        keys: whose?.keys,
      },
      salts,
    );
  }
}

function statistic(number: number, count: number): Wrong {
  return { name: [...usmStats, number, 0], value: counter(count) };
}

/** Who does not protect his messages as he has to (RFC 3413, 3.2). */
function refusedAccess(pdu: Pdu): Pdu | undefined {
  const isRequest = pdu.kind === "get" || pdu.kind === "getNext" || pdu.kind === "getBulk" || pdu.kind === "set";
  return isRequest ? refused(pdu, ErrorStatus.authorizationError) : undefined;
}

/** That of the request where it can be read (RFC 3412, 7.1 (3)). */
function requestIdOf({ data }: UserMessage): number {
  if (!("scoped" in data)) return 0;
  try {
    return readScopedPdu(data.scoped).pdu.requestId;
  } catch (error) {
    if (error instanceof WireError) return 0;
    throw error;
  }
}
