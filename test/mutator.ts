/** Seeded damage to bytes: what readers of the wire are tried with. */

/** Numbers from 0 to one less than asked, the same from the same seed (mulberry32). */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Bytes that lengths, counts, tags and flags are at their ends. */
const telling = [0x00, 0x01, 0x02, 0x7e, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xfe, 0xff] as const;

/** One of the samples with one to four changes: bits, bytes, what is cut, doubled, put in, or taken from another sample. */
export function mutated(samples: readonly Uint8Array[], random: (below: number) => number): Uint8Array {
  const sample = (): Uint8Array => samples[random(samples.length)] ?? new Uint8Array(0);
  let bytes = [...sample()];
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const span = random(8);
    switch (random(8)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        break;
      case 1:
        bytes[at] = random(256);
        break;
      case 2:
        bytes[at] = telling[random(telling.length)] ?? 0;
        break;
      case 3:
        bytes = bytes.slice(0, at);
        break;
      case 4:
        bytes.splice(at, span);
        break;
      case 5:
        bytes.splice(at, 0, ...bytes.slice(at, at + span));
        break;
      case 6:
        bytes.splice(at, 0, ...Array.from({ length: span }, () => random(256)));
        break;
      default:
        bytes = [...bytes.slice(0, at), ...sample().subarray(random(bytes.length + 1))];
    }
  }
  return Uint8Array.from(bytes);
}
