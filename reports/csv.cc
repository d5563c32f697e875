// SPDX-License-Identifier: Apache-2.0
#include "reports/csv.h"

#include <fmt/format.h>

#include "reports/text.h"

namespace plumb {
namespace {

constexpr char kHead[] =
    "model,scene,seed,scenario,outcome,stage,outcome_reason,camera,score,unit,better,version,"
    "status,value,low,high,reason_code,reason\n";

std::string CellFields(const Cell& cell) {
  return fmt::format("{},{},{},{},{},{},{},{}",
                     ForCsv(cell.key.model),
                     ForCsv(cell.key.scene),
                     cell.key.seed,
                     ForCsv(cell.scenario),
                     CellStatusName(cell.status),
                     ForCsv(cell.stage),
                     ForCsv(cell.reason),
                     ForCsv(cell.sample.motion_class));
}

std::string ScoreFields(const Score& score) {
  const ScoreInfo& info = score.info();
  const std::string head = fmt::format(
      "{},{},{},{}", ForCsv(info.id), ForCsv(info.unit), DirectionName(info.better), info.version);
  if (score.measured()) {
    return fmt::format("{},measured,{},{},{},,", head, score.value(), score.low(), score.high());
  }
  return fmt::format("{},{},,,,{},{}",
                     head,
                     score.status() == ScoreStatus::kNotTested ? "not_tested" : "not_measurable",
                     ReasonCodeName(score.reason().code),
                     ForCsv(score.reason().text));
}

}  // namespace

std::string CsvTable(const Results& results) {
  std::string out = kHead;
  for (const Cell& cell : results.cells) {
    const std::string fields = CellFields(cell);
    for (const Score& score : cell.scores) out += fields + ',' + ScoreFields(score) + '\n';
    if (cell.scores.empty()) out += fields + ",,,,,,,,,,\n";
  }
  return out;
}

}  // namespace plumb
