/** The phasor diagram: voltages as solid arrows, currents dashed, the first voltage to the right, turning counter-clockwise. */
import type { Value } from "./numbers.ts";

const SVG = "http://www.w3.org/2000/svg";
const phases = ["a", "b", "c"] as const;

export function element(name: string, attributes: Readonly<Record<string, string | number>>, text = ""): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

/** Draws what the readings have of them, and returns how many there are. */
export function drawPhasors(svg: SVGElement, readings: Readonly<Record<string, Value>>): number {
  const parts: SVGElement[] = [];
  let count = 0;
  for (const r of [30, 60, 90]) parts.push(element("circle", { r, class: "grid" }));
  for (let angle = 0; angle < 180; angle += 30) {
    const x = 90 * Math.cos((angle * Math.PI) / 180);
    const y = 90 * Math.sin((angle * Math.PI) / 180);
    parts.push(element("line", { x1: -x, y1: y, x2: x, y2: -y, class: "grid" }));
  }
  for (const [unit, length] of [["V", 88] as const, ["A", 64] as const]) {
    const largest = Math.max(1e-9, ...phases.map((phase) => readings[`${unit}.${phase}.fundamental`] ?? 0));
    for (const phase of phases) {
      const size = readings[`${unit}.${phase}.fundamental`];
      const degrees = readings[`deg.${unit}.${phase}`];
      if (size === null || size === undefined || degrees === null || degrees === undefined) continue;
      parts.push(arrow(phase, unit, (length * size) / largest, degrees));
      count++;
    }
  }
  svg.replaceChildren(...parts);
  return count;
}

function arrow(phase: string, unit: "V" | "A", length: number, degrees: number): SVGElement {
  const turn = (degrees * Math.PI) / 180;
  const [x, y] = [length * Math.cos(turn), -length * Math.sin(turn)];
  const group = element("g", { class: phase });
  const title = `${unit}${phase} ${degrees.toFixed(1)}°`;
  group.append(element("title", {}, title));
  const kind = unit === "A" ? "trace current" : "trace";
  group.append(element("line", { x1: 0, y1: 0, x2: x, y2: y, class: kind }));
  for (const side of [150, -150]) {
    const bend = turn + (side * Math.PI) / 180;
    group.append(
      element("line", { x1: x, y1: y, x2: x + 6 * Math.cos(bend), y2: y - 6 * Math.sin(bend), class: "trace" }),
    );
  }
  const away = length + 10;
  const label = element(
    "text",
    { x: away * Math.cos(turn), y: -away * Math.sin(turn) + 3, "text-anchor": "middle" },
    `${unit === "A" ? "I" : "V"}${phase}`,
  );
  group.append(label);
  return group;
}
