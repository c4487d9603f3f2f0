/** `npm run schema`: writes the published JSON Schemas from those that are checked. */
import { writeFileSync } from "node:fs";
import { revenueJsonSchema } from "#product/jemstar/configuration-schema.ts";
import { scenarioJsonSchema } from "#cli/scenario-schema.ts";
import { siteJsonSchema } from "#fleet/site-schema.ts";

for (const [name, schema] of [
  ["site", siteJsonSchema()],
  ["revenue-meter", revenueJsonSchema()],
  ["scenario", scenarioJsonSchema()],
] as const) {
  const file = new URL(`../schema/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(schema, undefined, 2)}\n`);
}
