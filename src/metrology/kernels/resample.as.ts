/**
 * Six interleaved channels at evenly spaced instants: AssemblyScript, compiled into kernels.wasm.ts.
 * Two channels share a vector, so three vectors hold a scan.
 */

/** Bytes of a scan, and of what the plan keeps of an instant. */
const SCAN: usize = 48;
const PLANNED: usize = 16;

/**
 * Where each instant finds its samples and its row, and how far it lies beyond that row. A loop of its own: the products
 * of one instant then need not wait for the address of the next. An instant that is a sample has no row where `exact`.
 */
function prepare(
  rows: usize,
  taps: i32,
  phases: f64,
  exact: bool,
  input: usize,
  position: f64,
  step: f64,
  count: i32,
  plan: usize,
): void {
  const before = (taps >> 1) - 1;
  for (let k = 0; k < count; k++) {
    const instant = position + <f64>k * step;
    const whole = Math.floor(instant);
    const place = (instant - whole) * phases;
    const row = Math.floor(place);
    const isSample = exact && place === 0;
    store<u32>(plan, isSample ? 0 : <u32>(rows + ((<usize>(<i32>row) * <usize>taps) << 3)));
    store<u32>(plan, <u32>(input + <usize>(<i32>whole - (isSample ? 0 : before)) * SCAN), 4);
    store<f64>(plan, place - row, 8);
    plan += PLANNED;
  }
}

/** Writes channel c of instant k to out[c * count + k]; 16 bytes an instant beyond that are for its own use. */
export function resample(
  rows: usize,
  taps: i32,
  phases: f64,
  exact: bool,
  input: usize,
  position: f64,
  step: f64,
  count: i32,
  out: usize,
): void {
  let plan = out + <usize>count * SCAN;
  prepare(rows, taps, phases, exact, input, position, step, count, plan);
  const rowBytes = (<usize>taps) << 3;
  const channelBytes = (<usize>count) << 3;
  for (let k = 0; k < count; k++) {
    let low = <usize>load<u32>(plan);
    let x = <usize>load<u32>(plan, 4);
    const part = v128.load64_splat(plan, 8);
    let end = low + rowBytes;
    // Even taps and odd ones.
    let ab0 = f64x2.splat(0);
    let cd0 = f64x2.splat(0);
    let ef0 = f64x2.splat(0);
    let ab1 = f64x2.splat(0);
    let cd1 = f64x2.splat(0);
    let ef1 = f64x2.splat(0);
    if (low === 0) {
      ab0 = v128.load(x);
      cd0 = v128.load(x, 16);
      ef0 = v128.load(x, 32);
      end = 0;
    }
    while (low < end) {
      const here = v128.load(low);
      const both = f64x2.add(here, f64x2.mul(part, f64x2.sub(v128.load(low + rowBytes), here)));
      const even = v128.shuffle<f64>(both, both, 0, 0);
      ab0 = f64x2.add(ab0, f64x2.mul(even, v128.load(x)));
      cd0 = f64x2.add(cd0, f64x2.mul(even, v128.load(x, 16)));
      ef0 = f64x2.add(ef0, f64x2.mul(even, v128.load(x, 32)));
      const odd = v128.shuffle<f64>(both, both, 1, 1);
      ab1 = f64x2.add(ab1, f64x2.mul(odd, v128.load(x, 48)));
      cd1 = f64x2.add(cd1, f64x2.mul(odd, v128.load(x, 64)));
      ef1 = f64x2.add(ef1, f64x2.mul(odd, v128.load(x, 80)));
      low += 16;
      x += 2 * SCAN;
    }
    const ab = f64x2.add(ab0, ab1);
    const cd = f64x2.add(cd0, cd1);
    const ef = f64x2.add(ef0, ef1);
    let to = out;
    v128.store_lane<f64>(to, ab, 0);
    v128.store_lane<f64>((to += channelBytes), ab, 1);
    v128.store_lane<f64>((to += channelBytes), cd, 0);
    v128.store_lane<f64>((to += channelBytes), cd, 1);
    v128.store_lane<f64>((to += channelBytes), ef, 0);
    v128.store_lane<f64>((to += channelBytes), ef, 1);
    plan += PLANNED;
    out += 8;
  }
}
