/** `npm run schema`: writes the published JSON Schema of site files from the one that is checked. */
import { writeFileSync } from "node:fs";
import { siteJsonSchema } from "#fleet/site-schema.ts";

const file = new URL("../schema/site.schema.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(siteJsonSchema(), undefined, 2)}\n`);
