// SPDX-License-Identifier: Apache-2.0
import {evidenceOf, families, familyOf, report, shortName} from './data.js';
import {formatNumber, goodness, isBounded, readable, tint, unitText} from './format.js';
import {IntervalBar} from './matrix.jsx';

// The cell's scores by family; choosing one shows its evidence over the video.
export function ScoreList({cell, chosen, onChoose}) {
  return families.map((family) => (
    <section class="card scores">
      <h2>{family}</h2>
      <ul>
        {report.scores.map((score, index) => familyOf(score) === family && cell.scores[index] && (
          <li key={score.id}>
            <Item score={score} value={cell.scores[index]} chosen={index === chosen}
              evidence={evidenceOf(cell)[index]} onChoose={() => onChoose(score.id)} />
          </li>
        ))}
      </ul>
    </section>
  ));
}

function Item({score, value, chosen, evidence, onChoose}) {
  const measured = value.value !== undefined;
  const share = measured && isBounded(score) ? goodness(score, value.value) : null;
  return (
    <button type="button" class={`score ${measured ? 'measured' : 'unmeasured'} ${score.headline ? 'headline' : ''}`}
      aria-pressed={chosen} onClick={onChoose} title={score.summary} style={tint(share)}>
      <span class="score-name">{shortName(score)}{evidence && <span class="has-evidence" title="has evidence">●</span>}</span>
      {measured ? (
        <span class="score-value">{formatNumber(value.value)} <small>{unitText(score.unit)}</small></span>
      ) : (
        <span class="score-value">{readable(value.status)}</span>
      )}
      {measured ? <Interval score={score} value={value} />
        : <span class="score-why"><b>{readable(value.code)}</b> {value.text}</span>}
    </button>
  );
}

function Interval({score, value}) {
  const floor = value.floor === undefined ? '' : ` · floor ${formatNumber(value.floor)}`;
  return (
    <>
      {isBounded(score) && <IntervalBar range={[0, 1]} mean={value.value} low={value.low} high={value.high} />}
      <span class="score-why">{formatNumber(value.low)} … {formatNumber(value.high)}{floor}</span>
    </>
  );
}
