// SPDX-License-Identifier: Apache-2.0
import {report} from './data.js';
import {directionText, formatNumber, plural, signed, unitText} from './format.js';

const marks = {improved: '▲', regressed: '▼', 'no change': '=', 'not enough data': '?', 'not comparable': '≠', 'not judged': '·'};
const classOf = (verdict) => verdict.replaceAll(' ', '-');

export function Compare() {
  const comparison = report.comparison;
  if (!comparison) return <p class="empty">This report holds no comparison.</p>;
  return (
    <>
      <h1>Comparison</h1>
      <p class="sides"><span class="end">base</span> {comparison.base} <span aria-hidden="true">→</span>{' '}
        <span class="end">head</span> {comparison.head}</p>
      <div class="compared"><Verdicts comparison={comparison} /></div>
      {comparison.warnings.map((warning) => <p class="warning">{warning}</p>)}
      <div class="scroll spaced" tabIndex={0} role="region" aria-label="Comparison by score">
        <table class="plain numbers">
          <thead><tr>{['score', 'verdict', 'base', 'head', 'difference', '95 % interval', 'pairs', 'why']
            .map((head) => <th scope="col">{head}</th>)}</tr></thead>
          <tbody>{comparison.metrics.map((metric) => <Metric metric={metric} />)}</tbody>
        </table>
      </div>
      <Changes title="Newly failing" cells={comparison.newly_failing} />
      <Changes title="Fixed" cells={comparison.fixed} />
    </>
  );
}

function Metric({metric}) {
  const known = metric.pairs > 0;
  return (
    <tr>
      <th scope="row">{metric.id}<div class="unit">
        {[unitText(metric.unit), directionText(metric)].filter(Boolean).join(' · ')}
      </div></th>
      <td><Verdict verdict={metric.verdict} /></td>
      <td>{known ? formatNumber(metric.base_mean) : '–'}</td>
      <td>{known ? formatNumber(metric.head_mean) : '–'}</td>
      <td>{known ? signed(metric.difference) : '–'}{known && <DifferenceBar metric={metric} />}</td>
      <td class="whole">{known ? `${signed(metric.low)} … ${signed(metric.high)}` : '–'}</td>
      <td>{metric.pairs} in {plural(metric.scenes, 'scene')}
        {metric.only_base + metric.only_head > 0 &&
          <div class="unit">only base {metric.only_base}, only head {metric.only_head}</div>}</td>
      <td class="text">{metric.why}</td>
    </tr>
  );
}

// The interval around zero.
function DifferenceBar({metric: {low, high, difference}}) {
  const reach = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const x = (value) => 50 + (48 * value) / reach;
  return (
    <svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <line class="scale" x1="0" x2="100" y1="4" y2="4" />
      <line class="zero" x1="50" x2="50" y1="0" y2="8" />
      <rect class="span" x={x(low)} width={Math.max(0.8, x(high) - x(low))} y="2" height="4" />
      <rect class="mean" x={x(difference) - 0.7} width="1.4" y="0" height="8" />
    </svg>
  );
}

const Verdict = ({verdict}) => (
  <span class={`verdict ${classOf(verdict)}`}><span aria-hidden="true">{marks[verdict]}</span> {verdict}</span>
);

// How many scores got which verdict.
export function Verdicts({comparison}) {
  return (
    <ul class="outcomes verdicts" aria-label="Verdicts">
      {Object.keys(marks).map((verdict) => {
        const count = comparison.metrics.filter((metric) => metric.verdict === verdict).length;
        return count > 0 && (
          <li><a class={`chip ${classOf(verdict)}`} href="#/compare"><b>{count}</b> {verdict}</a></li>
        );
      })}
      {comparison.newly_failing.length > 0 &&
        <li><a class="chip failed" href="#/compare"><b>{comparison.newly_failing.length}</b> newly failing</a></li>}
    </ul>
  );
}

function Changes({title, cells}) {
  if (cells.length === 0) return null;
  return <section><h2>{title}</h2><ul class="plain-list">{cells.map((cell) => <li>{cell}</li>)}</ul></section>;
}
