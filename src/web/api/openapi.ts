/** The description of the API (OpenAPI 3.1), made of the table of operations and the schemas that check requests. */
import { z } from "zod";
import { answers, requests } from "./named.ts";
import { isMedia, parameters, parametersOf, refusalsOf, type Media, type Operation, type Takes } from "./operation.ts";
import { described } from "./operations.ts";
import { PROBLEM_TYPE, titleOf } from "./problem.ts";
import { problemSchema } from "./site-schemas.ts";

type Json = Readonly<Record<string, unknown>>;
const SCHEMAS = "#/components/schemas/";

/** A schema as JSON Schema, where it stands alone. */
function inlined(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}

/** All that have names; what answers have may be more one day, what requests have may not. */
function components(): Json {
  const uri = (id: string): string => `${SCHEMAS}${id}`;
  const asked = z.toJSONSchema(requests, { uri, io: "input" }).schemas;
  const told = z.toJSONSchema(answers, {
    uri,
    io: "input",
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  }).schemas;
  const all = Object.entries({ ...asked, ...told }).map(([id, schema]) => {
    const { $schema: _schema, $id: _id, ...rest } = schema as Json;
    return [id, rest];
  });
  return Object.fromEntries(all) as Json;
}

function referred(schema: z.ZodType): Json {
  const { id } = requests.get(schema) ?? answers.get(schema) ?? {};
  return id === undefined ? inlined(schema) : { $ref: `${SCHEMAS}${id}` };
}

/** "/meters/{name}" of "/meters/:name". */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}

function parametersIn({ path, query, headers = {} }: Operation): readonly Json[] {
  const ofPath = parametersOf(path).map((name) => {
    const { description, ...schema } = inlined(parameters[name]);
    return { name, in: "path", required: true, description, schema };
  });
  const ofQuery = Object.entries(query?.shape ?? {}).map(([name, of]) => {
    const { description, ...schema } = inlined(of as z.ZodType);
    return { name, in: "query", required: !(of instanceof z.ZodOptional), description, schema };
  });
  const ofHead = Object.entries(headers).map(([name, description]) => {
    return { name, in: "header", required: false, description, schema: { type: "string" } };
  });
  return [...ofPath, ...ofQuery, ...ofHead];
}

/** An event stream is text to OpenAPI 3.1: what its events hold stands beside. */
function mediaOf({ media, events }: Media): Json {
  if (media === "application/json") return { [media]: { schema: { type: "object" } } };
  const schema = media === "application/octet-stream" ? {} : { type: "string" };
  const held = events === undefined ? {} : { "x-events": mapped(events, referred) };
  return { [media]: { schema, ...held } };
}

function mapped<T>(from: Readonly<Record<string, T>>, of: (value: T) => unknown): Json {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, of(value)]));
}

function answersOf(row: Operation): Json {
  const { answer, others = {} } = row;
  const problem = { [PROBLEM_TYPE]: { schema: referred(problemSchema) } };
  const done = isMedia(answer)
    ? { description: answer.says, content: mediaOf(answer) }
    : { description: row.does, content: { "application/json": { schema: referred(answer) } } };
  const same = isMedia(answer) ? {} : done.content;
  return {
    200: done,
    ...mapped(others, (description) => ({ description })),
    ...Object.fromEntries(
      refusalsOf(row).map((status) => [status, { description: titleOf(status), content: problem }]),
    ),
    // A site that cannot keep what it knows says so in the shape of its health.
    ...(others[503] === undefined ? {} : { 503: { description: others[503], content: same } }),
  };
}

const securities: Readonly<Record<Exclude<Takes, "anybody" | "token">, readonly Json[]>> = {
  viewer: [{}, { siteSession: [] }, { siteCookie: [] }],
  operator: [{}, { siteSession: [] }, { siteCookie: [] }],
  owner: [{}, { siteSession: [] }, { siteCookie: [] }],
};

function securityOf({ takes, path }: Operation): readonly Json[] {
  if (takes === "anybody") return [];
  if (takes === "token") return [{}, { bearer: [] }];
  const ways = securities[takes];
  if (!path.includes("/meters/:name")) return ways;
  return [...ways, ...ways.map((way) => ({ ...way, bearer: [] }))];
}

function operationOf(id: string, row: Operation): Json {
  const { does, takes, tells, body, path } = row;
  const content = body === undefined ? undefined : { schema: referred(body.schema), example: body.example };
  const forms = body?.form === true ? { "application/x-www-form-urlencoded": content } : {};
  return {
    operationId: id,
    summary: does,
    tags: [path.includes("/meters/:name") ? "meter" : "site"],
    "x-takes": takes,
    ...(tells.length === 0 ? {} : { "x-tells": tells }),
    security: securityOf(row),
    parameters: parametersIn(row),
    ...(content === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": content, ...forms } } }),
    responses: answersOf(row),
  };
}

function pathsOf(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [id, row] of described) {
    const place = (paths[templateOf(row.path)] ??= {});
    place[row.method.toLowerCase()] = operationOf(id, row);
  }
  return paths;
}

/** Its version is the API's: strangers and programs learn none of the site's. */
export function description(): Json {
  return {
    openapi: "3.1.1",
    info: {
      title: "Polyphase",
      version: "1.0",
      summary: "A site of electricity meters",
      description:
        "What a site says of its meters, and what it is told. Answers of this version may come to have more members; a program passes over those that it does not know. What may be asked for near the site without a log-in takes a role from elsewhere (x-takes).",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [
      { name: "site", description: "the site as a whole, and its users" },
      { name: "meter", description: "one meter" },
    ],
    paths: pathsOf(),
    components: {
      schemas: components(),
      securitySchemes: {
        siteSession: {
          type: "apiKey",
          in: "header",
          name: "Polyphase-Session",
          description: "the token that a log-in to the site gives",
        },
        siteCookie: {
          type: "apiKey",
          in: "cookie",
          name: "polyphase-session",
          description: "the same of a browser; over HTTPS it is called __Host-polyphase-session",
        },
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "the token that a log-in to a meter gives; for /metrics that of npx polyphase user token",
        },
      },
    },
  };
}
