// SPDX-License-Identifier: Apache-2.0
// The two frames whose matches agree least, each match with the line (of a turning camera, the place) on which the other
// frame says that it must lie.
import {useState} from 'preact/hooks';
import {formatNumber} from './format.js';
import {unitPx} from './heat.js';
import {Still} from './still.jsx';

export function WorstPair({cell, pair, fps, onSeek}) {
  const [chosen, setChosen] = useState(null);
  if (!pair) return null;
  const {width = 1, height = 1} = cell.sample;
  const unit = unitPx(width, height);
  const model = pair.turns_only ? 'cross: the place where the other frame puts it' : 'line: where the other frame puts it';
  return (
    <section class="card panel" aria-label="Worst pair of frames">
      <div class="panel-head">
        <h2>Worst pair of frames</h2>
        <span class="muted small">median {formatNumber(pair.median_px)} px over {pair.matches} matches, {pair.shown.length} shown</span>
      </div>
      <div class="stills two">
        {[0, 1].map((side) => (
          <figure class="pane" key={side}>
            <Still video={cell.videos.sample} frame={pair.frames[side]} fps={fps} aspect={`${width}/${height}`}>
              <svg class="overlay pair" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" style={`--unit:${unit}px`}
                role="img" aria-label={`matches in frame ${pair.frames[side]}`}>
                {inDrawingOrder(pair.shown, chosen).map((match) => (
                  <Match key={match.number} match={match} side={side} unit={unit} chosen={chosen} />
                ))}
              </svg>
            </Still>
            <figcaption><button type="button" class="chip" onClick={() => onSeek(pair.frames[side])}>frame {pair.frames[side]}</button></figcaption>
          </figure>
        ))}
      </div>
      <ol class="matches" aria-label="Distances of the matches">
        {pair.shown.map(({px}, i) => (
          <li><button type="button" class={`chip ${px <= unit ? 'ok' : 'broken'}`} aria-pressed={chosen === i}
            onMouseEnter={() => setChosen(i)} onMouseLeave={() => setChosen(null)} onFocus={() => setChosen(i)} onBlur={() => setChosen(null)}>
            <b>{i + 1}</b> {formatNumber(px)} px</button></li>
        ))}
      </ol>
      <p class="legend small"><span><i class="key ok" />within {formatNumber(unit)} px</span><span><i class="key broken" />farther</span>
        <span class="muted">circle: where a followed point is seen; {model}. Distances are means over both frames.</span></p>
    </section>
  );
}

// The chosen match last, so that it lies on top.
function inDrawingOrder(shown, chosen) {
  const numbered = shown.map((match, number) => ({...match, number}));
  return chosen === null ? numbered : [...numbered.filter(({number}) => number !== chosen), numbered[chosen]];
}

function Match({match: {px, seen, lines, expected, number}, side, unit, chosen}) {
  const [x, y] = seen[side];
  const line = lines?.[side];
  const predicted = expected?.[side];
  const foot = line ? footOn(line, x, y) : predicted;
  const state = chosen === null ? '' : chosen === number ? 'chosen' : 'pale';
  return (
    <g class={`match ${px <= unit ? 'ok' : 'broken'} ${state}`}>
      {line && <path class="line" d={`M${line[0]},${line[1]}L${line[2]},${line[3]}`} />}
      {foot && <path class="gap" d={`M${x},${y}L${foot[0]},${foot[1]}`} />}
      {predicted && <path class="line" d={cross(predicted, 2.5 * unit)} />}
      <circle cx={x} cy={y} r={2.6 * unit} />
      <text x={x + 4 * unit} y={y - 3 * unit} font-size={8 * unit}>{number + 1}</text>
    </g>
  );
}

function footOn([x1, y1, x2, y2], x, y) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const share = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy);
  return [x1 + share * dx, y1 + share * dy];
}

const cross = ([x, y], r) => `M${x - r},${y - r}l${2 * r},${2 * r}M${x + r},${y - r}l${-2 * r},${2 * r}`;
