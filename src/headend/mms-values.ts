/** Values of MMS as programs and readings have them; data-words.ts has them in words. */
import type { TypeDescription } from "#protocol/iec61850/mms/data.ts";
import { accessErrorText } from "#protocol/iec61850/mms/access-error-words.ts";
import { dataText } from "#protocol/iec61850/mms/data-words.ts";
export { dataText, hexText, utcText } from "#protocol/iec61850/mms/data-words.ts";
import type { AccessResult } from "#protocol/iec61850/mms/variable-access.ts";

/** As programs read it: numbers and booleans as they are, all else as its text; null of what is not known. */
export function dataJson(data: AccessResult, name = ""): unknown {
  switch (data.kind) {
    case "failure":
      return { error: data.error, words: accessErrorText(data.error) };
    case "structure":
    case "array":
      return data.items.map((item) => dataJson(item));
    case "boolean":
      return data.value;
    case "float":
      return Number.isFinite(data.value) ? data.value : null;
    case "integer":
    case "unsigned":
      return typeof data.value === "bigint" ? String(data.value) : data.value;
    default: {
      const text = dataText(data, name);
      return text === "-" ? null : text;
    }
  }
}

/** A number, a word, a state or nothing, as a reading has it. */
export function plainValue(data: AccessResult): number | string | boolean | undefined {
  if (data.kind === "failure") return undefined;
  if (data.kind === "boolean") return data.value;
  if (data.kind === "integer" || data.kind === "unsigned")
    return typeof data.value === "bigint" ? String(data.value) : data.value;
  if (data.kind === "float") return Number.isFinite(data.value) ? data.value : undefined;
  const text = dataText(data);
  return text === "-" ? undefined : text;
}

/** The parts of a structure with their names, as its type has them: "mag.f 229.5, q good"; without one as they are. */
export function namedText(data: AccessResult, type: TypeDescription | undefined, name = ""): string {
  if (data.kind !== "structure" || type?.kind !== "structure") return dataText(data, name);
  return namedParts(data, type, "").join(", ");
}

function namedParts(data: AccessResult, type: TypeDescription | undefined, path: string): readonly string[] {
  if (data.kind !== "structure" || type?.kind !== "structure")
    return [`${path} ${dataText(data, path.slice(path.lastIndexOf(".") + 1))}`];
  return data.items.flatMap((item, k) => {
    const { name, type: inner } = type.fields[k] ?? { name: String(k), type: undefined };
    return namedParts(item, inner, path === "" ? name : `${path}.${name}`);
  });
}

/** The same for programs: {"mag": {"f": 229.5}, "q": "good"}. */
export function namedJson(data: AccessResult, type: TypeDescription | undefined, name = ""): unknown {
  if (data.kind !== "structure" || type?.kind !== "structure") return dataJson(data, name);
  return Object.fromEntries(
    data.items.map((item, k) => {
      const field = type.fields[k];
      return [field?.name ?? String(k), namedJson(item, field?.type, field?.name)];
    }),
  );
}
