// SPDX-License-Identifier: Apache-2.0
// From the cells of a calibration's run to its table.
#pragma once

#include "core/calibration.h"
#include "core/results.h"
#include "core/suite.h"

namespace plumb {

// `results` holds a run of `suite` (oracle, nuisances and what must be told from them) with the
// scores of one family. A score that no intact clip could be measured with, or that has no
// direction, is left out; where no truth has a value, its nuisances stand for it. Cells that are
// not done count as planned, with "cell failed" or "cell missing" as their reason. The digest stays
// empty. Throws UsageError when the results hold no oracle.
CalibrationTable CalibrationOf(const Results& results, const Suite& suite);

}  // namespace plumb
