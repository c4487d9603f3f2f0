/** The settings of a meter as its model's rules describe them to who edits them: JSON Schema, with words and units. */
import type { JsonSchema } from "#product/described-keys.ts";
import { wordsOf, type InstrumentDesign } from "#quantity/instrument-design.ts";
import type { Setting, SettingRule } from "#quantity/setting.ts";

/** Units as `means` has them, behind a comma. */
const UNIT = /, (V|A|Hz|s|min|Wh|%)\b/;

function domainOf(rule: SettingRule): JsonSchema {
  if ("oneOf" in rule) return { enum: rule.oneOf };
  const { step = 1 } = rule;
  // Hundredths are no multiples to who divides by them in binary.
  const multiple =
    step === 1 ? { type: "integer" } : Number.isInteger(step) ? { multipleOf: step } : { "x-step": step };
  const [only, ...others] = rule.within.map(([minimum, maximum]) => ({ minimum, maximum }));
  return { ...multiple, ...(others.length === 0 ? only : { anyOf: [only, ...others] }) };
}

export function describedSettings(
  title: string,
  design: Pick<InstrumentDesign, "settings" | "wirings">,
  options: ReadonlySet<string>,
): JsonSchema {
  const rules = Object.entries(design.settings) as [Setting, SettingRule][];
  const properties = rules.map(([name, rule]) => {
    const [means, unit] = [rule.means, UNIT.exec(rule.means)?.[1]];
    const words = wordsOf(design, name);
    const absent = rule.option !== undefined && !options.has(rule.option);
    const described = {
      type: "number",
      title: `${means.charAt(0).toUpperCase()}${means.slice(1)}`,
      ...domainOf(rule),
      default: rule.default,
      // One that is left out stays as the meter has it.
      "x-kept": true,
      ...(unit === undefined ? {} : { "x-unit": unit }),
      ...(words === undefined ? {} : { "x-words": words }),
      ...(rule.secret === undefined ? {} : { writeOnly: true }),
      ...(rule.volatile === undefined ? {} : { "x-volatile": true }),
      ...(rule.option === undefined ? {} : { "x-takes": [rule.option] }),
      ...(absent ? { "x-absent": true } : {}),
    };
    return [name, described] as const;
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title,
    type: "object",
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}
