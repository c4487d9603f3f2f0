/** Where the segments of a digit lie: polygons in a box of 20 by 34, slanted as they are printed. */

const HALF = 1.6;
const [LEFT, RIGHT, TOP, MIDDLE, BOTTOM] = [3, 17, 3, 17, 31];
const CENTRE = (LEFT + RIGHT) / 2;

type Corner = readonly [x: number, y: number];

const bar = (x0: number, x1: number, y: number): readonly Corner[] => [
  [x0 + 0.4, y],
  [x0 + 0.4 + HALF, y - HALF],
  [x1 - 0.4 - HALF, y - HALF],
  [x1 - 0.4, y],
  [x1 - 0.4 - HALF, y + HALF],
  [x0 + 0.4 + HALF, y + HALF],
];

const post = (x: number, y0: number, y1: number): readonly Corner[] => [
  [x, y0 + 0.4],
  [x + HALF, y0 + 0.4 + HALF],
  [x + HALF, y1 - 0.4 - HALF],
  [x, y1 - 0.4],
  [x - HALF, y1 - 0.4 - HALF],
  [x - HALF, y0 + 0.4 + HALF],
];

/** From a corner to the middle, as thick as the others; it begins and ends a little before, as segments do. */
const slant = ([x0, y0]: Corner, [x1, y1]: Corner): readonly Corner[] => {
  const length = Math.hypot(x1 - x0, y1 - y0);
  const [along, across] = [(x1 - x0) / length, (y1 - y0) / length];
  const [from, to] = [1.8, length - 1];
  const corner = (at: number, aside: number): Corner => [
    x0 + along * at - across * aside,
    y0 + across * at + along * aside,
  ];
  return [
    corner(from - 0.8, 0),
    corner(from + HALF * 0.6, HALF),
    corner(to - HALF * 0.6, HALF),
    corner(to, 0),
    corner(to - HALF * 0.6, -HALF),
    corner(from + HALF * 0.6, -HALF),
  ];
};

const common = {
  a: bar(LEFT, RIGHT, TOP),
  b: post(RIGHT, TOP, MIDDLE),
  c: post(RIGHT, MIDDLE, BOTTOM),
  d: bar(LEFT, RIGHT, BOTTOM),
  e: post(LEFT, MIDDLE, BOTTOM),
  f: post(LEFT, TOP, MIDDLE),
};

const shapes: Readonly<Record<7 | 14, Readonly<Record<string, readonly Corner[]>>>> = {
  7: { ...common, g: bar(LEFT, RIGHT, MIDDLE) },
  14: {
    ...common,
    g: bar(LEFT, CENTRE, MIDDLE),
    n: bar(CENTRE, RIGHT, MIDDLE),
    h: slant([LEFT, TOP], [CENTRE, MIDDLE]),
    i: post(CENTRE, TOP + 1.4, MIDDLE),
    j: slant([RIGHT, TOP], [CENTRE, MIDDLE]),
    k: slant([LEFT, BOTTOM], [CENTRE, MIDDLE]),
    l: post(CENTRE, MIDDLE, BOTTOM - 1.4),
    m: slant([RIGHT, BOTTOM], [CENTRE, MIDDLE]),
  },
};

/** The points of a segment's polygon, as SVG has them. */
export function pointsOf(segment: string, segments: 7 | 14): string {
  return (shapes[segments][segment] ?? []).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
}
