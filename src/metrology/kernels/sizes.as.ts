/** How large three signals and their differences are: AssemblyScript, compiled into kernels.wasm.ts. */

/**
 * `n` samples, an even number, of three signals x, y, z that lie one after the other. Writes the sums of the squares of x, y, z, x - y, y - z and
 * z - x to `out`, and behind them the largest square of each: two numbers for each, of even samples and of odd ones.
 */
export function measureSizes(x: usize, n: i32, out: usize): void {
  const bytes = (<usize>n) << 3;
  let xx = f64x2.splat(0);
  let yy = f64x2.splat(0);
  let zz = f64x2.splat(0);
  let xy = f64x2.splat(0);
  let yz = f64x2.splat(0);
  let zx = f64x2.splat(0);
  let xPeak = f64x2.splat(0);
  let yPeak = f64x2.splat(0);
  let zPeak = f64x2.splat(0);
  let xyPeak = f64x2.splat(0);
  let yzPeak = f64x2.splat(0);
  let zxPeak = f64x2.splat(0);
  for (const end = x + bytes; x < end; x += 16) {
    const a = v128.load(x);
    const b = v128.load(x + bytes);
    const c = v128.load(x + 2 * bytes);
    const aLessB = f64x2.sub(a, b);
    const bLessC = f64x2.sub(b, c);
    const cLessA = f64x2.sub(c, a);
    const aa = f64x2.mul(a, a);
    const bb = f64x2.mul(b, b);
    const cc = f64x2.mul(c, c);
    const ab = f64x2.mul(aLessB, aLessB);
    const bc = f64x2.mul(bLessC, bLessC);
    const ca = f64x2.mul(cLessA, cLessA);
    xx = f64x2.add(xx, aa);
    yy = f64x2.add(yy, bb);
    zz = f64x2.add(zz, cc);
    xy = f64x2.add(xy, ab);
    yz = f64x2.add(yz, bc);
    zx = f64x2.add(zx, ca);
    // What is not a number is no peak.
    xPeak = f64x2.pmax(xPeak, aa);
    yPeak = f64x2.pmax(yPeak, bb);
    zPeak = f64x2.pmax(zPeak, cc);
    xyPeak = f64x2.pmax(xyPeak, ab);
    yzPeak = f64x2.pmax(yzPeak, bc);
    zxPeak = f64x2.pmax(zxPeak, ca);
  }
  v128.store(out, xx);
  v128.store(out, yy, 16);
  v128.store(out, zz, 32);
  v128.store(out, xy, 48);
  v128.store(out, yz, 64);
  v128.store(out, zx, 80);
  v128.store(out, xPeak, 96);
  v128.store(out, yPeak, 112);
  v128.store(out, zPeak, 128);
  v128.store(out, xyPeak, 144);
  v128.store(out, yzPeak, 160);
  v128.store(out, zxPeak, 176);
}
