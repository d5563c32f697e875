// SPDX-License-Identifier: Apache-2.0
import {cellName, columnsOf, report} from './data.js';
import {formatNumber, goodness, readable, tint} from './format.js';
import {Name} from './name.jsx';
import {cellHash, replaceQuery} from './route.js';
import {rangesOf} from './table.js';

const most = 400;  // rows drawn; the cells page shows the rest

// Scenes × models, coloured by one score; with a single model, its scenes × headlines. Every square leads to its cell.
export function Heatmap({route: {query}}) {
  const single = report.models.length === 1;
  const scores = columnsOf('all');
  const score = scores.find((one) => one.id === query.map) ?? mostMeasured(columnsOf('headlines'));
  if (!score) return null;
  const ranges = rangesOf(report.cells, report.scores.length);
  const heads = single
    ? columnsOf('headlines').map((one) => ({name: one.id, model: report.models[0], score: one}))
    : report.models.map((model) => ({name: model, model, score}));
  const rows = [...rowsByScene()];
  return (
    <section aria-labelledby="map-title">
      <div class="section-head">
        <h2 id="map-title">{report.suite ? 'Scenes' : 'Videos'}</h2>
        {!single && <ScoreChoice scores={scores} score={score} />}
      </div>
      <div class="scroll fit" tabIndex={0} role="region" aria-label="Scores of every scene">
        <table class="heatmap">
          <thead>
            <tr>
              <th scope="col">{report.suite ? 'scene' : 'video'}</th>
              {heads.map(({name}) => <th scope="col" key={name}><Name text={name} /></th>)}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map(([name, cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {heads.map((head) => (
                  <Square key={head.name} cell={cells.get(head.model)} score={head.score} range={ranges[head.score.index]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most &&
        <p class="muted">{rows.length - most} more stand on the <a href="#/cells">cells page</a>.</p>}
    </section>
  );
}

// Name of a scene → model → cell.
function rowsByScene() {
  const rows = new Map();
  for (const cell of report.cells) {
    const name = cellName(cell);
    if (!rows.has(name)) rows.set(name, new Map());
    rows.get(name).set(cell.model, cell);
  }
  return rows;
}

const countOf = (score) => report.cells.filter((cell) => cell.scores[score.index]?.value !== undefined).length;
const mostMeasured = (scores) => [...scores].sort((a, b) => countOf(b) - countOf(a))[0];

function ScoreChoice({scores, score}) {
  return (
    <label class="field">coloured by
      <select value={score.id} onChange={(event) => replaceQuery({map: event.target.value})}>
        {scores.map((one) => <option value={one.id}>{one.id}</option>)}
      </select>
    </label>
  );
}

function Square({cell, score, range}) {
  if (!cell) return <td class="none" title="not planned">·</td>;
  const value = cell.scores[score.index];
  const href = cellHash(cell, {score: score.id});
  const name = `${cell.model}, ${cellName(cell)}, ${score.id}`;
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
