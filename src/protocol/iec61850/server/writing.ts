/** Write (ISO 9506-2, 14.7; IEC 61850-8-1, 18): values of attributes, of control blocks, of controls; each is told how it went. */
import type { BerReader } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { readLeaf } from "#protocol/iec61850/mms/attribute-data.ts";
import { dataTags, decodeDataList } from "#protocol/iec61850/mms/data-codec.ts";
import { decodeVariableAccess } from "#protocol/iec61850/mms/variable-access.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import type { DataSets } from "./data-sets.ts";
import { accessErrors, type AccessError } from "./host.ts";
import type { NamedVariable } from "./named-variable.ts";
import { variableOf } from "./reading.ts";
import type { Asker } from "./served.ts";
import type { VariableTree } from "./variable-tree.ts";

/** A value, and what it is to be a value of. */
interface Written {
  readonly of: NamedVariable;
  readonly value: LeafValue;
}

export class Writing {
  readonly #tree: VariableTree;
  readonly #sets: DataSets;

  constructor(tree: VariableTree, sets: DataSets) {
    this.#tree = tree;
    this.#sets = sets;
  }

  /** How each went, in their order; undefined where there is no such data set. The reader has found the service; it throws WireError. */
  answer(reader: BerReader, asker: Asker): readonly (AccessError | undefined)[] | undefined {
    const inner = reader.inner();
    if (!inner.next()) throw new WireError("a write of nothing", inner.at);
    const access = decodeVariableAccess(inner);
    inner.expect(0xa0, "data");
    const count = decodeDataList(inner).length;
    const variables =
      access.kind === "list"
        ? this.#sets.named(access.name, asker)?.members.map(({ variable }) => variable)
        : access.variables.map((variable) => variableOf(this.#tree, variable));
    if (variables === undefined) return undefined;
    if (variables.length !== count) throw new WireError(`${count} values of ${variables.length} variables`, inner.from);
    const data = inner.inner();
    return variables.map((variable) => {
      data.next();
      return variable === undefined ? accessErrors.nonExistent : write(variable, data, asker);
    });
  }
}

/** Gives a variable the value that the reader has found. */
function write(variable: NamedVariable, data: BerReader, asker: Asker): AccessError | undefined {
  const barred = whyBarred(variable);
  if (barred !== undefined) return barred;
  const written: Written[] = [];
  const wrong = gather(variable, data, written);
  if (wrong !== undefined) return wrong;
  const { whole } = variable;
  if (whole?.write !== undefined)
    return whole.write(
      written.map(({ value }) => value),
      asker,
    );
  for (const { of, value } of written) {
    const error = writeOne(of, value, asker);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** Nothing of what cannot be written whole is written. */
function whyBarred(variable: NamedVariable): AccessError | undefined {
  const { leaf, served, whole } = variable;
  if (whole !== undefined) return undefined;
  if (leaf !== undefined) return leaf.writable === true ? undefined : accessErrors.accessDenied;
  if (served !== undefined) return served.write === undefined ? accessErrors.accessDenied : undefined;
  for (const field of variable.fields) {
    // Attributes of a control block are written one by one: each has its effect.
    const error = field.served === undefined ? whyBarred(field) : accessErrors.accessDenied;
    if (error !== undefined) return error;
  }
  return variable.fields.length === 0 ? accessErrors.accessDenied : undefined;
}

function writeOne({ leaf, served }: NamedVariable, value: LeafValue, asker: Asker): AccessError | undefined {
  if (leaf !== undefined) return asker.session.write(leaf, value);
  return served?.write === undefined ? accessErrors.accessDenied : served.write(value, asker);
}

/** Leaves and their values in their order; why not, where the data are of another type. */
function gather(variable: NamedVariable, data: BerReader, written: Written[]): AccessError | undefined {
  const type = variable.leaf ?? variable.served;
  if (type !== undefined) {
    const read = readLeaf(data, type);
    if ("wrong" in read) return read.wrong === "type" ? accessErrors.typeInconsistent : accessErrors.valueInvalid;
    written.push({ of: variable, value: read.value });
    return undefined;
  }
  if (data.tag !== (variable.kind === "array" ? dataTags.array : dataTags.structure))
    return accessErrors.typeInconsistent;
  const inner = data.inner();
  for (const field of variable.fields) {
    const wrong = inner.next() ? gather(field, inner, written) : accessErrors.typeInconsistent;
    if (wrong !== undefined) return wrong;
  }
  return inner.next() ? accessErrors.typeInconsistent : undefined;
}
