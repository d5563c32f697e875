// SPDX-License-Identifier: Apache-2.0
import {cellName, columnsOf, report} from './data.js';
import {formatNumber, goodness, readable, tint} from './format.js';
import {Name} from './name.jsx';
import {cellHash, replaceQuery} from './route.js';
import {rangesOf} from './table.js';

const most = 400;  // rows drawn; the cells page shows the rest

// Scenes × models, coloured by one score; every square leads to its cell.
export function Heatmap({route: {query}}) {
  const scores = columnsOf('all');
  const score = scores.find((one) => one.id === query.map) ?? mostMeasured(columnsOf('headlines'));
  if (!score) return null;
  const range = rangesOf(report.cells, report.scores.length)[score.index];
  const rows = new Map();
  for (const cell of report.cells) {
    const name = cellName(cell);
    if (!rows.has(name)) rows.set(name, new Map());
    rows.get(name).set(cell.model, cell);
  }
  const shown = [...rows].slice(0, most);
  return (
    <section aria-labelledby="map-title">
      <div class="section-head">
        <h2 id="map-title">Scenes</h2>
        <label class="field">coloured by
          <select value={score.id} onChange={(event) => replaceQuery({map: event.target.value})}>
            {scores.map((one) => <option value={one.id}>{one.id}</option>)}
          </select>
        </label>
      </div>
      <div class="scroll fit" tabIndex={0} role="region" aria-label="Scenes and models">
        <table class="heatmap">
          <thead>
            <tr><th scope="col">scene</th>{report.models.map((model) => <th scope="col"><Name text={model} /></th>)}</tr>
          </thead>
          <tbody>
            {shown.map(([name, cells]) => (
              <tr>
                <th scope="row">{name}</th>
                {report.models.map((model) => <Square cell={cells.get(model)} score={score} range={range} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.size > most && <p class="muted">{rows.size - most} more scenes stand on the <a href="#/cells">cells page</a>.</p>}
    </section>
  );
}

const countOf = (score) => report.cells.filter((cell) => cell.scores[score.index]?.value !== undefined).length;
const mostMeasured = (scores) => [...scores].sort((a, b) => countOf(b) - countOf(a))[0];

function Square({cell, score, range}) {
  if (!cell) return <td class="none" title="not planned">·</td>;
  const value = cell.scores[score.index];
  const href = cellHash(cell, {score: score.id});
  const name = `${cell.model}, ${cellName(cell)}`;
  if (cell.status !== 'done') {
    return <td class={cell.status}><a href={href} aria-label={`${name}: ${cell.status}`}>{cell.status}</a></td>;
  }
  if (value?.value === undefined) {
    const why = value ? readable(value.code) : 'no score';
    return <td class="unmeasured" title={value?.text}><a href={href} aria-label={`${name}: ${why}`}>{why}</a></td>;
  }
  return (
    <td class="measured" style={tint(goodness(score, value.value, range))}>
      <a href={href} aria-label={`${name}: ${formatNumber(value.value)}`}>{formatNumber(value.value)}</a>
    </td>
  );
}
