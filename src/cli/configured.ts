/** Models that are set up by configuration files, whichever product makes them. */
import { productOf, products } from "#fleet/products.ts";
import type { Configurations } from "#product/product.ts";
import { Failure, orFail } from "./failure.ts";
import { plain } from "./harmless.ts";

export const configuredModels: readonly string[] = products
  .filter(({ configurations }) => configurations !== undefined)
  .flatMap(({ models }) => models.map(({ name }) => name));

/** Stands for the configuration of a meter that has been given none; a file of that name is ./factory. */
export const FACTORY = "factory";

/** What is known of a model's configurations; fails for a model that has none. */
export function configurationsOf(model: string): Configurations {
  const configurations = productOf(model, products)?.configurations;
  if (configurations !== undefined) return configurations;
  throw new Failure(
    `${plain(model)} is not set up by a configuration; expected one of ${configuredModels.join(", ")}`,
    2,
  );
}

/** Reads a configuration as one of a meter with a model number; where that was not said and is what is wrong, the failure says so. */
export function asOrdered<T>(modelNumber: string | undefined, usual: string, read: (order: string) => T): T {
  try {
    return orFail(2, () => read(modelNumber ?? usual));
  } catch (error) {
    if (!(error instanceof Failure) || modelNumber !== undefined || !error.message.includes("which was not ordered"))
      throw error;
    throw new Failure(`${error.message}\n  (taken for a ${usual}: --model-number says what was ordered)`, error.status);
  }
}
