// SPDX-License-Identifier: Apache-2.0
// How a model's mean is written wherever it is written as text.
#pragma once

#include <string>
#include <vector>

#include "core/results.h"

namespace plumb {

// The scores that a table shows: the headlines, or all where no headline was asked for.
std::vector<ScoreInfo> ColumnsOf(const Results& results);

// "0.987 ±0.004 11/12": mean, the larger half of its 95 % interval, measured/planned. One measured
// cell has no interval: "0.987 1/12". Without a mean: "not measurable 0/12", "not tested", or "–"
// when the model has no cell for the score.
std::string MeanText(const ModelScore& summary);

// "bounds 0.365–0.765" when cells lack a value, "" otherwise and for scores that have no bounds.
std::string BoundsText(const ModelScore& summary);

// What the calibration makes of a measured score: "worse than 95 % of the clips of intact worlds
// (threshold 0.957)", or "as clips of intact worlds (…)". "" for a score without a threshold.
std::string ThresholdText(const Score& score);

// One line for every model and headline with cells beyond its threshold:
// "geometry.consistency, sabotage:warp_px=4: 11 of 12 cells".
std::vector<std::string> BeyondThreshold(const Results& results);

}  // namespace plumb
