// SPDX-License-Identifier: Apache-2.0
import {useEffect, useLayoutEffect, useRef, useState} from 'preact/hooks';
import {ColumnSwitch, SortHead} from './columns.jsx';
import {cellName, columnsOf, report, shortName} from './data.js';
import {formatNumber, goodness, plural, readable, tint, unitText} from './format.js';
import {onKey} from './keys.js';
import {cellHash, replaceQuery} from './route.js';
import {countOutcomes, filterCells, outcomes, rangesOf, sortBy} from './table.js';

const rowHeight = 37;
const words = {done: 'measured', unmeasured: 'partly measured', failed: 'failed', missing: 'missing'};

export function Cells({route: {query}}) {
  const columns = columnsOf(query.columns ?? 'headlines');
  const rows = sortBy(filterCells(report.cells, query, columns), sorter(query.sort, columns), query.order === 'down');
  return (
    <>
      <div class="section-head">
        <h1>Cells</h1>
        <ColumnSwitch choice={query.columns} />
      </div>
      <Filters query={query} columns={columns} />
      <p class="muted" role="status">{rows.length === report.cells.length
        ? plural(rows.length, 'cell') : `${rows.length} of ${plural(report.cells.length, 'cell')}`}</p>
      <CellTable rows={rows} columns={columns} query={query} />
    </>
  );
}

function sorter(sort, columns) {
  const column = columns.find((one) => one.id === sort);
  if (column) return (cell) => cell.scores[column.index]?.value;
  if (sort === 'scene') return cellName;
  if (sort === 'motion') return (cell) => cell.sample.motion;
  if (sort === 'model' || sort === 'status') return (cell) => cell[sort];
  return (cell) => cell.index;
}

function Filters({query, columns}) {
  const input = useRef();
  useLayoutEffect(() => onKey({'/': () => input.current.focus()}), []);
  const counts = countOutcomes(filterCells(report.cells, {...query, outcome: ''}, columns), columns);
  const scenarios = [...new Set(report.cells.map((cell) => cell.scenario))].filter(Boolean);
  const set = (name) => (event) => replaceQuery({[name]: event.target.value});
  return (
    <div class="filters">
      <input ref={input} type="search" placeholder="filter: model, scene, caption, reason…  ( / )" aria-label="Filter cells"
        value={query.q ?? ''} onInput={set('q')} />
      <Choice label="model" value={query.model} options={report.models} onChange={set('model')} />
      {scenarios.length > 0 &&
        <Choice label="scenario" value={query.scenario} options={scenarios} onChange={set('scenario')} />}
      <div class="segments" role="group" aria-label="Outcome">
        {['', ...outcomes].map((outcome) => (
          <button type="button" class={outcome} aria-pressed={outcome === (query.outcome ?? '')}
            onClick={() => replaceQuery({outcome})}>
            {words[outcome] ?? 'all'}{outcome && <b> {counts[outcome]}</b>}
          </button>
        ))}
      </div>
    </div>
  );
}

function Choice({label, value = '', options, onChange}) {
  return (
    <select aria-label={label} value={value} onChange={onChange}>
      <option value="">every {label}</option>
      {options.map((option) => <option value={option}>{option}</option>)}
    </select>
  );
}

// Long tables draw only the rows near the window.
function useWindowed(count) {
  const body = useRef();
  const [range, setRange] = useState([0, 60]);
  useEffect(() => {
    const update = () => {
      const above = -body.current.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(above / rowHeight) - 20);
      setRange(([from, to]) => {
        const last = first + Math.ceil(innerHeight / rowHeight) + 40;
        return from === first && to === last ? [from, to] : [first, last];
      });
    };
    update();
    addEventListener('scroll', update, {passive: true});
    addEventListener('resize', update);
    return () => {
      removeEventListener('scroll', update);
      removeEventListener('resize', update);
    };
  }, [count]);
  const first = Math.min(range[0], Math.max(0, count - 1));
  return {body, first, last: Math.min(count, range[1])};
}

function CellTable({rows, columns, query}) {
  const {body, first, last} = useWindowed(rows.length);
  const ranges = rangesOf(report.cells, report.scores.length);
  const span = columns.length + 4;
  return (
    <div class={`scroll-x ${columns.length <= 5 ? 'sticky' : ''}`} tabIndex={0} role="region" aria-label="Cells">
      <table class="cells" aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            <SortHead id="scene" title="scene" query={query} />
            <SortHead id="model" title="model" query={query} />
            <SortHead id="motion" title="camera" query={query} />
            <SortHead id="status" title="outcome" query={query} />
            {columns.map((one) => (
              <SortHead id={one.id} title={shortName(one)} query={query} hint={one.summary} note={unitText(one.unit)} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {first > 0 && <tr class="spacer" aria-hidden="true"><td colSpan={span} style={`height:${first * rowHeight}px`} /></tr>}
          {rows.slice(first, last).map((cell) => <Row cell={cell} columns={columns} ranges={ranges} key={cell.index} />)}
          {last < rows.length &&
            <tr class="spacer" aria-hidden="true"><td colSpan={span} style={`height:${(rows.length - last) * rowHeight}px`} /></tr>}
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">No cell matches.</p>}
    </div>
  );
}

function Row({cell, columns, ranges}) {
  return (
    <tr>
      <th scope="row"><a href={cellHash(cell)}>{cellName(cell)}</a></th>
      <td>{cell.model}</td>
      <td class="muted">{cell.sample.motion}</td>
      <td><span class={`dot ${cell.status}`} title={cell.reason}>{cell.status}</span></td>
      {cell.status === 'done'
        ? columns.map((one) => <ScoreCell score={one} value={cell.scores[one.index]} range={ranges[one.index]} />)
        : <td colSpan={columns.length} class="why" title={cell.reason}>
            {[cell.stage, cell.reason].filter(Boolean).join(': ')}</td>}
    </tr>
  );
}

function ScoreCell({score, value, range}) {
  if (!value) return <td class="none">–</td>;
  if (value.value === undefined) return <td class="unmeasured" title={value.text}>{readable(value.code)}</td>;
  return <td class="measured" style={tint(goodness(score, value.value, range))}>{formatNumber(value.value)}</td>;
}
