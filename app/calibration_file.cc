// SPDX-License-Identifier: Apache-2.0
#include "app/calibration_file.h"

#include <fmt/format.h>

#include "app/digest.h"
#include "app/run_folder.h"
#include "app/terminal.h"
#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

std::string DigestOfTable(CalibrationTable table) {
  table.digest.clear();
  return DigestOfJson(ToJson(table));
}

Score WithTable(const Score& score, const CalibrationTable& table) {
  const CalibratedScore* known = table.FindScore(score.id());
  if (!score.measured() || known == nullptr || known->info.version != score.info().version) {
    return score;
  }
  return Judged(score, *known);
}

}  // namespace

const CalibrationTable& GeometryCalibration() {
  static const CalibrationTable table =
      CalibrationFromText(std::string(GeometryCalibrationJson()), "the calibration (built in)");
  return table;
}

CalibrationTable CalibrationFromText(const std::string& text, const std::string& place) {
  CalibrationTable table = CalibrationTableFromJson(ParseJsonDocument(text, place).root, place);
  if (table.digest != DigestOfTable(table)) {
    throw InputError(place, "key 'digest': it is not that of the rest; the file was changed");
  }
  return table;
}

CalibrationTable ReadCalibration(const std::filesystem::path& path) {
  return CalibrationFromText(ReadFile(path), path.string());
}

void WriteCalibration(const std::filesystem::path& path, const CalibrationTable& table) {
  WriteFileDurably(path, CalibrationText(table));
}

CalibrationTable Signed(CalibrationTable table) {
  // As it will be read: what the file rounds is rounded here.
  table = CalibrationTableFromJson(ToJson(table), "the calibration");
  table.digest = DigestOfTable(table);
  return table;
}

Results Calibrated(Results results, const CalibrationTable& table) {
  for (Cell& cell : results.cells) {
    for (Score& score : cell.scores) score = WithTable(score, table);
  }
  return results;
}

Results Calibrated(Results results) {
  return Calibrated(std::move(results), GeometryCalibration());
}

std::string CalibrationWarning(const std::vector<ScoreInfo>& scores,
                               const CalibrationTable& table) {
  std::vector<std::string> others;
  for (const ScoreInfo& info : scores) {
    const CalibratedScore* known = table.FindScore(info.id);
    if (known == nullptr || known->info.version == info.version) continue;
    others.push_back(
        fmt::format("{} (version {}, calibrated: {})", info.id, info.version, known->info.version));
  }
  if (others.empty()) return "";
  return fmt::format("{}: no threshold for {}; 'plumb calibrate {}' measures anew",
                     others.size() == 1 ? "a score has changed since the calibration"
                                        : "scores have changed since the calibration",
                     fmt::join(others, ", "),
                     table.family);
}

void WarnOfCalibration(const std::vector<ScoreInfo>& scores) {
  const std::string warning = CalibrationWarning(scores, GeometryCalibration());
  if (!warning.empty()) PrintWarning(warning);
}

}  // namespace plumb
