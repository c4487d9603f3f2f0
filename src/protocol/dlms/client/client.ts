/** A client of one logical device (Green Book 9.3): associates, and asks for what there is. */
import { encodeAcse } from "#protocol/dlms/apdu/acse.ts";
import type { ActionAnswer, AttributeReference, GetResult, MethodReference } from "#protocol/dlms/apdu/apdu.ts";
import type { ApduCarrier } from "#protocol/dlms/apdu/conversation.ts";
import type { AccessResult } from "#protocol/dlms/cosem/object.ts";
import type { Service } from "#protocol/dlms/cosem/logical-device.ts";
import { nullData, octets, type Data } from "#protocol/dlms/data/data.ts";
import type { Clock } from "#clock/clock.ts";
import { act, actList } from "./action.ts";
import { openAssociation, proposed, type Agreed } from "./association.ts";
import type { Authentication } from "./authentication.ts";
import { Exchange } from "./exchange.ts";
import { DlmsError, resultText } from "./failing.ts";
import { get, getList, stream, type Streamed } from "./get.ts";
import type { Asks } from "./objects.ts";
import { set, setList } from "./set.ts";

export interface ClientOptions {
  readonly authentication: Authentication;
  /** What it proposes; all that it can use unless said. */
  readonly conformance?: ReadonlySet<Service> | undefined;
  /** The longest message that it takes; as long as there can be unless said. */
  readonly maxPdu?: number | undefined;
  /** So often what does no harm twice is asked again; twice unless said. */
  readonly retries?: number | undefined;
}

/** Bits of Invoke-Id-And-Priority: confirmed. */
const CONFIRMED = 0x40;
const RETRIES = 2;
const LONGEST_PDU = 0xffff;
/** Attributes in one request, where a meter takes lists: their answer is short beside what a block has. */
const IN_A_LIST = 10;
/** So many attributes in a row may have no answer that makes sense. */
const MOST_UNSAID = 3;
/** How long a meter that does not answer a release is waited for, milliseconds. */
const RELEASE_MS = 500;

/** The object of the association that asks. */
const OWN_ASSOCIATION = { classId: 15, logicalName: "0.0.40.0.0.255" } as const;
const REPLY_TO_HLS = 1;

export class DlmsClient implements Asks {
  readonly agreed: Agreed;
  readonly #carrier: ApduCarrier;
  readonly #exchange: Exchange;
  /** Attributes in a row that were answered with what is no value. */
  #unsaid = 0;

  private constructor(carrier: ApduCarrier, agreed: Agreed, { authentication, retries = RETRIES }: ClientOptions) {
    this.agreed = agreed;
    this.#carrier = carrier;
    this.#exchange = new Exchange(carrier, {
      guard: authentication.guard,
      retries,
      priority: CONFIRMED,
      longest: shortest(agreed.maxPdu === 0 ? undefined : agreed.maxPdu, carrier.longest),
    });
  }

  /** On a carrier that is open. Throws DlmsError where the meter refuses; rejects as the carrier does. */
  static async associate(carrier: ApduCarrier, options: ClientOptions): Promise<DlmsClient> {
    const { authentication, conformance = proposed, maxPdu = LONGEST_PDU } = options;
    const agreed = await openAssociation(carrier, authentication, { conformance, maxPdu });
    const client = new DlmsClient(carrier, agreed, options);
    if (authentication.proof !== undefined) await client.#prove(authentication.proof);
    return client;
  }

  /** Passes 3 and 4 of high-level security (Green Book 9.2.7.4): each side shows that it has the secret. */
  async #prove(proof: NonNullable<Authentication["proof"]>): Promise<void> {
    const { challenge } = this.agreed;
    if (challenge === undefined) throw new DlmsError("the meter gave no challenge to answer", "nonsense");
    const reply = await this.act({ ...OWN_ASSOCIATION, method: REPLY_TO_HLS }, octets(proof.answer(challenge)));
    if (reply.result !== "success")
      throw new DlmsError(
        `the meter refused the answer to its challenge: ${resultText(reply.result)}; is it another key or secret?`,
        "rejected",
      );
    const answer = reply.returned;
    if (
      answer === undefined ||
      "denied" in answer ||
      answer.data.type !== "octet-string" ||
      !proof.isRight(answer.data.value)
    )
      throw new DlmsError(
        "the meter does not know the secret itself: what answers is not the meter, or has other keys",
        "impostor",
      );
  }

  /** Whether the meter agreed to a service. */
  has(service: Service): boolean {
    return this.agreed.conformance.has(service);
  }

  get(attribute: AttributeReference): Promise<GetResult> {
    return get(this.#exchange, attribute);
  }

  /** In their order; in as few requests as the meter takes. */
  async getAll(
    attributes: readonly AttributeReference[],
    progress: (done: number) => void = () => {},
  ): Promise<readonly GetResult[]> {
    const most = this.has("multiple-references") ? IN_A_LIST : 1;
    const found: GetResult[] = [];
    for (let at = 0; at < attributes.length; at += most) {
      found.push(...(await this.#some(attributes.slice(at, at + most))));
      progress(found.length);
    }
    return found;
  }

  /** One by one where the list is too long for the meter, or it does not answer it as one. */
  async #some(attributes: readonly AttributeReference[]): Promise<readonly GetResult[]> {
    const list = { apdu: "get-request-with-list", invoke: 0, attributes } as const;
    if (attributes.length > 1 && this.#exchange.fits(list)) {
      try {
        return await getList(this.#exchange, attributes);
      } catch (error) {
        if (!(error instanceof DlmsError)) throw error;
      }
    }
    const found: GetResult[] = [];
    for (const attribute of attributes) found.push(await this.#oneOf(attribute));
    return found;
  }

  /** One attribute that a meter cannot say hides no other; a meter that can say none, one after the other, is given up. */
  async #oneOf(attribute: AttributeReference): Promise<GetResult> {
    try {
      const found = await this.get(attribute);
      this.#unsaid = 0;
      return found;
    } catch (error) {
      if (!(error instanceof DlmsError) || !error.goesOn || ++this.#unsaid > MOST_UNSAID) throw error;
      return { denied: "other-reason" };
    }
  }

  stream(attribute: AttributeReference): AsyncGenerator<Streamed, void> {
    return stream(this.#exchange, attribute);
  }

  set(attribute: AttributeReference, value: Data): Promise<AccessResult> {
    return set(this.#exchange, attribute, value);
  }

  /** In one request, where the meter agreed to lists; else one after the other. */
  async setAll(attributes: readonly AttributeReference[], values: readonly Data[]): Promise<readonly AccessResult[]> {
    if (this.has("multiple-references")) return setList(this.#exchange, attributes, values);
    const results: AccessResult[] = [];
    for (const [k, attribute] of attributes.entries()) results.push(await this.set(attribute, values[k] ?? nullData));
    return results;
  }

  /** The same of methods; what none has is null-data. */
  async actAll(methods: readonly MethodReference[], parameters: readonly Data[]): Promise<readonly ActionAnswer[]> {
    if (this.has("multiple-references")) return actList(this.#exchange, methods, parameters);
    const answers: ActionAnswer[] = [];
    for (const [k, method] of methods.entries()) answers.push(await this.act(method, parameters[k]));
    return answers;
  }

  act(method: MethodReference, parameters?: Data): Promise<ActionAnswer> {
    return act(this.#exchange, method, parameters);
  }

  /** Leaves; some meters never answer that, and are not waited for long. What is ciphered is left by ending the carrier. */
  async release(clock: Clock): Promise<void> {
    const asked = this.#carrier.ask(encodeAcse({ apdu: "rlrq", reason: 0 })).then(
      () => {},
      () => {},
    );
    await Promise.race([asked, new Promise<void>((resolve) => clock.after(RELEASE_MS, resolve))]);
  }
}

function shortest(...lengths: readonly (number | undefined)[]): number | undefined {
  const known = lengths.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
