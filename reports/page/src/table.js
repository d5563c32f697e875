// SPDX-License-Identifier: Apache-2.0
// Filtering and sorting of the cells: pure functions, tested without a browser.

export const outcomes = ['done', 'unmeasured', 'failed', 'missing'];

// What a reader filters for: a done cell in which a shown score could not be measured is "unmeasured".
export function outcomeOf(cell, columns) {
  if (cell.status !== 'done') return cell.status;
  const lacking = columns.some((column) => cell.scores[column.index]?.status === 'not_measurable');
  return lacking ? 'unmeasured' : 'done';
}

export function countOutcomes(cells, columns) {
  const counts = {done: 0, unmeasured: 0, failed: 0, missing: 0};
  for (const cell of cells) counts[outcomeOf(cell, columns)] += 1;
  return counts;
}

// All words of the text must be found somewhere in the cell.
export function matches(cell, text) {
  const all = [cell.model, cell.scene, cell.seed, cell.scenario, cell.caption, cell.reason, cell.sample.motion]
    .join(' ').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

export function filterCells(cells, {q = '', model = '', scenario = '', outcome = ''}, columns) {
  return cells.filter((cell) =>
    (!model || cell.model === model) &&
    (!scenario || cell.scenario === scenario) &&
    (!outcome || outcomeOf(cell, columns) === outcome) &&
    (!q || matches(cell, q)));
}

// Sorted by a column, cells without a value last in either direction, ties in the order of the run.
export function sortBy(rows, valueOf, descending) {
  const keyed = rows.map((row, index) => ({row, index, value: valueOf(row) ?? null}));
  const sign = descending ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return (a.value === null) - (b.value === null) || a.index - b.index;
    }
    const order = typeof a.value === 'string'
      ? a.value.localeCompare(b.value, 'en', {numeric: true})
      : a.value - b.value;
    return sign * order || a.index - b.index;
  });
  return keyed.map(({row}) => row);
}

// Smallest and largest measured value of every column over all cells: the ends of unbounded colour scales.
export function rangesOf(cells, count) {
  const ranges = Array.from({length: count}, () => null);
  for (const cell of cells) {
    cell.scores.forEach((score, index) => {
      if (!score || score.value === undefined) return;
      const range = ranges[index] ?? [score.value, score.value];
      ranges[index] = [Math.min(range[0], score.value), Math.max(range[1], score.value)];
    });
  }
  return ranges;
}
