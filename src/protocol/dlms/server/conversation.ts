/** One client and one logical device: APDUs in, answers out, and the association that may be between them (Green Book 9.4.1). */
import { WireError } from "#wire/cursor.ts";
import { isRefused, type Peer, type Session } from "#quantity/authority.ts";
import { decodeAcse, encodeAcse } from "#protocol/dlms/apdu/acse.ts";
import { apduTags } from "#protocol/dlms/apdu/apdu-tags.ts";
import type { Addresses, Carrying, Conversation } from "#protocol/dlms/apdu/conversation.ts";
import { decodeXdlms, encodeXdlms } from "#protocol/dlms/apdu/xdlms.ts";
import { octets } from "#protocol/dlms/data/data.ts";
import type { DlmsClient, DlmsHost, LogicalDevice } from "#protocol/dlms/cosem/logical-device.ts";
import { isCiphered } from "#protocol/dlms/security/ciphered-apdu.ts";
import type { HighLevel } from "#protocol/dlms/security/high-level.ts";
import { isRefusedApdu } from "#protocol/dlms/security/unprotect.ts";
import { answerTo } from "./acceptance.ts";
import type { Association } from "./association.ts";
import { isProof, replyOf, serverProof, type Reply } from "./authentication.ts";
import { openedInformation, openedRequest, overheadOf, protectedAnswer, refusalOf, styleOfAnswer } from "./guard.ts";
import { Directory } from "./directory.ts";
import { GeneralBlocks, goesInBlocks, isGeneralBlock, MOST_IN_BLOCKS } from "./general-blocks.ts";
import { associationObjects } from "./made-objects.ts";
import {
  aareOf,
  isRejection,
  LEAST_PDU,
  rejected,
  rejectedByProvider,
  rejectionOf,
  type Rejection,
} from "./negotiation.ts";
import { openingOf, type Opening } from "./opening.ts";
import { notAgreed, notAssociated, tooLong, unknownService, unreadable } from "./refusal.ts";
import { Services } from "./services.ts";

/** Who sits at a port's one association. */
export interface Seat {
  readonly addresses: Addresses;
  readonly carrying: Carrying;
}

/** What a conversation has of its port. */
export interface SeatedPort {
  isFree(seat: Seat): boolean;
  take(seat: Seat): void;
  leave(seat: Seat): void;
  peerOf(carrying: Carrying): Peer;
  challenge(mechanism: HighLevel): Uint8Array;
  directoryOf(device: LogicalDevice): Directory;
}

export interface Conversed extends Seat {
  readonly port: SeatedPort;
  readonly host: DlmsHost;
}

type Answer = Uint8Array | undefined;

/** reason "normal". */
const NORMAL = 0;
/** What ACTION says of an answer to a challenge that is none. */
const NOT_PROVEN = { result: "other-reason" } as const;

/** What a client may ask where it is associated. */
const requestTags: ReadonlySet<number | undefined> = new Set([
  apduTags["get-request"],
  apduTags["set-request"],
  apduTags["action-request"],
  apduTags["access-request"],
]);

interface Associated {
  readonly association: Association;
  readonly services: Services;
  readonly blocks: GeneralBlocks;
  /** Of the meter's configuration in which it was opened. */
  readonly epoch: number;
  /** No longer waits for its session to end. */
  forget: () => void;
}

interface Partners {
  readonly device: LogicalDevice;
  readonly client: DlmsClient;
}

export class ServerConversation implements Conversation {
  readonly addresses: Addresses;
  readonly carrying: Carrying;
  readonly #port: SeatedPort;
  readonly #host: DlmsHost;
  #associated: Associated | undefined;
  #ended = false;

  constructor({ port, host, addresses, carrying }: Conversed) {
    this.#port = port;
    this.#host = host;
    this.addresses = addresses;
    this.carrying = carrying;
  }

  /** There is such a device, it has such a client, and nobody else has the port. */
  get isPossible(): boolean {
    return this.#partners !== undefined && this.#port.isFree(this);
  }

  get associated(): boolean {
    const current = this.#current;
    return current !== undefined && current.association.challenges === undefined;
  }

  get #partners(): Partners | undefined {
    const device = this.#host.logicalDevices.find((one) => one.sap === this.addresses.server);
    const client = device?.clients.find((one) => one.sap === this.addresses.client);
    return device && client && { device, client };
  }

  /** An association does not outlive the configuration in which it was opened. */
  get #current(): Associated | undefined {
    if (this.#associated !== undefined && this.#associated.epoch !== this.#host.epoch) this.#drop();
    return this.#associated;
  }

  request(apdu: Uint8Array): Answer | Promise<Answer> {
    if (this.#ended || apdu.length === 0 || !this.#host.answers() || !this.isPossible) return undefined;
    try {
      return this.#answer(apdu);
    } catch (error) {
      if (error instanceof WireError) return unreadable();
      throw error;
    }
  }

  end(): void {
    this.#ended = true;
    this.#drop();
  }

  #answer(apdu: Uint8Array): Answer | Promise<Answer> {
    const [tag] = apdu;
    if (tag === apduTags.aarq) return this.#associate(apdu);
    const current = this.#current;
    const isKnown = requestTags.has(tag) || isCiphered(apdu) || isGeneralBlock(apdu);
    if (current === undefined) return isKnown || tag === apduTags.rlrq ? notAssociated() : unknownService();
    if (tag === apduTags.rlrq) return this.#release(apdu, current);
    if (apdu.length > current.association.maxReceive) return tooLong();
    if (isGeneralBlock(apdu)) return this.#serveBlock(apdu, current);
    current.blocks.abort();
    return isKnown ? this.#serve(apdu, current) : unknownService();
  }

  #serveBlock(apdu: Uint8Array, current: Associated): Answer | Promise<Answer> {
    const { association, blocks } = current;
    if (!association.conformance.has("general-block-transfer")) return notAgreed();
    const block = decodeXdlms(apdu);
    if (block.apdu !== "general-block-transfer") return unknownService();
    const taken = blocks.take(block);
    return taken !== undefined && "request" in taken ? this.#serve(taken.request, current, true) : taken;
  }

  /** `inBlocks`: it came in pieces, and so does its answer. */
  #serve(apdu: Uint8Array, current: Associated, inBlocks = false): Answer | Promise<Answer> {
    const { association, blocks } = current;
    const opened = openedRequest(apdu, association);
    if (opened instanceof Uint8Array) return opened;
    const style = styleOfAnswer(opened, association);
    const longest = inBlocks || goesInBlocks(opened.apdu, association) ? MOST_IN_BLOCKS : association.maxSend;
    const most = longest - overheadOf(style);
    // Nothing that is protected so fits into what the client takes.
    if (most < LEAST_PDU) return tooLong();
    const answer = this.#serveOpened(opened.apdu, current, most);
    const guard = (plain: Answer): Answer => {
      const made = plain && protectedAnswer(plain, style, association);
      return made && (inBlocks || made.length > association.maxSend) ? blocks.begin(made, association.maxSend) : made;
    };
    return answer instanceof Promise ? answer.then(guard) : guard(answer);
  }

  #serveOpened(apdu: Uint8Array, current: Associated, most: number): Answer | Promise<Answer> {
    if (!requestTags.has(apdu[0])) return unknownService();
    if (apdu[0] === apduTags["access-request"]) {
      if (current.association.challenges !== undefined) return notAssociated();
      return current.services.answerAccess(apdu, most);
    }
    const request = decodeXdlms(apdu);
    if (current.association.challenges === undefined) return current.services.answer(request, most);
    const reply = replyOf(request, current.association);
    return reply === undefined ? notAssociated() : this.#authenticate(reply, current);
  }

  #release(apdu: Uint8Array, { association }: Associated): Uint8Array {
    const rlrq = decodeAcse(apdu);
    const information = "information" in rlrq ? rlrq.information : undefined;
    // Whoever protects his release proves that it is his; many do not.
    const opened = information && openedInformation(information, association);
    if (opened && isRefusedApdu(opened)) return refusalOf(opened);
    this.#drop();
    return encodeAcse({ apdu: "rlre", reason: NORMAL });
  }

  /** Whatever was associated before is no more. */
  #associate(apdu: Uint8Array): Answer | Promise<Answer> {
    this.#drop();
    const partners = this.#partners;
    if (partners === undefined) return undefined;
    let opening: Opening | Rejection;
    try {
      const aarq = decodeAcse(apdu);
      if (aarq.apdu !== "aarq") return unknownService();
      const { longest } = this.carrying;
      const challenge = (mechanism: HighLevel): Uint8Array => this.#port.challenge(mechanism);
      opening = openingOf(aarq, { host: this.#host, ...partners, longest, challenge });
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      opening = rejectedByProvider();
    }
    if (!isRejection(opening)) return this.#identify(opening, partners);
    return opening.isGuess ? this.#guessed(opening, partners) : aareOf("LN", opening);
  }

  /** A wrong key counts as a wrong password does: it is logged, and who goes on is locked out. */
  async #guessed(rejection: Rejection, { client }: Partners): Promise<Answer> {
    this.#port.take(this);
    const looked = client.admitKey("high-gmac", () => false, this.#port.peerOf(this.carrying));
    const refused = await looked.finally(() => this.#port.leave(this));
    if (this.#ended) return undefined;
    return aareOf("LN", isRefused(refused) ? rejectionOf(refused.refused) : rejection);
  }

  #identify(opening: Opening, partners: Partners): Answer | Promise<Answer> {
    const { client } = partners;
    const peer = this.#port.peerOf(this.carrying);
    if (opening.mechanism !== "low") return this.#accept(opening, partners, client.open(peer));
    const { value, context } = opening;
    if (value === undefined) return aareOf(context, rejected("authentication-failure"));
    // The place is kept while the password is looked at.
    this.#port.take(this);
    const { epoch } = this.#host;
    const looked = client.admitPassword(value, peer).finally(() => this.#port.leave(this));
    return looked.then((admitted) => {
      const isVoid = this.#ended || epoch !== this.#host.epoch;
      if (isRefused(admitted)) return isVoid ? undefined : aareOf(context, rejectionOf(admitted.refused));
      if (!isVoid) return this.#accept(opening, partners, admitted);
      // The client has gone meanwhile, or what it asked for is no more.
      this.#host.leave(admitted);
      return undefined;
    });
  }

  #accept(opening: Opening, { device, client }: Partners, session: Session): Answer {
    const { context, mechanism, conformance, maxSend, initiate, challenges, protection } = opening;
    const { settings, epoch } = this.#host;
    const own = associationObjects(this.#host, device, client, () => this.#associated?.association);
    const association: Association = {
      device,
      client,
      context,
      mechanism,
      conformance,
      maxSend,
      maxReceive: Math.min(settings.maxPdu, this.carrying.longest ?? settings.maxPdu),
      qualityOfService: initiate.qualityOfService,
      protection,
      directory: new Directory(own, this.#port.directoryOf(device)),
      challenges,
      session,
    };
    const associated = {
      association,
      services: new Services(association),
      blocks: new GeneralBlocks(),
      epoch,
      forget: () => {},
    };
    this.#associated = associated;
    this.#port.take(this);
    this.#watch(associated);
    const { isOpen, aare } = answerTo(opening, association);
    if (!isOpen) this.#drop();
    return initiate.responseAllowed ? aare : undefined;
  }

  /** Pass 3; what is answered is pass 4. Who does not have the secret is out, and has to begin again. */
  #authenticate({ invoke, proof }: Reply, current: Associated): Answer | Promise<Answer> {
    const { association } = current;
    const { client, challenges } = association;
    if (challenges === undefined) return undefined;
    const peer = this.#port.peerOf(this.carrying);
    // Copied: it is looked at later, and what it came in is the carrier's.
    const shown = Uint8Array.from(proof);
    const check = (secret: Uint8Array): boolean => isProof(association, challenges, shown, secret);
    return client.admitKey(challenges.mechanism, check, peer).then((admitted) => {
      const ours = isRefused(admitted) ? undefined : serverProof(association, challenges);
      const isGone = this.#current !== current;
      if (isGone || isRefused(admitted) || ours === undefined) {
        if (!isRefused(admitted)) this.#host.leave(admitted);
        if (!isGone) this.#drop();
        return isGone ? undefined : encodeXdlms({ apdu: "action-response-normal", invoke, answer: NOT_PROVEN });
      }
      this.#become(current, admitted);
      const returned = { data: octets(ours) };
      return encodeXdlms({ apdu: "action-response-normal", invoke, answer: { result: "success", returned } });
    });
  }

  /** Who asks is known now: what he may do is what that session may. */
  #become(current: Associated, session: Session): void {
    current.forget();
    this.#host.leave(current.association.session);
    current.association.session = session;
    current.association.challenges = undefined;
    this.#watch(current);
  }

  /** The association ends with the session that it has. */
  #watch(associated: Associated): void {
    associated.forget = this.#host.whenOver(associated.association.session, () => {
      if (this.#associated === associated) this.#drop();
    });
  }

  #drop(): void {
    const dropped = this.#associated;
    if (dropped === undefined) return;
    this.#associated = undefined;
    this.#port.leave(this);
    dropped.forget();
    this.#host.leave(dropped.association.session);
  }
}
