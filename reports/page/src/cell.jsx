// SPDX-License-Identifier: Apache-2.0
import {useLayoutEffect, useMemo} from 'preact/hooks';
import {cellName, evidenceOf, findCell, report} from './data.js';
import {goodness, readable} from './format.js';
import {Icon} from './icon.jsx';
import {onKey} from './keys.js';
import {Player} from './player.jsx';
import {cellHash, go, parseHash, replaceQuery} from './route.js';
import {ScoreList} from './scores.jsx';

// One sample: its video beside the truth, its scores, and why they are what they are.
export function CellPage({route: {path, query}}) {
  const cell = findCell(...path.slice(1));
  const chosen = useMemo(() => cell && chooseScore(cell, query.score), [cell, query.score]);
  useLayoutEffect(() => onKey({j: () => step(1), k: () => step(-1)}), []);
  if (!cell) return <><h1>Cell</h1><p class="empty">This report holds no such cell. <a href="#/cells">All cells</a></p></>;
  const evidence = evidenceOf(cell)[chosen] ?? {};
  return (
    <>
      <Head cell={cell} query={query} />
      {cell.status !== 'done' && (
        <p class="warning"><b>{cell.status}</b>{cell.stage && ` in stage “${cell.stage}”`}: {cell.reason || 'no reason recorded'}</p>
      )}
      <div class="cell-page">
        <div class="main-column">
          <Player key={cell.index} cell={cell} query={query} score={report.scores[chosen]} evidence={evidence} />
          <Facts cell={cell} />
        </div>
        <aside aria-label="Scores of this cell">
          <ScoreList cell={cell} chosen={chosen} onChoose={(id) => replaceQuery({score: id})} />
        </aside>
      </div>
    </>
  );
}

// To a neighbour of the cell in the address, which is ahead of the page while keys come fast.
function step(by) {
  const {path, query} = parseHash(location.hash);
  const cell = findCell(...path.slice(1));
  const to = cell && neighbour(cell, by);
  if (to) go(cellHash(to, kept(query)));
}

const neighbour = (cell, by) => report.cells[cell.index + by];
const kept = ({mode, score, left}) => ({mode, score, left});

// The score that the address names, else the worst headline that has something to show.
function chooseScore(cell, id) {
  const named = report.scores.findIndex((score) => score.id === id);
  if (named >= 0) return named;
  const evidence = evidenceOf(cell);
  const headlines = report.scores.map((score, index) => ({score, index, value: cell.scores[index]?.value}))
    .filter(({score}) => score.headline);
  const [worst] = headlines.filter(({index, value}) => evidence[index] && value !== undefined)
    .sort((a, b) => goodness(a.score, a.value) - goodness(b.score, b.value));
  return (worst ?? headlines.find(({index}) => evidence[index]) ?? headlines[0])?.index ?? 0;
}

function Head({cell, query}) {
  const same = report.cells.filter((other) => other.scene === cell.scene && other.seed === cell.seed);
  return (
    <div class="cell-head">
      <div>
        <p class="crumbs"><a href="#/cells">Cells</a> / {cell.model} /</p>
        <h1 title={cell.scene}>{cellName(cell)}</h1>
        {cell.caption && <p class="caption">{cell.caption}</p>}
      </div>
      <div class="cell-nav">
        <Neighbour cell={neighbour(cell, -1)} query={query} icon="back" name="Previous cell (k)" />
        <label class="field"><span class="wide" aria-hidden="true">same scene</span>
          <select aria-label="Model of the same scene" value={cell.model}
            onChange={(event) => go(cellHash(findCell(event.target.value, cell.scene, cell.seed), kept(query)))}>
            {same.map((other) => <option value={other.model}>{other.model}</option>)}
          </select>
        </label>
        <Neighbour cell={neighbour(cell, 1)} query={query} icon="forward" name="Next cell (j)" />
      </div>
    </div>
  );
}

function Neighbour({cell, query, icon, name}) {
  if (!cell) return <span class="button icon-only disabled"><Icon name={icon} /></span>;
  return <a class="button icon-only" href={cellHash(cell, kept(query))} aria-label={name} title={name}><Icon name={icon} /></a>;
}

function Facts({cell}) {
  const {sample} = cell;
  const rows = {
    camera: sample.motion,
    video: sample.frames ? `${sample.frames} frames, ${sample.width} × ${sample.height}, ${sample.fps} fps` : '–',
    source: sample.source || '–',
    truth: cell.truth_video || 'none',
  };
  const times = Object.entries(cell.seconds).map(([stage, seconds]) => `${readable(stage)} ${seconds.toFixed(2)}`);
  if (times.length) rows['seconds spent'] = times.join(' · ');
  return (
    <section class="card facts-card">
      <h2>Sample</h2>
      <dl>{Object.entries(rows).map(([key, value]) => <div><dt>{key}</dt><dd>{value}</dd></div>)}</dl>
      {sample.notes.length > 0 && <ul class="plain-list">{sample.notes.map((note) => <li>{note}</li>)}</ul>}
    </section>
  );
}
