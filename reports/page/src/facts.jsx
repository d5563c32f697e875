// SPDX-License-Identifier: Apache-2.0
import {formatNumber, readable} from './format.js';

const show = (value) => (typeof value === 'number' && !Number.isInteger(value) ? formatNumber(value) : String(value ?? '–'));
const title = (key) => readable(key).replaceAll('.', ' · ');

// What a score's evidence tells beside its pictures: plain values, and small tables.
export function EvidenceFacts({score, evidence}) {
  const facts = Object.entries(evidence.facts ?? {});
  const tables = Object.entries(evidence.tables ?? {});
  if (!score || facts.length + tables.length === 0) return null;
  return (
    <section class="evidence" aria-label={`What ${score.id} rests on`}>
      <h2>What {score.id} rests on</h2>
      {facts.length > 0 && (
        <dl>{facts.map(([key, value]) => <div key={key}><dt>{title(key)}</dt><dd>{show(value)}</dd></div>)}</dl>
      )}
      {tables.map(([key, rows]) => <Rows key={key} name={key} rows={rows} />)}
    </section>
  );
}

function Rows({name, rows}) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <div class="scroll fit" tabIndex={0} role="region" aria-label={title(name)}>
      <table class="small-table">
        <caption>{title(name)}</caption>
        <thead><tr>{columns.map((column) => <th scope="col" key={column}>{title(column)}</th>)}</tr></thead>
        <tbody>{rows.map((row, index) => (
          <tr key={index}>{columns.map((column) => <td key={column}>{show(row[column])}</td>)}</tr>
        ))}</tbody>
      </table>
    </div>
  );
}
