// SPDX-License-Identifier: Apache-2.0
// What a request to measure says, read one by one. Internal to app/published. All throw UsageError
// naming the input or setting and what was expected.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/published/published_metrics.h"

namespace plumb {

// The path that an input is, seen from the request's folder.
std::filesystem::path PathFrom(const MeasureRequest& request,
                               const Json& value,
                               const std::string& name);
std::filesystem::path PathOf(const MeasureRequest& request, const std::string& name);

// A setting above 0, and a whole one.
double NumberSetting(const MeasureRequest& request, const std::string& key, double fallback);
int CountSetting(const MeasureRequest& request, const std::string& key, int fallback);
// The words of a comma list.
std::vector<std::string> ListSetting(const MeasureRequest& request, const std::string& key);

// The text between two marks; empty when they are not there in that order.
std::string Between(const std::string& text, const std::string& after, const std::string& before);
// A number above 0 that is the whole text.
std::optional<double> NumberIn(const std::string& text);

}  // namespace plumb
