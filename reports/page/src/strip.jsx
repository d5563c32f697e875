// SPDX-License-Identifier: Apache-2.0
import {useEffect, useRef} from 'preact/hooks';
import uPlot from 'uplot';
import {resolveColours} from './colours.js';
import {formatNumber} from './format.js';
import {onTheme} from './theme.js';

const height = 120;

// One value per frame under the scrubber. Offending frames are shaded; a click goes to the frame.
export function Strip({score, evidence, frames, frame, onSeek}) {
  const holder = useRef();
  const plot = useRef();
  const now = useRef(frame);
  now.current = frame;
  const seek = useRef(onSeek);
  seek.current = onSeek;
  const perFrame = evidence.per_frame;
  const offending = evidence.frames ?? [];

  useEffect(() => {
    if (!perFrame) return undefined;
    const draw = () => {
      plot.current?.destroy();
      plot.current = makePlot(holder.current, {perFrame, frames, offending, now, seek});
    };
    draw();
    const stop = onTheme(draw);
    const observer = new ResizeObserver(() => {
      const width = holder.current?.clientWidth;
      if (width && plot.current && width !== plot.current.width) plot.current.setSize({width, height});
    });
    observer.observe(holder.current);
    return () => {
      stop();
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [perFrame, frames]);
  useEffect(() => plot.current?.redraw(false), [frame]);

  if (!perFrame) {
    return <p class="strip-empty muted small">{score ? `${score.id} has no value per frame` : ''}</p>;
  }
  const unit = perFrame.unit && perFrame.unit !== '1' ? ` (${perFrame.unit})` : '';
  return (
    <div class="strip">
      <div class="strip-head">
        <span>{perFrame.name}{unit}</span>
        <b>{formatNumber(perFrame.values[frame])}</b>
      </div>
      <div ref={holder} class="plot" role="img"
        aria-label={`${perFrame.name}${unit} for each frame; worst frames ${offending.slice(0, 8).join(', ') || 'none'}`} />
    </div>
  );
}

function makePlot(holder, {perFrame, frames, offending, now, seek}) {
  const {ink, muted, line, bad} = resolveColours(holder, {ink: '--ink', muted: '--muted', line: '--accent', bad: '--bad'});
  const axis = {stroke: muted, grid: {stroke: muted, width: 0.15}, ticks: {stroke: muted, width: 0.3}, font: '11px system-ui'};
  const xs = Array.from({length: frames}, (_, index) => index);
  const values = xs.map((index) => perFrame.values[index] ?? null);
  return new uPlot({
    width: holder.clientWidth || 600,
    height,
    legend: {show: false},
    cursor: {y: false, drag: {x: false, y: false}, points: {show: false}},
    scales: {x: {time: false, range: [-0.5, Math.max(0.5, frames - 0.5)]}},
    axes: [{...axis, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]}, {...axis, size: 46}],
    series: [{}, {stroke: line, width: 1.5, points: {show: frames <= 60, size: 4, fill: line}}],
    hooks: {
      drawClear: [(u) => offending.forEach((frame) => shade(u, frame, bad))],
      draw: [(u) => marker(u, now.current, ink)],
      ready: [(u) => u.over.addEventListener('click', () => {
        if (u.cursor.left >= 0) seek.current(Math.round(u.posToVal(u.cursor.left, 'x')));
      })],
    },
  }, [xs, values], holder);
}

function shade(u, frame, colour) {
  const left = u.valToPos(frame - 0.5, 'x', true);
  const right = u.valToPos(frame + 0.5, 'x', true);
  u.ctx.save();
  u.ctx.globalAlpha = 0.18;
  u.ctx.fillStyle = colour;
  u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
  u.ctx.restore();
}

function marker(u, frame, colour) {
  const x = Math.round(u.valToPos(frame, 'x', true));
  u.ctx.save();
  u.ctx.fillStyle = colour;
  u.ctx.fillRect(x - 1, u.bbox.top, 2, u.bbox.height);
  u.ctx.restore();
}
