// SPDX-License-Identifier: Apache-2.0
import {cellName, report} from './data.js';
import {plural, readable} from './format.js';
import {cellHash} from './route.js';

// Everything that has no number, with the reason: nothing is dropped in silence.
export function Skipped() {
  const broken = report.cells.filter((cell) => cell.status !== 'done');
  return (
    <>
      <h1>Skipped, and why</h1>
      <Broken cells={broken} />
      <Unmeasured />
      <LeftOut />
    </>
  );
}

function Broken({cells}) {
  return (
    <section>
      <h2>Failed and missing cells</h2>
      {cells.length === 0 ? <p class="muted">None: every planned cell is done.</p> : (
        <Table heads={['cell', 'model', 'outcome', 'stage', 'reason']} label="Failed and missing cells">
          {cells.map((cell) => (
            <tr>
              <th scope="row"><a href={cellHash(cell)}>{cellName(cell)}</a></th>
              <td>{cell.model}</td>
              <td><span class={`dot ${cell.status}`}>{cell.status}</span></td>
              <td>{cell.stage || '–'}</td>
              <td class="text">{cell.reason || '–'}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

// Not measurable scores, gathered by score, reason and model.
function Unmeasured() {
  const groups = new Map();
  for (const cell of report.cells) {
    cell.scores.forEach((value, index) => {
      if (!value || value.value !== undefined) return;
      const key = JSON.stringify([index, value.code, cell.model]);
      const group = groups.get(key) ?? {score: report.scores[index], ...value, model: cell.model, cells: []};
      group.cells.push(cell);
      groups.set(key, group);
    });
  }
  return (
    <section>
      <h2>Scores without a value</h2>
      <p class="muted">Not measurable: the video holds no evidence either way. Not tested: the scene gives the law no
        occasion. Neither counts as bad.</p>
      {groups.size === 0 ? <p class="muted">None.</p> : (
        <Table heads={['score', 'model', 'kind', 'reason', 'cells', 'for example']} label="Scores without a value">
          {[...groups.values()].map((group) => (
            <tr>
              <th scope="row">{group.score.id}</th>
              <td>{group.model}</td>
              <td>{readable(group.status)}</td>
              <td>{readable(group.code)}</td>
              <td>{group.cells.length}</td>
              <td class="text">
                <a href={cellHash(group.cells[0], {score: group.score.id})}>{cellName(group.cells[0])}</a>: {group.text}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function LeftOut() {
  const groups = new Map();
  for (const {model, scene, reason} of report.left_out) {
    const key = JSON.stringify([model, reason]);
    groups.set(key, {model, reason, scenes: [...(groups.get(key)?.scenes ?? []), scene]});
  }
  return (
    <section>
      <h2>Left out of the plan</h2>
      {groups.size === 0 ? <p class="muted">Nothing.</p> : (
        <Table heads={['model', 'reason', 'scenes']} label="Left out of the plan">
          {[...groups.values()].map(({model, reason, scenes}) => (
            <tr>
              <th scope="row">{model}</th>
              <td class="text">{reason}</td>
              <td class="text"><details><summary>{plural(scenes.length, 'scene')}</summary>{scenes.join(', ')}</details></td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}

function Table({heads, label, children}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="plain">
        <thead><tr>{heads.map((head) => <th scope="col">{head}</th>)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
