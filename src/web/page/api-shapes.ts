/** What the site says of its API, and how people read it. */

/** The parts of its description (OpenAPI 3.1) that are shown. */
export interface Description {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Schemas };
}

export interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly "x-takes": string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>
  >;
}

export interface Content {
  readonly schema?: Shape;
  readonly example?: unknown;
  /** Of an event stream: what each event holds. */
  readonly "x-events"?: Schemas;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Shape;
}

/** JSON Schema, as far as the description uses it. */
export interface Shape {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Schemas;
  readonly required?: readonly string[];
  /** False where what stands before is all that there is. */
  readonly items?: Shape | false;
  /** Of a list whose members have each a shape of their own. */
  readonly prefixItems?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly additionalProperties?: boolean | Shape;
}

export type Schemas = Readonly<Record<string, Shape>>;

/** An operation with its place. */
export interface Listed extends Described {
  readonly method: string;
  readonly path: string;
}

export function listedIn({ paths }: Pick<Description, "paths">): readonly Listed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, of]) => ({ ...of, method: method.toUpperCase(), path })),
  );
}

/** Whether every word is in an operation's method, path, name or summary. */
export function isFound({ method, path, operationId, summary }: Listed, words: string): boolean {
  const text = `${method} ${path} ${operationId} ${summary}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The address of an operation with values in place of its parameters; those that are empty are left out of the query. */
export function addressOf(
  { path, parameters }: Pick<Listed, "path" | "parameters">,
  values: Readonly<Record<string, string>>,
): string {
  const valueOf = (name: string): string => values[name] ?? "";
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(valueOf(name)));
  const asked = parameters.filter((one) => one.in === "query" && valueOf(one.name) !== "");
  const query = asked.map(({ name }) => `${name}=${encodeURIComponent(valueOf(name))}`).join("&");
  return query === "" ? place : `${place}?${query}`;
}

/** The name of a shape that stands elsewhere: "Meter". */
export function nameOf({ $ref }: Shape): string | undefined {
  return $ref?.slice($ref.lastIndexOf("/") + 1);
}

function oneOf(shapes: readonly Shape[], indent: string): string {
  return [...new Set(shapes.map((one) => shapeText(one, indent)))].join(" | ");
}

/** A shape as programmers write it; what has a name stands there by its name. */
export function shapeText(shape: Shape, indent = ""): string {
  const name = nameOf(shape);
  if (name !== undefined) return name;
  const {
    type,
    enum: words,
    anyOf,
    oneOf: either,
    items,
    prefixItems,
    properties,
    required = [],
    additionalProperties,
  } = shape;
  if ("const" in shape) return JSON.stringify(shape.const);
  if (words !== undefined) return words.map((word) => JSON.stringify(word)).join(" | ");
  if (anyOf !== undefined || either !== undefined) return oneOf(anyOf ?? either ?? [], indent);
  if (prefixItems !== undefined) return `[${prefixItems.map((one) => shapeText(one, indent)).join(", ")}]`;
  if (type === "array") {
    const each = items === undefined || items === false ? "any" : shapeText(items, indent);
    return each.includes(" | ") ? `(${each})[]` : `${each}[]`;
  }
  if (properties !== undefined) {
    const deeper = `${indent}  `;
    const lines = Object.entries(properties).map(
      ([key, of]) => `${deeper}${key}${required.includes(key) ? "" : "?"}: ${shapeText(of, deeper)}`,
    );
    return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
  }
  if (typeof additionalProperties === "object") return `{ [name]: ${shapeText(additionalProperties, indent)} }`;
  return type ?? "any";
}
