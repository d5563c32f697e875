// SPDX-License-Identifier: Apache-2.0
import {useEffect, useLayoutEffect, useState} from 'preact/hooks';
import {CellPage} from './cell.jsx';
import {Cells} from './cells.jsx';
import {Compare} from './compare.jsx';
import {report} from './data.js';
import {Environment} from './environment.jsx';
import {Help} from './help.jsx';
import {Icon} from './icon.jsx';
import {onKey} from './keys.js';
import {Overview} from './overview.jsx';
import {useRoute} from './route.js';
import {Skipped} from './skipped.jsx';
import {cycleTheme, useTheme} from './theme.js';

const pages = {
  overview: {title: 'Overview', view: Overview},
  cells: {title: 'Cells', view: Cells},
  compare: {title: 'Comparison', view: Compare, hidden: !report.comparison},
  skipped: {title: 'Skipped', view: Skipped},
  run: {title: 'Run', view: Environment},
};

export function App() {
  const route = useRoute();
  const [help, setHelp] = useState(false);
  const name = route.path[0] ?? 'overview';
  const View = name === 'cell' ? CellPage : (pages[name] ?? pages.overview).view;

  useLayoutEffect(() => onKey({
    '?': () => setHelp((open) => !open),
    t: cycleTheme,
  }), []);
  useEffect(() => scrollTo(0, 0), [route.path.join('/')]);

  return (
    <>
      <a class="skip-link" href="#main" onClick={focusMain}>Skip to content</a>
      <Header current={name === 'cell' ? 'cells' : name} onHelp={() => setHelp(true)} />
      <main id="main" tabIndex={-1}><View route={route} /></main>
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

function focusMain(event) {
  event.preventDefault();
  document.getElementById('main').focus();
}

function Header({current, onHelp}) {
  const theme = useTheme();
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="Plumb: overview">
        <Icon name="plumb" /><span>Plumb</span>
      </a>
      <nav aria-label="Pages">
        {Object.entries(pages).filter(([, page]) => !page.hidden).map(([key, page]) => (
          <a href={`#/${key}`} aria-current={key === current ? 'page' : undefined}>{page.title}</a>
        ))}
      </nav>
      <div class="tools">
        <button type="button" class="quiet" onClick={cycleTheme} title="Change theme (t)"
          aria-label={`Theme: ${theme}`}>
          <Icon name={theme} /><span class="wide">{theme}</span>
        </button>
        <button type="button" class="quiet" onClick={onHelp} title="Keyboard (?)" aria-label="Keyboard help">
          <kbd>?</kbd>
        </button>
      </div>
    </header>
  );
}
