// SPDX-License-Identifier: Apache-2.0
import {useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';
import {clampFrame, speeds, stepSpeed} from './clock.js';
import {EvidenceFacts} from './facts.jsx';
import {HeatMaps} from './heat_maps.jsx';
import {Icon} from './icon.jsx';
import {onKey} from './keys.js';
import {Overlay, layersOf} from './overlay.jsx';
import {cellName, findCell, report, videoUrl} from './data.js';
import {replaceQuery} from './route.js';
import {Strip} from './strip.jsx';
import {useClock} from './use_clock.js';
import {World} from './world.jsx';
import {WorstPair} from './worst_pair.jsx';

const modes = {side: 'side by side', swipe: 'swipe', difference: 'difference', blend: 'blend'};

const legends = {
  tracks: <><i class="key ok" />fits <i class="key broken" />broken</>,
  trajectories: <><i class="key truth" />truth <i class="key sample" />sample</>,
};

// Two videos on one clock, with the evidence of one score drawn over them.
export function Player({cell, query, score, evidence}) {
  const left = useRef();
  const right = useRef();
  const partner = partnerOf(cell, query.left);
  const rightVideo = cell.videos.sample === null ? null : report.videos[cell.videos.sample];
  const leftVideo = partner.video === null ? null : report.videos[partner.video];
  const frames = cell.sample.frames || rightVideo?.frames || leftVideo?.frames || 0;
  const fps = rightVideo?.fps || cell.sample.fps || leftVideo?.fps || 24;
  const clock = useClock({frames, fps, master: right, follower: left, partner: leftVideo, start: Number(query.f) || 0});
  const [layers, setLayers] = useState({tracks: true, trajectories: true, boxes: true, events: true});
  const [split, setSplit] = useState(50);
  const mode = leftVideo && rightVideo && modes[query.mode] ? query.mode : 'side';
  const shown = {frame: clock.frame, evidence, layers, width: cell.sample.width || 1, height: cell.sample.height || 1};

  useEffect(() => { if (!clock.playing) replaceQuery({f: clock.frame || ''}); }, [clock.frame, clock.playing]);
  useKeys({clock, frames, evidence, setLayers});

  if (frames === 0) return <div class="player"><p class="empty">There is no video of this cell.</p></div>;
  return (
    <>
      <div class="player">
        <div class="toolbar">
          <div class="segments" role="group" aria-label="View">
            {Object.entries(modes).map(([key, name]) => (
              <button type="button" aria-pressed={key === mode} disabled={key !== 'side' && !(leftVideo && rightVideo)}
                onClick={() => replaceQuery({mode: key === 'side' ? '' : key})}>{name}</button>
            ))}
          </div>
          <Layers evidence={evidence} layers={layers} setLayers={setLayers} />
        </div>
        <div class={`stage ${mode}`} style={`--split:${split}%`}>
          <Pane side="left" video={partner.video} reference={left} title={<PartnerChoice cell={cell} partner={partner} />}
            missing={partner.missing}>
            <Overlay {...shown} side="truth" />
          </Pane>
          <Pane side="right" video={cell.videos.sample} reference={right} title={cell.model}
            missing={`no video in this report${cell.sample.source ? `: ${cell.sample.source}` : ''}`}>
            <Overlay {...shown} side="sample" />
          </Pane>
          {mode === 'swipe' && (
            <input class="split" type="range" min="0" max="100" value={split} aria-label="Place of the split"
              onInput={(event) => setSplit(Number(event.target.value))} />
          )}
        </div>
        <Controls clock={clock} frames={frames} fps={fps} evidence={evidence} />
        <Strip key={score?.id} score={score} evidence={evidence} frames={frames} frame={clock.frame} onSeek={clock.seek} />
        <Events events={evidence.events} frame={clock.frame} onSeek={clock.seek} />
        <EvidenceFacts score={score} evidence={evidence} />
      </div>
      <HeatMaps cell={cell} maps={evidence.heat_maps} frames={frames} fps={fps} onSeek={clock.seek} />
      <WorstPair cell={cell} pair={evidence.worst_pair} fps={fps} onSeek={clock.seek} />
      <World worlds={evidence.worlds} frame={clock.frame} />
    </>
  );
}

// What stands left: the truth, or another model's sample of the same scene.
function partnerOf(cell, model) {
  const other = model && findCell(model, cell.scene, cell.seed);
  if (other) return {model, video: other.videos.sample, missing: `no video of ${model} in this report`};
  const missing = cell.truth_video ? `no video in this report: ${cell.truth_video}` : 'no truth for this video';
  return {model: '', video: cell.videos.truth, missing};
}

function PartnerChoice({cell, partner}) {
  const others = report.cells.filter((other) =>
    other !== cell && other.scene === cell.scene && other.seed === cell.seed && other.videos.sample !== null);
  if (others.length === 0) return 'truth';
  return (
    <select aria-label="Left video" value={partner.model} onChange={(event) => replaceQuery({left: event.target.value})}>
      <option value="">truth</option>
      {others.map((other) => <option value={other.model}>{other.model}</option>)}
    </select>
  );
}

function Pane({side, video, reference, title, missing, children}) {
  const about = video === null ? null : report.videos[video];
  return (
    <figure class={`pane ${side}`}>
      <figcaption>{title}</figcaption>
      <div class="picture" style={about ? `aspect-ratio:${about.width}/${about.height}` : undefined}>
        {about ? <video ref={reference} src={videoUrl(video)} muted playsInline preload="auto" tabIndex={-1} />
          : <p class="no-video">{missing}</p>}
        {children}
      </div>
    </figure>
  );
}

function Layers({evidence, layers, setLayers}) {
  const there = layersOf(evidence);
  if (there.length === 0) return <span class="muted small">no evidence to draw for this score</span>;
  return (
    <fieldset class="layers">
      <legend class="hidden">Overlays</legend>
      {there.map((layer) => (
        <label><input type="checkbox" checked={layers[layer]}
          onChange={() => setLayers((old) => ({...old, [layer]: !old[layer]}))} />{layer}{legends[layer]}</label>
      ))}
    </fieldset>
  );
}

function Controls({clock, frames, fps, evidence}) {
  const {frame, seek, playing} = clock;
  const button = (icon, name, action, disabled = false) => (
    <button type="button" class="button icon-only" aria-label={name} title={name} onClick={action} disabled={disabled}>
      <Icon name={icon} />
    </button>
  );
  return (
    <div class="controls">
      <input class="scrubber" type="range" min="0" max={frames - 1} value={frame} aria-label="Frame"
        aria-valuetext={`frame ${frame} of ${frames}`} onInput={(event) => seek(Number(event.target.value))}
        onKeyDown={(event) => event.key.startsWith('Arrow') && event.preventDefault()} />
      <div class="buttons">
        {button('first', 'First frame (Home)', () => seek(0))}
        {button('back', 'One frame back (←)', () => seek(frame - 1))}
        <button type="button" class="button play" onClick={clock.toggle} title="Play, pause (space)">
          <Icon name={playing ? 'pause' : 'play'} />{playing ? 'Pause' : 'Play'}
        </button>
        {button('forward', 'One frame on (→)', () => seek(frame + 1))}
        {button('last', 'Last frame (End)', () => seek(frames - 1))}
        <button type="button" class="button icon-only" aria-label="Loop (l)" title="Loop (l)" aria-pressed={clock.loop}
          onClick={clock.toggleLoop}><Icon name="loop" /></button>
        <select aria-label="Speed" title="Speed ( [ ] )" value={clock.speed}
          onChange={(event) => clock.setSpeed(Number(event.target.value))}>
          {speeds.map((speed) => <option value={speed}>{speed < 1 ? `1/${1 / speed}` : speed} ×</option>)}
        </select>
        <button type="button" class="button" disabled={!evidence.frames?.length} title="Next worst frame (w)"
          onClick={() => seek(nextWorst(evidence.frames, frame))}><Icon name="worst" />Worst frame</button>
        <output class="position">frame <b>{frame}</b> / {frames - 1} <span class="muted">{(frame / fps).toFixed(3)} s</span></output>
      </div>
    </div>
  );
}

// The worst frame; from one of the worst, the next worse in line.
function nextWorst(worst, frame) {
  return worst[(worst.indexOf(frame) + 1) % worst.length];
}

function Events({events, frame, onSeek}) {
  if (!events?.length) return null;
  return (
    <ol class="events" aria-label="Events">
      {events.map((event) => (
        <li><button type="button" class={`chip ${event.frame === frame ? 'now' : ''}`} title={event.text}
          onClick={() => onSeek(event.frame)}><b>{event.frame}</b> {event.kind} {event.body}</button></li>
      ))}
    </ol>
  );
}

function useKeys({clock, frames, evidence, setLayers}) {
  const latest = useRef();
  latest.current = {clock, evidence};
  useLayoutEffect(() => {
    const seekBy = (by) => (event) => {
      const {frame, seek} = latest.current.clock;
      seek(clampFrame(frame + by * (event.shiftKey ? 10 : 1), frames));
    };
    const mode = (name) => () => replaceQuery({mode: name});
    return onKey({
      ' ': () => latest.current.clock.toggle(),
      ArrowLeft: seekBy(-1),
      ArrowRight: seekBy(1),
      Home: () => latest.current.clock.seek(0),
      End: () => latest.current.clock.seek(frames - 1),
      l: () => latest.current.clock.toggleLoop(),
      '[': () => latest.current.clock.setSpeed((speed) => stepSpeed(speed, -1)),
      ']': () => latest.current.clock.setSpeed((speed) => stepSpeed(speed, 1)),
      w: () => {
        const worst = latest.current.evidence.frames;
        if (worst?.length) latest.current.clock.seek(nextWorst(worst, latest.current.clock.frame));
      },
      o: () => setLayers((old) => {
        const on = !Object.values(old).some(Boolean);
        return Object.fromEntries(Object.keys(old).map((layer) => [layer, on]));
      }),
      1: mode(''), 2: mode('swipe'), 3: mode('difference'), 4: mode('blend'),
    });
  }, [frames]);
}
