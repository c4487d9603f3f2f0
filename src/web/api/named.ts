/** Schemas by the names that programs see: what requests say, which is checked here, and what answers say, which tests check. */
import { z } from "zod";

export const requests = z.registry<{ readonly id: string }>();
export const answers = z.registry<{ readonly id: string }>();

/** A schema of what comes in, by its name in the description. */
export function asked<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  requests.add(schema, { id });
  return schema;
}

/** A schema of what goes out, likewise. */
export function told<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  answers.add(schema, { id });
  return schema;
}
