/** How the channels of a source are connected to its network, where they are not as they should be: each is a sum of parts of three. */
export type Parts = readonly [a: number, b: number, c: number];

export interface Connection {
  /** By terminal: parts of the volts to neutral that stand there. */
  readonly volts: readonly [Parts, Parts, Parts];
  /** By input: parts of the conductors' currents that are measured there. */
  readonly amps: readonly [Parts, Parts, Parts];
}

/** Puts samples [from, to) of six channels where they are connected. */
export function connectSamples(
  channels: readonly Float64Array[],
  { volts, amps }: Connection,
  from: number,
  to: number,
): void {
  for (const [first, rows] of [
    [0, volts],
    [3, amps],
  ] as const) {
    const [x, y, z] = [channels[first]!, channels[first + 1]!, channels[first + 2]!];
    const [p, q, r] = rows;
    for (let k = from; k < to; k++) {
      const [a, b, c] = [x[k]!, y[k]!, z[k]!];
      x[k] = p[0] * a + p[1] * b + p[2] * c;
      y[k] = q[0] * a + q[1] * b + q[2] * c;
      z[k] = r[0] * a + r[1] * b + r[2] * c;
    }
  }
}

/** The same of one phasor of each channel. */
export function connectPhasors(
  { re, im }: { readonly re: Float64Array; readonly im: Float64Array },
  connection: Connection,
): void {
  for (const parts of [re, im]) {
    const channels = [0, 1, 2, 3, 4, 5].map((c) => parts.subarray(c, c + 1));
    connectSamples(channels, connection, 0, 1);
  }
}
