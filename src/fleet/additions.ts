/** What can be added to a site: models, what feeds them, what they listen with. */
import { protocols } from "#fleet/protocols/table.ts";
import type { AdditionsView } from "#quantity/site-edit-view.ts";
import { products } from "./products.ts";
import { readableModels } from "./read-schema.ts";
import { siteJsonSchema, sourceKinds } from "./site-schema.ts";

const made = new Map(
  products.flatMap(({ models, protocols: spoken }) =>
    models.map(({ name, title }) => [name, { title, protocols: spoken }] as const),
  ),
);

export const additions: Pick<AdditionsView, "models" | "sources" | "listeners"> = {
  models: [...new Set([...made.keys(), ...readableModels.map(({ name }) => name)])].map((name) => {
    const read = readableModels.find((one) => one.name === name);
    const own = made.get(name);
    return {
      name,
      title: own?.title ?? read?.title ?? name,
      protocols: own?.protocols ?? [],
      made: own !== undefined,
      read: read !== undefined,
    };
  }),
  sources: sourceKinds,
  listeners: protocols.flatMap(({ name, title, transports }) =>
    transports.map((one) => ({
      protocol: name,
      title,
      transport: one.name,
      over: one.over,
      ...("port" in one ? { port: one.port } : {}),
    })),
  ),
};

/** The schema of one of the meters of a site file. */
export function meterJsonSchema(): AdditionsView["schema"] {
  const whole = siteJsonSchema() as {
    readonly properties: { readonly meters: { readonly items: AdditionsView["schema"] } };
  };
  return whole.properties.meters.items;
}
