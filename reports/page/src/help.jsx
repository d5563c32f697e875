// SPDX-License-Identifier: Apache-2.0
import {useEffect, useRef} from 'preact/hooks';

const groups = {
  'Everywhere': [['?', 'this help'], ['t', 'theme: system, light, dark'], ['Esc', 'close']],
  'Cells': [['/', 'type a filter']],
  'One cell': [
    ['Space', 'play, pause'], ['← →', 'one frame'], ['Shift ← →', 'ten frames'], ['Home End', 'first, last frame'],
    ['w', 'next worst frame'], ['[ ]', 'slower, faster'], ['l', 'loop'],
    ['1 2 3 4', 'side by side, swipe, difference, blend'], ['o', 'overlays on, off'], ['k j', 'previous, next cell'],
  ],
  '3D view, once chosen': [['← → ↑ ↓', 'turn'], ['Shift arrows', 'move'], ['+ −', 'closer, farther'], ['0', 'reset']],
};

export function Help({onClose}) {
  const dialog = useRef();
  useEffect(() => dialog.current.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}>
      <div class="help-body">
        <h2 id="help-title">Keyboard</h2>
        {Object.entries(groups).map(([title, keys]) => (
          <section>
            <h3>{title}</h3>
            <dl>{keys.map(([key, what]) => (
              <div><dt>{key.split(' ').map((one) => <kbd>{one}</kbd>)}</dt><dd>{what}</dd></div>
            ))}</dl>
          </section>
        ))}
        <form method="dialog"><button class="button">Close</button></form>
      </div>
    </dialog>
  );
}
