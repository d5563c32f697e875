// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/errors.h"

namespace plumb {

// What reading was refused with; "accepted" when it wasn't.
template <typename Read>
std::string Rejection(Read read) {
  try {
    read();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace plumb
