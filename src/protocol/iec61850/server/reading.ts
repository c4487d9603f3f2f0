/** Read (ISO 9506-2, 14.6; IEC 61850-8-1, 18): values of variables and of data sets, each with what it is or why it is not. */
import type { BerWriter } from "#wire/ber.ts";
import type { ReadRequest } from "#protocol/iec61850/mms/read.ts";
import { encodeVariableAccess, type Variable } from "#protocol/iec61850/mms/variable-access.ts";
import type { DataSets, NamedSet } from "./data-sets.ts";
import { EncodedValues } from "./encoded-values.ts";
import { accessErrors, type AccessError, type IedHost, type IedImage } from "./host.ts";
import type { NamedVariable } from "./named-variable.ts";
import type { ReadQuestion } from "./read-question.ts";
import type { Asker } from "./served.ts";
import { ValueWriter } from "./values.ts";
import { partsOf, type VariableTree } from "./variable-tree.ts";

const READ = 0xa4;
const RESULTS = 0xa1;
const SPECIFICATION = 0xa0;
const FAILURE = 0x80;

export class Reading {
  readonly #host: IedHost;
  readonly #tree: VariableTree;
  readonly #sets: DataSets;
  readonly #kept = new EncodedValues();

  constructor(host: IedHost, tree: VariableTree, sets: DataSets) {
    this.#host = host;
    this.#tree = tree;
    this.#sets = sets;
  }

  /** Writes the response to a read of one variable or data set; throws TooLong. Undefined where there is no such data set. */
  answer(out: BerWriter, pdu: Uint8Array, question: ReadQuestion, asker: Asker): BerWriter | undefined {
    const results = this.#results(out, asker);
    if (question.isList) {
      const set = this.#sets.at(pdu, question, asker);
      if (set === undefined) return undefined;
      results.writeSet(set);
    } else {
      const domain = this.#tree.domainAt(pdu, question.domainFrom, question.domainTo);
      results.write(domain?.find(pdu, question.itemFrom, question.itemTo), true);
    }
    out.wrap(RESULTS, 0);
    if (question.withSpecification) {
      const mark = out.written;
      out.raw(pdu.subarray(question.from, question.to)).wrap(SPECIFICATION, mark);
    }
    return out.wrap(READ, 0);
  }

  /** The same of any read. */
  answerAny(out: BerWriter, { access, withSpecification }: ReadRequest, asker: Asker): BerWriter | undefined {
    const results = this.#results(out, asker);
    if (access.kind === "list") {
      const set = this.#sets.named(access.name, asker);
      if (set === undefined) return undefined;
      results.writeSet(set);
    } else {
      for (const variable of access.variables.toReversed())
        results.write(variableOf(this.#tree, variable), variable.kind === "name" && variable.alternate === undefined);
    }
    out.wrap(RESULTS, 0);
    if (withSpecification) {
      const mark = out.written;
      encodeVariableAccess(out, access);
      out.wrap(SPECIFICATION, mark);
    }
    return out.wrap(READ, 0);
  }

  #results(out: BerWriter, asker: Asker): Results {
    return new Results(out, this.#host.image(), asker, this.#kept);
  }
}

/** Results of one read, the last first. */
class Results {
  readonly #values: ValueWriter;
  readonly #image: IedImage;
  readonly #mayRead: boolean;
  readonly #kept: EncodedValues;

  constructor(out: BerWriter, image: IedImage, asker: Asker, kept: EncodedValues) {
    this.#values = new ValueWriter(out, image.values, asker, asker.maxPdu);
    this.#image = image;
    this.#mayRead = asker.session.mayRead();
    this.#kept = kept;
  }

  /** `isWhole` where it is none that was made for this read: it may come again. */
  write(variable: NamedVariable | undefined, isWhole: boolean): void {
    if (variable === undefined) return this.#fail(accessErrors.nonExistent);
    if (!this.#mayRead) return this.#fail(accessErrors.accessDenied);
    const { out } = this.#values;
    // One leaf is written as fast as what was kept of it would be found.
    const isKept = isWhole && (variable.kind === "structure" || variable.kind === "array");
    const kept = isKept ? this.#kept.get(variable, this.#image) : undefined;
    if (kept !== undefined) {
      out.raw(kept);
      return;
    }
    const mark = out.written;
    this.#values.everybodys = true;
    const error = this.#values.write(variable);
    if (error !== undefined) this.#fail(error);
    else if (isKept && this.#values.everybodys) this.#keep(variable, mark);
  }

  writeSet(set: NamedSet): void {
    const { members } = set;
    const kept = this.#mayRead ? this.#kept.get(set, this.#image) : undefined;
    if (kept !== undefined) {
      this.#values.out.raw(kept);
      return;
    }
    for (let k = members.length - 1; k >= 0; k--) {
      const member = members[k];
      if (!this.#mayRead) this.#fail(accessErrors.accessDenied);
      else if (member !== undefined) this.#values.write(member.variable);
    }
    if (this.#mayRead) this.#keep(set, 0);
  }

  #fail(error: AccessError): void {
    this.#values.out.integer(FAILURE, error);
  }

  #keep(of: object, mark: number): void {
    const view = this.#values.out.view();
    this.#kept.keep(of, this.#image, view.slice(0, view.length - mark));
  }
}

/** What a client means; undefined where there is no such. */
export function variableOf(tree: VariableTree, access: Variable): NamedVariable | undefined {
  if (access.kind !== "name" || access.name.scope !== "domain") return undefined;
  const whole = tree.domain(access.name.domain ?? "")?.named(access.name.item);
  return whole === undefined || access.alternate === undefined ? whole : partsOf(whole, access.alternate);
}
