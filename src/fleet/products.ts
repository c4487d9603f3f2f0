/** The products that a site can run: each makes devices of its models. The other table of `fleet` is that of protocols. */
import { fixedMapMeters } from "#product/fixed-map/product.ts";
import { jemstarMeters } from "#product/jemstar/product.ts";
import { memoryDevice } from "#product/memory/product.ts";
import type { Product } from "#product/product.ts";

export const products: readonly Product[] = [fixedMapMeters, jemstarMeters];

/** What makes the `devices` of a site file, which are no meters and have no model. */
export const plainDevice = memoryDevice;

export function productOf(model: string, all: readonly Product[]): Product | undefined {
  return all.find(({ models }) => models.some(({ name }) => name === model));
}

/** Names of all models, for messages. */
export function modelNamesOf(all: readonly Product[]): readonly string[] {
  return all.flatMap(({ models }) => models.map(({ name }) => name));
}
