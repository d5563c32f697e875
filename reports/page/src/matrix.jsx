// SPDX-License-Identifier: Apache-2.0
import {report, shortName, familyOf} from './data.js';
import {SortHead} from './columns.jsx';
import {directionText, formatHalf, formatNumber, goodness, isBounded, readable, tint, unitText} from './format.js';
import {Name} from './name.jsx';
import {formatHash} from './route.js';
import {sortBy} from './table.js';

// Models × scores, each with interval and coverage.
export function Matrix({columns, route: {query}}) {
  const text = (query.q ?? '').toLowerCase();
  const rows = report.models
    .map((model, index) => ({model, summaries: report.summary[index] ?? []}))
    .filter(({model}) => model.toLowerCase().includes(text));
  const column = columns.find((one) => one.id === query.sort);
  const valueOf = column ? (row) => row.summaries[column.index]?.mean
    : query.sort === 'model' ? (row) => row.model : () => 0;
  const ranges = new Map(columns.map((one) => [one.index, rangeOf(rows, one)]));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Models and scores">
      <table class="matrix">
        <thead>
          <tr>
            <SortHead id="model" title="model" query={query} />
            {columns.map((one) => (
              <SortHead id={one.id} title={shortName(one)} query={query} descendingFirst={one.better === 'higher'}
                hint={one.summary}
                note={[familyOf(one), unitText(one.unit), directionText(one)]
                  .filter(Boolean).join(' · ')} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortBy(rows, valueOf, query.order === 'down').map((row) => (
            <tr>
              <th scope="row"><a href={formatHash(['cells'], {model: row.model})}><Name text={row.model} /></a></th>
              {columns.map((one) => (
                <SummaryCell score={one} summary={row.summaries[one.index]} range={ranges.get(one.index)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">No model in this run.</p>}
    </div>
  );
}

// The ends of a column's scale: 0–1 where the score has them, else what all models' intervals span.
function rangeOf(rows, score) {
  if (isBounded(score)) return [0, 1];
  const ends = rows.flatMap(({summaries}) => {
    const one = summaries[score.index];
    return one && one.mean !== null ? [one.low, one.high] : [];
  });
  return ends.length ? [Math.min(...ends), Math.max(...ends)] : null;
}

function SummaryCell({score, summary, range}) {
  if (!summary || summary.planned + summary.not_tested === 0) return <td class="none">–</td>;
  const {mean, low, high, measured, planned, worst, best} = summary;
  if (mean === null) {
    const untested = planned === 0;
    return (
      <td class="unmeasured">
        <div class="number">{untested ? 'not tested' : 'not measurable'}</div>
        <Reasons summary={summary} />
      </td>
    );
  }
  return (
    <td class="measured" style={tint(goodness(score, mean, range))}>
      <div class="number">{formatNumber(mean)} <small>{measured > 1 ? formatHalf(mean, low, high) : 'one cell'}</small></div>
      <IntervalBar range={range} mean={mean} low={low} high={high} />
      <div class="coverage" title={reasonsText(summary)}>
        <span>{measured}/{planned}</span>
        {measured < planned && worst !== null && best !== null &&
          <span> bounds {formatNumber(Math.min(worst, best))}–{formatNumber(Math.max(worst, best))}</span>}
      </div>
    </td>
  );
}

const reasonsText = ({reasons}) =>
  Object.entries(reasons).map(([code, count]) => `${readable(code)} × ${count}`).join(', ');

function Reasons({summary}) {
  const sorted = Object.entries(summary.reasons).sort((a, b) => b[1] - a[1]);
  return (
    <div class="reasons">
      {sorted.slice(0, 2).map(([code, count]) => <div>{readable(code)} × {count}</div>)}
      {sorted.length > 2 && <div>and {sorted.length - 2} more</div>}
    </div>
  );
}

// Where mean and interval lie on the column's scale.
export function IntervalBar({range, mean, low, high}) {
  if (!range || !(range[1] > range[0])) return null;
  const x = (value) => 100 * Math.min(1, Math.max(0, (value - range[0]) / (range[1] - range[0])));
  return (
    <svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <line class="scale" x1="0" x2="100" y1="4" y2="4" />
      <rect class="span" x={x(low)} width={Math.max(0.8, x(high) - x(low))} y="2" height="4" />
      <rect class="mean" x={Math.min(98.6, Math.max(0, x(mean) - 0.7))} width="1.4" y="0" height="8" />
    </svg>
  );
}
