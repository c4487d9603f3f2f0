/** Sums over half a cycle of three voltages and three currents: AssemblyScript, compiled into kernels.wasm.ts. */

/** Both lanes. */
function total(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** The larger lane. */
function largest(x: v128): f64 {
  const a = f64x2.extract_lane(x, 0);
  const b = f64x2.extract_lane(x, 1);
  return a < b ? b : a;
}

/**
 * `n` samples, an even number, of three voltages at v and three currents at i, one channel after the other; each voltage
 * has `before` samples, of the quarter of a cycle before, ahead of its own. Writes eight runs of three numbers to
 * `out`: vv, ii, vi, shifted, the peaks of v and i, the squares of va - vb, vb - vc and vc - va; the last holds that of
 * ia + ib + ic.
 */
export function sumHalfCycle(v: usize, i: usize, n: i32, before: i32, out: usize): void {
  const bytes = (<usize>n) << 3;
  const ahead = (<usize>before) << 3;
  for (let phase: usize = 0; phase < 3; phase++) {
    let vv = f64x2.splat(0);
    let ii = f64x2.splat(0);
    let vi = f64x2.splat(0);
    let shifted = f64x2.splat(0);
    let vPeak = f64x2.splat(0);
    let iPeak = f64x2.splat(0);
    let earlier = v + phase * (bytes + ahead);
    let current = i + phase * bytes;
    for (const end = current + bytes; current < end; current += 16, earlier += 16) {
      const volts = v128.load(earlier + ahead);
      const amps = v128.load(current);
      vv = f64x2.add(vv, f64x2.mul(volts, volts));
      ii = f64x2.add(ii, f64x2.mul(amps, amps));
      vi = f64x2.add(vi, f64x2.mul(volts, amps));
      shifted = f64x2.add(shifted, f64x2.mul(v128.load(earlier), amps));
      // What is not a number is no peak.
      vPeak = f64x2.pmax(vPeak, f64x2.abs(volts));
      iPeak = f64x2.pmax(iPeak, f64x2.abs(amps));
    }
    const to = out + (phase << 3);
    store<f64>(to, total(vv));
    store<f64>(to, total(ii), 24);
    store<f64>(to, total(vi), 48);
    store<f64>(to, total(shifted), 72);
    store<f64>(to, largest(vPeak), 96);
    store<f64>(to, largest(iPeak), 120);
  }
  let ab = f64x2.splat(0);
  let bc = f64x2.splat(0);
  let ca = f64x2.splat(0);
  let neutral = f64x2.splat(0);
  let from = v + ahead;
  const apart = bytes + ahead;
  for (const end = i + bytes; i < end; i += 16, from += 16) {
    const a = v128.load(from);
    const b = v128.load(from + apart);
    const c = v128.load(from + 2 * apart);
    const aLessB = f64x2.sub(a, b);
    const bLessC = f64x2.sub(b, c);
    const cLessA = f64x2.sub(c, a);
    const amps = f64x2.add(f64x2.add(v128.load(i), v128.load(i + bytes)), v128.load(i + 2 * bytes));
    ab = f64x2.add(ab, f64x2.mul(aLessB, aLessB));
    bc = f64x2.add(bc, f64x2.mul(bLessC, bLessC));
    ca = f64x2.add(ca, f64x2.mul(cLessA, cLessA));
    neutral = f64x2.add(neutral, f64x2.mul(amps, amps));
  }
  store<f64>(out, total(ab), 144);
  store<f64>(out, total(bc), 152);
  store<f64>(out, total(ca), 160);
  store<f64>(out, total(neutral), 168);
}
