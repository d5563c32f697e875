// SPDX-License-Identifier: Apache-2.0
// The keys of a score in every JSON that Plumb prints or stores; all are always there.
#pragma once

#include <string>
#include <vector>

namespace plumb {

inline const std::vector<std::string> kScoreKeys = {"id",
                                                    "headline",
                                                    "status",
                                                    "value",
                                                    "low",
                                                    "high",
                                                    "unit",
                                                    "better",
                                                    "reason",
                                                    "noise_floor",
                                                    "version",
                                                    "evidence",
                                                    "frames"};

}  // namespace plumb
