// SPDX-License-Identifier: Apache-2.0
// In which part of the picture the world disagrees with what is seen: over the clip, and in its worst frames.
import {useEffect, useId, useRef} from 'preact/hooks';
import {formatNumber} from './format.js';
import {colourAt, cssColour, paint, ticks, unitPx, unknownPath} from './heat.js';
import {Still} from './still.jsx';

export function HeatMaps({cell, maps, frames, fps, onSeek}) {
  if (!maps?.length) return null;
  const {width = 1, height = 1} = cell.sample;
  const unit = unitPx(width, height);
  return (
    <section class="card panel" aria-label="Where it disagrees">
      <div class="panel-head">
        <h2>Where it disagrees</h2>
        <Legend unit={unit} />
      </div>
      <div class="stills">
        {maps.map((map) => {
          const frame = map.frame ?? Math.floor(frames / 2);
          return (
            <figure class="pane" key={map.frame}>
              <Still video={cell.videos.sample} frame={frame} fps={fps} aspect={`${width}/${height}`}>
                <Map map={map} unit={unit} />
              </Still>
              <figcaption>
                {map.frame === null ? <span class="chip">all frames</span> : <button type="button" class="chip" onClick={() => onSeek(frame)}>frame {frame}</button>}
                <span class="muted small">{summary(map)}</span>
              </figcaption>
            </figure>
          );
        })}
      </div>
      <p class="small muted">Mean distance, in pixels, of points that had no part in the fit from where the fitted world puts them.
        Clear is agreement, hatched is where no point was followed.</p>
    </section>
  );
}

function summary({values, step}) {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return 'nothing was followed';
  return `median ${formatNumber(known[known.length >> 1] * step)}, most ${formatNumber(known.at(-1) * step)} px`;
}

function Map({map, unit}) {
  const canvas = useRef();
  const id = useId();
  useEffect(() => {
    const context = canvas.current.getContext('2d');
    context.putImageData(new ImageData(paint(map, unit), map.columns, map.rows), 0, 0);
  }, [map, unit]);
  return (
    <>
      <canvas ref={canvas} class="heat" width={map.columns} height={map.rows} role="img" aria-label={`residuals: ${summary(map)}`} />
      <svg class="overlay" viewBox={`0 0 ${map.columns} ${map.rows}`} preserveAspectRatio="none" aria-hidden="true">
        <defs><pattern id={id} width="0.6" height="0.6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="hatch" d="M0,0V0.6" /></pattern></defs>
        <path class="unknown" d={unknownPath(map)} style={`fill:url(#${id})`} />
      </svg>
    </>
  );
}

function Legend({unit}) {
  const stops = Array.from({length: 21}, (_, i) => cssColour(colourAt(i / 20)));
  return (
    <div class="heat-legend" role="img" aria-label={`colours from ${formatNumber(unit / 4)} to ${formatNumber(4 * unit)} pixels`}>
      <div class="heat-bar" style={`background:linear-gradient(90deg,${stops}),#4a4a4a`} />
      <div class="heat-ticks">
        {ticks(unit).map(({place, px}, i) => <span style={`left:${100 * place}%`}>{i === 0 && '≤ '}{i === 4 && '≥ '}{tickText(px)}</span>)}
      </div>
      <span class="small">px</span>
    </div>
  );
}

const tickText = (px) => String(Number(px.toPrecision(2)));
