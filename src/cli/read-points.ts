/** Reads a revenue meter over Modbus by its configuration, which says what its registers are. */
import { parseRevenueFile } from "#product/jemstar/configuration-file.ts";
import { pointFactsOf } from "#product/jemstar/modbus-point-facts.ts";
import { parseMeterUrl } from "#headend/meter-url.ts";
import { readPoints, type PointReading } from "#headend/read-points.ts";
import { readText } from "#io/file.ts";
import type { RevenueModel } from "#model/ametek-jemstar-ii.ts";
import { parseModelNumber } from "#revenue/settings/model-number.ts";
import { orFail, orFailLater } from "./failure.ts";

interface Options {
  readonly configuration?: string;
  readonly modelNumber?: string;
  readonly timeoutMs: number;
}

export function readByConfiguration(text: string, model: RevenueModel, options: Options): Promise<PointReading[]> {
  const { configuration, modelNumber = model.modelNumber, timeoutMs } = options;
  const url = orFail(2, () => parseMeterUrl(text));
  const file = orFail(2, () =>
    parseRevenueFile(
      configuration ?? "the factory's configuration",
      configuration === undefined ? "" : readText(configuration),
      parseModelNumber(modelNumber),
    ),
  );
  return orFailLater(1, () => readPoints(url, pointFactsOf(file), { timeoutMs }));
}
