// SPDX-License-Identifier: Apache-2.0
// The pure parts of the page: addresses, numbers, tables, frames. No browser.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {clampFrame, frameAt, middleOf, partnerTime, speeds, stepSpeed} from '../src/clock.js';
import {commonFolder, formatHalf, formatNumber, goodness, pieces, signed, tint} from '../src/format.js';
import {colourAt, paint, placeOf, ticks, unitPx, unknownPath} from '../src/heat.js';
import {cellHash, formatHash, parseHash} from '../src/route.js';
import {countOutcomes, filterCells, outcomeOf, rangesOf, sortBy} from '../src/table.js';

test('an address survives the way into the hash and back', () => {
  for (const name of ['oracle', 'sabotage:gravity=0.5,onset=8', 'native:a/b c', '<img src=x>', '?a=b&c#d', 'ü%20', '50%']) {
    const hash = cellHash({model: name, scene: `s/${name}`, seed: '18446744073709551615'}, {f: 12, mode: 'swipe', left: name});
    assert.deepEqual(parseHash(hash), {
      path: ['cell', name, `s/${name}`, '18446744073709551615'], query: {f: '12', mode: 'swipe', left: name},
    });
  }
  assert.equal(formatHash(['cells'], {q: '', model: undefined, sort: null}), '#/cells');
  assert.deepEqual(parseHash(''), {path: [], query: {}});
  assert.deepEqual(parseHash('#/cell/%E0%A4%A'), {path: ['cell', '%E0%A4%A'], query: {}});
});

test('numbers read like those of the console', () => {
  const expected = [[0, '0'], [1, '1.000'], [0.9876, '0.988'], [12.345, '12.35'], [123.45, '123.5'], [4567.8, '4568'],
    [0.0001, '1.0e-4'], [-2, '-2.000'], [null, '–'], [12345678, '1.235e+7']];
  for (const [value, text] of expected) assert.equal(formatNumber(value), text);
  assert.equal(formatHalf(0.5, 0.45, 0.52), '±0.050');
  assert.equal(signed(0.25), '+0.250');
  assert.equal(signed(-0.25), '−0.250');
});

test('paths lose the folder that all share', () => {
  assert.equal(commonFolder([]), 0);
  assert.equal(commonFolder(['drop-1', 'drop-2']), 0);
  assert.equal(commonFolder(['/a/b/c.mp4', '/a/b/d.mp4']), 5);
  assert.equal(commonFolder(['/a/b/c.mp4', '/a/bb/d.mp4']), 3);
  assert.equal(commonFolder(['/a/b.mp4', 'c/d.mp4']), 0);
  assert.equal(commonFolder(['x/only.mp4']), 2);
});

test('colours say which way is better', () => {
  const share = {unit: 'share', better: 'higher'};
  assert.equal(goodness(share, 0.8), 0.8);
  assert.equal(goodness({...share, better: 'lower'}, 0.8).toFixed(3), '0.200');
  assert.equal(goodness({unit: 'px', better: 'lower'}, 3, [1, 5]), 0.5);
  assert.equal(goodness({unit: 'px', better: 'lower'}, 3, [3, 3]), null);
  assert.equal(goodness({unit: 'px', better: 'lower'}, 3, null), null);
  assert.equal(goodness({...share, better: null}, 0.8), null);
  assert.match(tint(0.9), /good/);
  assert.match(tint(0.1), /bad/);
  assert.equal(tint(null), undefined);
  assert.deepEqual(pieces('sabotage:gravity=0.5'), ['sabotage:', 'gravity=', '0.5']);
});

const cell = (name, status, ...scores) => ({model: name, scene: `scene-${name}`, seed: '0', scenario: 'drop', caption: 'A Red ball',
  reason: '', status, sample: {motion: 'static'}, scores});
const measured = (value) => ({value});
const lacking = {status: 'not_measurable', code: 'no_parallax'};
const columns = [{index: 0, id: 'a.b'}];
const cells = [cell('x', 'done', measured(2)), cell('y', 'done', lacking), cell('z', 'failed'), cell('w', 'done', measured(1))];

test('filters and counts', () => {
  assert.equal(outcomeOf(cells[1], columns), 'unmeasured');
  assert.equal(outcomeOf(cells[1], []), 'done');
  assert.deepEqual(countOutcomes(cells, columns), {done: 2, unmeasured: 1, failed: 1, missing: 0});
  assert.deepEqual(filterCells(cells, {q: 'RED x'}, columns).map((one) => one.model), ['x']);
  assert.equal(filterCells(cells, {outcome: 'failed'}, columns).length, 1);
  assert.equal(filterCells(cells, {model: 'y'}, columns).length, 1);
  assert.equal(filterCells(cells, {q: 'nothing'}, columns).length, 0);
  assert.deepEqual(rangesOf(cells, 2), [[1, 2], null]);
});

test('sorting keeps cells without a value last, and ties in order', () => {
  const value = (one) => one.scores[0]?.value;
  assert.deepEqual(sortBy(cells, value, false).map((one) => one.model), ['w', 'x', 'y', 'z']);
  assert.deepEqual(sortBy(cells, value, true).map((one) => one.model), ['x', 'w', 'y', 'z']);
  assert.deepEqual(sortBy(['b-10', 'b-9'], (name) => name, false), ['b-9', 'b-10']);
  assert.deepEqual(sortBy(cells, () => 0, true), cells);
});

test('frames and seconds', () => {
  for (const fps of [12, 23.976, 24, 30, 60, 1000]) {
    for (const frame of [0, 1, 7, 47, 119]) assert.equal(frameAt(middleOf(frame, fps), fps, 120), frame);
  }
  assert.equal(frameAt(99, 24, 48), 47);
  assert.equal(clampFrame(-3, 48), 0);
  assert.equal(clampFrame(3, 0), 0);
  // Frame 10 at 24 per second is 0.4167 s: nearest frame of a 30 per second video is 12.5, rounded to 13.
  assert.equal(partnerTime(10, 24, {fps: 30, frames: 60}), 13.5 / 30);
  assert.equal(partnerTime(40, 24, {fps: 24, frames: 5}), 4.5 / 24);
  assert.equal(stepSpeed(1, 1), 2);
  assert.equal(stepSpeed(speeds[0], -1), speeds[0]);
});

test('residuals stand on one logarithmic scale, clear at its low end', () => {
  assert.equal(unitPx(256, 256), 1);
  assert.equal(unitPx(640, 360), 1.875);
  for (const [units, place] of [[0, 0], [0.25, 0], [0.5, 0.25], [1, 0.5], [2, 0.75], [4, 1], [400, 1]]) {
    assert.ok(Math.abs(placeOf(units) - place) < 1e-9, `${units}`);
  }
  assert.equal(colourAt(0)[3], 0);
  const alphas = Array.from({length: 21}, (_, i) => colourAt(i / 20)[3]);
  assert.deepEqual(alphas, [...alphas].sort((a, b) => a - b));
  assert.deepEqual(ticks(2).map(({px}) => px), [0.5, 1, 2, 4, 8]);
});

test('a map becomes pixels, and rectangles where nothing is known', () => {
  const map = {columns: 3, rows: 2, step: 0.01, values: [null, 400, 0, null, null, 100]};
  const bytes = paint(map, 1);
  assert.equal(bytes.length, 24);
  assert.deepEqual([bytes[3], bytes[11]], [0, 0]);
  assert.ok(bytes[7] > bytes[23] && bytes[23] > 100);
  assert.equal(unknownPath(map), 'M0,0h1v1h-1zM0,1h2v1h-2z');
  assert.equal(unknownPath({columns: 1, rows: 1, values: [5]}), '');
});
