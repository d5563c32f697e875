// SPDX-License-Identifier: Apache-2.0
import {report} from './data.js';
import {unitText} from './format.js';

// What it takes to repeat the run, and what each score means.
export function Environment() {
  return (
    <>
      <h1>Run</h1>
      <div class="facts">
        <Facts title="Run" values={{
          name: report.name, suite: report.suite || 'none: loose videos', 'suite digest': report.suite_digest || '–',
          started: report.started || '–', models: report.models.length, cells: report.cells.length,
        }} />
        <Facts title="Versions" values={report.versions} />
        <Facts title="Machine" values={report.machine} />
      </div>
      <section>
        <h2>Scores</h2>
        <div class="scroll" tabIndex={0} role="region" aria-label="Scores">
          <table class="plain">
            <thead><tr><th scope="col">score</th><th scope="col">unit</th><th scope="col">better</th>
              <th scope="col">version</th><th scope="col">what it measures</th></tr></thead>
            <tbody>
              {report.scores.map((score) => (
                <tr>
                  <th scope="row">{score.id}{score.headline && <span class="tag">headline</span>}</th>
                  <td>{unitText(score.unit) || score.unit}</td>
                  <td>{score.better ?? '–'}</td>
                  <td>{score.version}</td>
                  <td class="text">{score.summary}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}

function Facts({title, values}) {
  const entries = Object.entries(values);
  return (
    <section class="card">
      <h2>{title}</h2>
      {entries.length === 0 ? <p class="muted">Not recorded.</p>
        : <dl>{entries.map(([key, value]) => <div><dt>{key}</dt><dd>{value}</dd></div>)}</dl>}
    </section>
  );
}
