/** The phasor diagram: voltages as solid arrows, currents dashed, the first voltage to the right, turning counter-clockwise. */
import { withUnit } from "./numbers.ts";
import type { Phasor } from "./phasors.ts";

/** The length of the longest arrow of each, of a diagram whose edge is at 100. */
const lengths = { V: 88, A: 62 } as const;

export function PhasorDiagram({ phasors }: { readonly phasors: readonly Phasor[] }) {
  const largest = (unit: "V" | "A"): number =>
    Math.max(1e-9, ...phasors.filter((one) => one.unit === unit).map(({ size }) => size));
  const said = phasors.map(
    ({ label, unit, size, degrees }) => `${unit}${label} ${withUnit(size, unit)} at ${degrees.toFixed(1)}°`,
  );
  return (
    <svg id="phasor" viewBox="-108 -108 216 216" role="img" aria-label={`Phasor diagram: ${said.join(", ")}`}>
      {[30, 60, 90].map((r) => (
        <circle key={r} r={r} class="grid" />
      ))}
      {[0, 30, 60, 90, 120, 150].map((angle) => {
        const [x, y] = [90 * Math.cos((angle * Math.PI) / 180), 90 * Math.sin((angle * Math.PI) / 180)];
        return <line key={angle} x1={-x} y1={y} x2={x} y2={-y} class="grid" />;
      })}
      {phasors.map((one) => (
        <Arrow key={`${one.unit}${one.label}`} of={one} length={(lengths[one.unit] * one.size) / largest(one.unit)} />
      ))}
    </svg>
  );
}

function Arrow({ of: { phase, label, unit, degrees }, length }: { readonly of: Phasor; readonly length: number }) {
  const turn = (degrees * Math.PI) / 180;
  const [x, y] = [length * Math.cos(turn), -length * Math.sin(turn)];
  const bend = (side: number): string => {
    const angle = turn + (side * Math.PI) / 180;
    return `${x + 7 * Math.cos(angle)},${y - 7 * Math.sin(angle)}`;
  };
  const away = length + 11;
  return (
    <g class={phase}>
      <line x1={0} y1={0} x2={x} y2={y} class={unit === "A" ? "trace current" : "trace"} />
      <polyline points={`${bend(152)} ${x},${y} ${bend(-152)}`} class="trace" />
      <text x={away * Math.cos(turn)} y={-away * Math.sin(turn) + 3} text-anchor="middle">
        {unit === "A" ? "I" : "V"}
        {label}
      </text>
    </g>
  );
}
