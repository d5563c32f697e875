// SPDX-License-Identifier: Apache-2.0
import {columnsOf, report} from './data.js';
import {plural} from './format.js';
import {Heatmap} from './heatmap.jsx';
import {Matrix} from './matrix.jsx';
import {ColumnSwitch} from './columns.jsx';
import {formatHash} from './route.js';
import {countOutcomes} from './table.js';
import {Verdicts} from './compare.jsx';

export function Overview({route}) {
  const columns = columnsOf(route.query.columns ?? 'headlines');
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{report.title || 'Report'}</h1>
          <p class="muted">
            {[report.suite || 'loose videos', plural(report.models.length, 'model'), plural(report.cells.length, 'cell'),
              report.started].filter(Boolean).join(' · ')}
          </p>
        </div>
        <Outcomes />
      </div>
      {report.comparison && (
        <div class="compared">
          <a href="#/compare">{report.comparison.base} → {report.comparison.head}</a>
          <Verdicts comparison={report.comparison} />
        </div>
      )}
      <section aria-labelledby="models-title">
        <div class="section-head">
          <h2 id="models-title">Models</h2>
          <ColumnSwitch choice={route.query.columns} />
        </div>
        <Matrix columns={columns} route={route} />
        <Legend />
      </section>
      {report.cells.length > 0 && <Heatmap route={route} />}
    </>
  );
}

function Outcomes() {
  const counts = countOutcomes(report.cells, columnsOf('headlines'));
  const words = {done: 'measured', unmeasured: 'partly measured', failed: 'failed', missing: 'missing'};
  return (
    <ul class="outcomes">
      {Object.entries(counts).filter(([, count]) => count > 0).map(([outcome, count]) => (
        <li>
          <a class={`chip ${outcome}`} href={formatHash(['cells'], {outcome})}>
            <b>{count}</b> {words[outcome]}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Legend() {
  return (
    <p class="legend muted">
      Mean ± half of its 95 % interval, resampled by scene. <span class="swatch good" /> better{' '}
      <span class="swatch bad" /> worse <span class="swatch hatched" /> not measurable: no evidence either way, never
      counted as bad. Where cells lack a value, the bounds show the mean with all of them at worst and at best.
    </p>
  );
}
