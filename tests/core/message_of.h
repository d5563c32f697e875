// SPDX-License-Identifier: Apache-2.0
// What a refusal says.
#pragma once

#include <string>

namespace plumb {

// The text of the Failure that `act` throws, "accepted" when it throws nothing. Any other exception
// ends the test.
template <typename Failure, typename Act>
std::string MessageOf(Act act) {
  try {
    act();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "accepted";
}

}  // namespace plumb
