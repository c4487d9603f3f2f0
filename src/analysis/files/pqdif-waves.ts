/** The inputs of a recording as the voltages and currents that they are. */
import type { EventWave } from "#analysis/examination.ts";
import type { Wiring } from "#quantity/wiring.ts";

export interface Wave {
  /** "V.a", "V.ab", "A.c". */
  readonly name: string;
  readonly samples: Float64Array;
}

/** Voltages against neutral as they are; of a wiring without one those from line to line, of which an input that nothing feeds is 0. */
export function wavesOf(channels: EventWave["channels"], { ln, ll }: Wiring): Wave[] {
  const of = (input: string): Float32Array | undefined => channels.find(({ name }) => name === input)?.samples;
  const amps = channels.flatMap(({ name, samples }) =>
    name.startsWith("i") ? [{ name: `A.${name.slice(1)}`, samples: Float64Array.from(samples) }] : [],
  );
  const count = channels[0]?.samples.length ?? 0;
  const volts =
    ln.length > 0
      ? ln.flatMap((phase) => {
          const samples = of(`v${phase}`);
          return samples === undefined ? [] : [{ name: `V.${phase}`, samples: Float64Array.from(samples) }];
        })
      : ll.map((pair) => {
          const [plus, minus] = [of(`v${pair[0]}`), of(`v${pair[1]}`)];
          const samples = new Float64Array(count);
          for (let k = 0; k < count; k++) samples[k] = (plus?.[k] ?? 0) - (minus?.[k] ?? 0);
          return { name: `V.${pair}`, samples };
        });
  return [...volts, ...amps];
}
