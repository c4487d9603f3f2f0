/** Report control blocks of a server (IEC 61850-7-2, 17): which there are, how they stand, and how a client has one report to it. */
import type { Data, TypeDescription } from "#protocol/iec61850/mms/data.ts";
import { bitsWith, hasBit } from "#protocol/iec61850/mms/initiate.ts";
import { objectClasses } from "#protocol/iec61850/mms/name-list.ts";
import { namesOf } from "./browse.ts";
import type { MmsClient } from "./client.ts";
import { accessErrorText } from "#protocol/iec61850/mms/access-error-words.ts";
import { MmsError } from "./failing.ts";
import type { Reference } from "./references.ts";
import { readOne, typeOf, writeOne } from "./values.ts";

/** "JEM01MTR/LLN0$BR$brcbIO01". */
export interface ReportControlName {
  readonly domain: string;
  readonly node: string;
  readonly buffered: boolean;
  readonly name: string;
}

export function reportControlText({ domain, node, buffered, name }: ReportControlName): string {
  return `${domain}/${node}$${buffered ? "BR" : "RP"}$${name}`;
}

/** "JEM01MTR/LLN0$RP$urcb01", or "JEM01MTR/LLN0.urcb01", of which it is not known whether it is buffered; undefined of what is neither. */
export function parseReportControl(
  text: string,
): (Omit<ReportControlName, "buffered"> & { readonly buffered: boolean | undefined }) | undefined {
  const [, domain = "", node = "", fc, name = ""] =
    /^([^/$.[\]]+)\/([^/$.[\]]+)(?:\$(RP|BR)\$|\.)([^/$.[\]]+)(?:\[(?:RP|BR)\])?$/.exec(text) ?? [];
  const [, behind] = /\[(RP|BR)\]$/.exec(text) ?? [];
  if (name === "") return undefined;
  const which = fc ?? behind;
  return { domain, node, name, buffered: which === undefined ? undefined : which === "BR" };
}

/** All of a domain. */
export async function reportControlsOf(client: MmsClient, domain: string): Promise<readonly ReportControlName[]> {
  const names = await namesOf(client, { objectClass: objectClasses.namedVariable, scope: "domain", domain });
  return names.flatMap((item) => {
    const [, node = "", fc, name = ""] = /^([^$]+)\$(RP|BR)\$([^$]+)$/.exec(item) ?? [];
    return name === "" ? [] : [{ domain, node, buffered: fc === "BR", name }];
  });
}

/** Attributes of a report control block, by their names. */
export type ReportControlValues = ReadonlyMap<string, Data>;

export class ReportControlBlock {
  readonly name: ReportControlName;
  readonly #client: MmsClient;
  readonly #type: Extract<TypeDescription, { readonly kind: "structure" }>;

  private constructor(client: MmsClient, name: ReportControlName, type: TypeDescription) {
    if (type.kind !== "structure")
      throw new MmsError(`${reportControlText(name)} of ${client.peer} is no report control block`, "nonsense");
    this.#client = client;
    this.name = name;
    this.#type = type;
  }

  static async of(client: MmsClient, name: ReportControlName): Promise<ReportControlBlock> {
    return new ReportControlBlock(client, name, await typeOf(client, referenceOf(name)));
  }

  /** Whether it has an attribute: Owner and ResvTms not every edition has. */
  has(attribute: string): boolean {
    return this.#type.fields.some(({ name }) => name === attribute);
  }

  async values(): Promise<ReportControlValues> {
    const found = await readOne(this.#client, referenceOf(this.name));
    if (found.kind === "failure") throw this.#refused("is not read", found.error);
    if (found.kind !== "structure") throw new MmsError(`${reportControlText(this.name)} is no structure`, "nonsense");
    return new Map(
      this.#type.fields.flatMap(({ name }, k) => {
        const value = found.items[k];
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
  }

  /** Why it was not written (DataAccessError); undefined where it was. */
  tryWrite(attribute: string, value: Data): Promise<number | undefined> {
    return writeOne(this.#client, referenceOf(this.name, attribute), value);
  }

  /** Rejects with MmsError where it is refused. */
  async write(attribute: string, value: Data): Promise<void> {
    const error = await this.tryWrite(attribute, value);
    if (error !== undefined) throw this.#refused(`does not take ${attribute}`, error);
  }

  /**
   * Has it report to this client: reserves it, sets what is wanted of it, resumes behind an entry of a buffered one, and enables it. What
   * is not said stays as it is. Why the entry was refused where `orOldest` is wanted (DataAccessError); undefined where it was not.
   */
  async enable(wanted: WantedReports = {}): Promise<number | undefined> {
    const { dataSet, triggers, options, bufferMs, integrityMs, behind, purge = false } = wanted;
    await this.#reserve();
    if (this.name.buffered) await this.#identifyEntries();
    if (dataSet !== undefined) await this.write("DatSet", { kind: "visible", value: dataSet });
    if (triggers !== undefined)
      await this.write(
        "TrgOps",
        bitsData(
          6,
          triggers.map((one) => triggerBits[one]),
        ),
      );
    if (options !== undefined)
      await this.write(
        "OptFlds",
        bitsData(
          10,
          options.map((one) => optionBits[one]),
        ),
      );
    if (bufferMs !== undefined) await this.write("BufTm", { kind: "unsigned", value: bufferMs });
    if (integrityMs !== undefined) await this.write("IntgPd", { kind: "unsigned", value: integrityMs });
    if (purge) await this.write("PurgeBuf", { kind: "boolean", value: true });
    let refused: number | undefined;
    if (behind !== undefined) refused = await this.#goOn(behind, wanted.orOldest === true);
    const error = await this.tryWrite("RptEna", { kind: "boolean", value: true });
    if (error === undefined) return refused;
    throw this.#refused(error === UNAVAILABLE ? "is another client's" : "is not enabled", error);
  }

  /** Has reports say which entry they are, and whether some were lost; a server that does not let that be set stays as it is. */
  async #identifyEntries(): Promise<void> {
    const fields = await readOne(this.#client, referenceOf(this.name, "OptFlds"));
    if (fields.kind !== "bits") return;
    const had = (Object.keys(optionBits) as ReportOption[]).filter((one) => hasBit(fields, optionBits[one]));
    const all = new Set([...had, "overflow", "entryId"] as const);
    if (all.size > had.length)
      await this.tryWrite(
        "OptFlds",
        bitsData(
          10,
          [...all].map((one) => optionBits[one]),
        ),
      );
  }

  async #goOn(behind: Uint8Array, orOldest: boolean): Promise<number | undefined> {
    if (!orOldest) {
      await this.write("EntryID", { kind: "octets", value: behind });
      return undefined;
    }
    const refused = await this.tryWrite("EntryID", { kind: "octets", value: behind });
    // Who does not take that either has all come that he has.
    if (refused !== undefined) await this.tryWrite("EntryID", { kind: "octets", value: new Uint8Array(8) });
    return refused;
  }

  /** Of the entry that was sent last, as the block itself says it; undefined where it says none. */
  async entry(): Promise<Uint8Array | undefined> {
    const found = await readOne(this.#client, referenceOf(this.name, "EntryID"));
    return found.kind === "octets" && found.value.some((octet) => octet !== 0) ? found.value : undefined;
  }

  /** By the attribute that its edition has for it; one without it is had by who enables it. */
  async #reserve(): Promise<void> {
    if (this.has("Resv")) {
      const error = await this.tryWrite("Resv", { kind: "boolean", value: true });
      if (error === DENIED || error === UNAVAILABLE) throw this.#refused("is another client's", error);
      if (error !== undefined) throw this.#refused("does not take Resv", error);
    }
    if (this.has("ResvTms") && !this.has("Resv")) {
      const error = await this.tryWrite("ResvTms", { kind: "integer", value: RESERVED_S });
      // Where it is bound to a client already, it cannot be written; who is not that one is refused later.
      if (error !== undefined && error !== DENIED && error !== UNAVAILABLE)
        throw this.#refused("does not take ResvTms", error);
    }
  }

  /** Asks for all members at once, which come as a report. */
  async interrogate(): Promise<void> {
    await this.write("GI", { kind: "boolean", value: true });
  }

  async disable(): Promise<void> {
    await this.write("RptEna", { kind: "boolean", value: false });
    if (this.has("Resv")) await this.tryWrite("Resv", { kind: "boolean", value: false });
  }

  #refused(what: string, error: number): MmsError {
    return new MmsError(
      `${reportControlText(this.name)} of ${this.#client.peer} ${what}: ${accessErrorText(error)}`,
      "refused",
    );
  }
}

const DENIED = 3;
const UNAVAILABLE = 2;
/** How long a buffered one is kept for this client behind the end of an association, seconds. */
const RESERVED_S = 60;

const triggerBits = {
  dataChange: 1,
  qualityChange: 2,
  dataUpdate: 3,
  integrity: 4,
  generalInterrogation: 5,
} as const;
export type Trigger = keyof typeof triggerBits;

const optionBits = {
  sequence: 1,
  time: 2,
  reason: 3,
  dataSet: 4,
  reference: 5,
  overflow: 6,
  entryId: 7,
  configRevision: 8,
} as const;
export type ReportOption = keyof typeof optionBits;

export interface WantedReports {
  /** "JEM01MTR/LLN0$Energy". */
  readonly dataSet?: string | undefined;
  readonly triggers?: readonly Trigger[] | undefined;
  readonly options?: readonly ReportOption[] | undefined;
  readonly bufferMs?: number | undefined;
  readonly integrityMs?: number | undefined;
  /** The entry behind which a buffered one goes on; eight octets that are 0 are before the oldest. */
  readonly behind?: Uint8Array | undefined;
  /** With the oldest, where that entry is refused. */
  readonly orOldest?: boolean | undefined;
  /** Without what it has buffered. */
  readonly purge?: boolean | undefined;
}

/** Which triggers stand in TrgOps. */
export function triggersIn(data: Data | undefined): readonly Trigger[] {
  if (data?.kind !== "bits") return [];
  return (Object.keys(triggerBits) as Trigger[]).filter((one) => hasBit(data, triggerBits[one]));
}

function bitsData(length: number, bits: readonly number[]): Data {
  return { kind: "bits", ...bitsWith(length, bits) };
}

function referenceOf({ domain, node, buffered, name }: ReportControlName, attribute?: string): Reference {
  const path = [{ name }, ...(attribute === undefined ? [] : [{ name: attribute }])];
  return { domain, node, fc: buffered ? "BR" : "RP", path };
}
