/** Parameters of a device profile: what a device can do, and how it is set up now. */
import type { Xml } from "./xml.ts";

export type Content = readonly (Xml | undefined)[];

/** One parameter: what the device can do, and how it is set up now. */
export function setting(name: string, capabilities: Content, current: Content): Xml {
  return [
    name,
    [
      ["capabilities", capabilities],
      ["currentValue", current],
    ],
  ];
}

export function fixed(name: string, ...content: Content): Xml {
  return setting(name, content, content);
}

export function value(name: string, is: string | number): Xml {
  return [name, [["currentValue", [["value", is]]]]];
}

export function range(minimum: number, maximum: number): Xml {
  return [
    "range",
    [
      ["minimum", minimum],
      ["maximum", maximum],
    ],
  ];
}

export function ranged(name: string, [from, to]: readonly [number, number], is: number): Xml {
  return setting(name, [range(from, to)], [["value", is]]);
}

export function sometimes(explanation: string): Xml {
  return ["sometimes", [["explanation", explanation]]];
}
