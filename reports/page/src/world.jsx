// SPDX-License-Identifier: Apache-2.0
// Where the cameras stood and which points they saw, in 3D. The script that draws it lies in the page as inert text,
// named by hash in its policy, and runs when the first world is shown.
import {useEffect, useRef, useState} from 'preact/hooks';
import {plural} from './format.js';
import {resolveColours} from './colours.js';
import {onTheme} from './theme.js';

function viewer() {
  const source = document.getElementById('plumb-viewer');
  if (source && !window.plumbViewer) {
    const script = document.createElement('script');
    script.textContent = source.textContent;
    document.head.append(script);
  }
  return window.plumbViewer;
}

const palette = {ink: '--ink', path: '--accent', pale: '--pale-path', shown: '--bad', rim: '--rim'};

export function World({worlds, frame}) {
  const [chosen, setChosen] = useState(null);
  if (!worlds?.length) return null;
  const index = chosen ?? worldOf(worlds, frame);
  const world = worlds[index];
  const [cameras, points] = world.found;
  return (
    <section class="card panel" aria-label="Reconstruction">
      <div class="panel-head">
        <h2>Cameras{world.turns_only ? '' : ' and points'}</h2>
        {worlds.length > 1 && (
          <select aria-label="World" value={index} onChange={(event) => setChosen(Number(event.target.value))}>
            {worlds.map((one, i) => <option value={i}>world {i + 1} of {worlds.length}, frames {spanOf(one)}</option>)}
          </select>
        )}
        <span class="muted small">{plural(cameras, 'camera')}{world.turns_only
          ? ' in one place: a camera that only turns shows no depth' : `, ${plural(points, 'point')}`}</span>
      </div>
      <View key={index} world={world} frame={frame} />
    </section>
  );
}

// The world that the shown frame belongs to, else the one with most cameras.
function worldOf(worlds, frame) {
  const there = worlds.findIndex(({cameras}) => cameras[0][0] <= frame && frame <= cameras.at(-1)[0]);
  if (there >= 0) return there;
  return worlds.reduce((best, world, i) => (world.found[0] > worlds[best].found[0] ? i : best), 0);
}

const spanOf = ({cameras}) => `${cameras[0][0]}–${cameras.at(-1)[0]}`;

function View({world, frame}) {
  const holder = useRef();
  const view = useRef();
  const [failed, setFailed] = useState('');
  useEffect(() => {
    const library = viewer();
    const open = () => library?.open(holder.current, world, {
      colours: resolveColours(holder.current, palette),
      label: `3D view of ${plural(world.found[0], 'camera')} and ${plural(world.found[1], 'point')}; arrow keys turn it`,
    });
    view.current = open();
    if (!view.current) {
      setFailed(library ? 'this browser has no WebGL' : 'this report was made without its 3D script');
      return undefined;
    }
    view.current.setFrame(frame);
    const stop = onTheme(() => view.current.setColours(resolveColours(holder.current, palette)));
    return () => {
      stop();
      view.current.dispose();
      view.current = null;
    };
  }, [world]);
  useEffect(() => view.current?.setFrame(frame), [frame]);

  if (failed) {
    return (
      <p class="no-view">No 3D view: {failed}. The {plural(world.found[0], 'camera')} and {plural(world.found[1], 'point')} can
        be written as files that other programs open: <code>plumb score --save-reconstruction</code>.</p>
    );
  }
  const button = (name, title, act) => <button type="button" class="button" title={title} onClick={() => act(view.current)}>{name}</button>;
  return (
    <>
      <div ref={holder} class="world-view" />
      <div class="buttons">
        {button('Turn left', '←', (it) => it?.orbit(-0.35, 0))}
        {button('Turn right', '→', (it) => it?.orbit(0.35, 0))}
        {button('Closer', '+', (it) => it?.zoom(0.8))}
        {button('Farther', '−', (it) => it?.zoom(1.25))}
        {button('From above', 'the cameras’ mean up is up', (it) => it?.fromAbove())}
        {button('Through this camera', 'what the camera of the shown frame saw', (it) => it?.throughCamera())}
        {button('Reset', '0', (it) => it?.reset())}
      </div>
      <p class="legend small">
        <span><i class="key path" />{world.turns_only ? 'where it looks' : 'path'}, pale where the clip begins</span>
        <span><i class="key shown" />frame {frame}</span>
        <span class="muted">drag to turn, right drag to move, wheel to zoom once chosen; keys: arrows, Shift arrows, + −, 0</span>
      </p>
    </>
  );
}
