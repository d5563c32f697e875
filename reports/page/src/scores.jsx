// SPDX-License-Identifier: Apache-2.0
import {evidenceOf, families, familyOf, report, shortName} from './data.js';
import {formatNumber, readable, unitText} from './format.js';
import {IntervalBar} from './matrix.jsx';

// The cell's scores by family; choosing one shows its evidence over the video. What the scene gives no occasion to
// test is folded away.
export function ScoreList({cell, chosen, onChoose}) {
  const items = report.scores
    .map((score, index) => ({score, index, value: cell.scores[index], evidence: evidenceOf(cell)[index]}))
    .filter(({value}) => value);
  return families.map((family) => {
    const own = items.filter(({score}) => familyOf(score) === family);
    const tested = own.filter(({value}) => value.status !== 'not_tested');
    const untested = own.filter(({value}) => value.status === 'not_tested');
    if (own.length === 0) return null;
    return (
      <section class="card scores" key={family}>
        <h2>{family}</h2>
        <Items items={tested} chosen={chosen} onChoose={onChoose} />
        {untested.length > 0 && (
          <details open={untested.some(({index}) => index === chosen)}>
            <summary>{untested.length} not tested by this scene</summary>
            <Items items={untested} chosen={chosen} onChoose={onChoose} />
          </details>
        )}
      </section>
    );
  });
}

const Items = ({items, chosen, onChoose}) => (
  <ul>
    {items.map((item) => (
      <li key={item.score.id}>
        <Item {...item} chosen={item.index === chosen} onChoose={() => onChoose(item.score.id)} />
      </li>
    ))}
  </ul>
);

function Item({score, value, chosen, evidence, onChoose}) {
  const measured = value.value !== undefined;
  const interval = measured && `${formatNumber(value.low)} … ${formatNumber(value.high)}` +
    (value.floor === undefined ? '' : ` · floor ${formatNumber(value.floor)}`);
  return (
    <button type="button" class={`score ${measured ? '' : 'unmeasured'} ${score.headline ? 'headline' : ''}`}
      aria-pressed={chosen} onClick={onChoose} title={score.summary}>
      <span class="score-name">{shortName(score)}{evidence && <span class="has-evidence" title="has evidence">●</span>}</span>
      <span class="score-value">
        {measured ? <>{formatNumber(value.value)} <small>{unitText(score.unit)}</small></> : readable(value.status)}
      </span>
      {measured && score.headline && <IntervalBar range={[0, 1]} mean={value.value} low={value.low} high={value.high} />}
      <span class="score-why">{measured ? interval : <><b>{readable(value.code)}</b> {value.text}</>}</span>
    </button>
  );
}
