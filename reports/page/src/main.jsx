// SPDX-License-Identifier: Apache-2.0
import {render} from 'preact';
import 'uplot/dist/uPlot.min.css';
import './style.css';
import {App} from './app.jsx';
import {report} from './data.js';
import {applyTheme} from './theme.js';

applyTheme();
document.title = report.title || 'Plumb report';
render(<App />, document.getElementById('app'));
