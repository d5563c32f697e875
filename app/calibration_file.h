// SPDX-License-Identifier: Apache-2.0
// The calibration that is compiled in, and what it adds to results.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/calibration.h"
#include "core/results.h"

namespace plumb {

// metrics/geometry/calibration.json as it was when the program was built.
std::string_view GeometryCalibrationJson();
const CalibrationTable& GeometryCalibration();

// Reads and writes a table's file. Reading throws InputError naming file and key, also when the
// digest is not that of the rest.
CalibrationTable ReadCalibration(const std::filesystem::path& path);
CalibrationTable CalibrationFromText(const std::string& text, const std::string& place);
void WriteCalibration(const std::filesystem::path& path, const CalibrationTable& table);

// The table with its digest.
CalibrationTable Signed(CalibrationTable table);

// The results with noise floor and threshold at every score of the table's version; scores of
// another version keep what they have.
Results Calibrated(Results results, const CalibrationTable& table);
Results Calibrated(Results results);  // by the table that is compiled in

// One sentence when scores of the results are of another version than the table's, so that they
// have no threshold; "" otherwise.
std::string CalibrationWarning(const std::vector<ScoreInfo>& scores, const CalibrationTable& table);

// Prints that sentence for the table that is compiled in.
void WarnOfCalibration(const std::vector<ScoreInfo>& scores);

}  // namespace plumb
