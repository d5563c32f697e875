// SPDX-License-Identifier: Apache-2.0
import {families, report} from './data.js';
import {replaceQuery} from './route.js';

// Which scores the tables show.
export function ColumnSwitch({choice = 'headlines'}) {
  const choices = ['headlines', ...families, 'all'].filter((one) => one !== 'all' || report.scores.length > 0);
  return (
    <div class="segments" role="group" aria-label="Scores shown">
      {choices.map((one) => (
        <button type="button" aria-pressed={one === choice}
          onClick={() => replaceQuery({columns: one === 'headlines' ? '' : one})}>{one}</button>
      ))}
    </div>
  );
}

// A column head that sorts; `query` holds the present order.
export function SortHead({id, title, query, note, hint, descendingFirst = false}) {
  const active = query.sort === id;
  const descending = active && query.order === 'down';
  const next = active ? (descending ? 'up' : 'down') : descendingFirst ? 'down' : 'up';
  return (
    <th scope="col" aria-sort={active ? (descending ? 'descending' : 'ascending') : undefined} title={hint}>
      <button type="button" class="sort" onClick={() => replaceQuery({sort: id, order: next})}>
        {title}<span class="arrow" aria-hidden="true">{active ? (descending ? '↓' : '↑') : ''}</span>
      </button>
      {note && <div class="unit">{note}</div>}
    </th>
  );
}
