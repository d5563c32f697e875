// SPDX-License-Identifier: Apache-2.0
// Named values as tests ask for them: one that is missing or undefined fails the test.
#pragma once

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "metrics/published/named_values.h"

namespace plumb {

inline double ValueOf(const NamedValues& values, const std::string& name) {
  const NamedValue* found = values.Find(name);
  EXPECT_TRUE(found != nullptr && found->value) << name;
  return found != nullptr ? found->value.value_or(NAN) : NAN;
}

// Why a value is undefined; one that is defined fails the test.
inline std::string ReasonOf(const NamedValues& values, const std::string& name) {
  const NamedValue* found = values.Find(name);
  EXPECT_TRUE(found != nullptr && !found->value) << name;
  return found != nullptr ? found->reason : "";
}

}  // namespace plumb
