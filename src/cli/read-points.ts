/** Reads a meter over Modbus whose configuration says what its registers are. */
import { parseModbusUrl } from "#headend/modbus-url.ts";
import { readPoints } from "#headend/read-points.ts";
import type { PointReading } from "#headend/reader.ts";
import { readText } from "#io/file.ts";
import { configurationsOf } from "./configured.ts";
import { orFail, orFailLater } from "./failure.ts";

interface Options {
  readonly configuration?: string;
  readonly modelNumber?: string;
  readonly timeoutMs: number;
}

export function readByConfiguration(text: string, model: string, options: Options): Promise<PointReading[]> {
  const { usualOrder, modbusPoints } = configurationsOf(model);
  const { configuration, modelNumber = usualOrder, timeoutMs } = options;
  const url = orFail(2, () => parseModbusUrl(text));
  const lists = orFail(2, () =>
    modbusPoints(
      configuration ?? "the factory's configuration",
      configuration === undefined ? "" : readText(configuration),
      modelNumber,
    ),
  );
  return orFailLater(1, () => readPoints(url, lists, { timeoutMs }));
}
