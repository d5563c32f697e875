// SPDX-License-Identifier: Apache-2.0
// Residuals as colours. The scale is logarithmic and the same for every clip: its ends are 1/4 and 4 pixels of a 256 × 256
// picture: tracking noise, and what no score counts as agreement any more.

const low = 0.25;
const high = 4;
const ramp = [[0, 90, 20, 130, 0], [0.25, 130, 30, 125, 0.3], [0.5, 205, 60, 80, 0.55], [0.75, 245, 130, 30, 0.7], [1, 255, 228, 90, 0.8]];

// Pixels of the sample that are one in a 256 × 256 picture.
export const unitPx = (width, height) => Math.sqrt(width * height) / 256;

// Where a residual in units stands on the scale, 0 … 1.
export const placeOf = (units) => Math.min(1, Math.max(0, Math.log2(Math.max(units, 1e-9) / low) / Math.log2(high / low)));

// [red, green, blue, alpha], alpha 0 … 1.
export function colourAt(place) {
  const above = Math.max(1, ramp.findIndex(([at]) => at >= place));
  const [from, to] = [ramp[above - 1], ramp[above]];
  const share = (place - from[0]) / (to[0] - from[0]);
  return [1, 2, 3, 4].map((i) => from[i] + share * (to[i] - from[i]));
}

export const cssColour = ([red, green, blue, alpha]) =>
  `rgb(${Math.round(red)} ${Math.round(green)} ${Math.round(blue)} / ${alpha.toFixed(3)})`;

// Ticks of the legend: where, and how many pixels of the sample that is.
export const ticks = (unit) => [low, 0.5, 1, 2, high].map((units) => ({place: placeOf(units), px: units * unit}));

// Colours of a map's cells as bytes of an ImageData; what is not known stays clear.
export function paint({columns, rows, step, values}, unit) {
  const bytes = new Uint8ClampedArray(4 * columns * rows);
  values.forEach((value, i) => {
    if (value === null) return;
    const [red, green, blue, alpha] = colourAt(placeOf((value * step) / unit));
    bytes.set([red, green, blue, 255 * alpha], 4 * i);
  });
  return bytes;
}

// Stretches of cells of which nothing is known, as rectangles of an SVG path in cells.
export function unknownPath({columns, rows, values}) {
  let path = '';
  for (let row = 0; row < rows; ++row) {
    for (let column = 0; column < columns;) {
      let end = column;
      while (end < columns && values[row * columns + end] === null) ++end;
      if (end > column) path += `M${column},${row}h${end - column}v1h${column - end}z`;
      column = end + 1;
    }
  }
  return path;
}
