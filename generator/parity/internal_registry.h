// SPDX-License-Identifier: Apache-2.0
// Who replays what. Each family of components has one function that lists its entries; registry.cc
// names them all.
#pragma once

#include <string>
#include <vector>

#include "core/safetensors.h"
#include "generator/parity/parity.h"

namespace plumb {

struct ParityEntry {
  std::string component;
  std::string call;
  ParityReplay replay;
};

std::vector<ParityEntry> AllParityEntries();

// The input of that name. Throws InputError naming the case and the tensor when it is missing.
const Tensor& ParityInput(const ParityCase& parity_case, const std::string& name);

// The arguments args[key]. Both throw InputError naming case and key when the value is missing
// (without a fallback) or of another type.
double ParityNumber(const ParityCase& parity_case, const std::string& key);
double ParityNumber(const ParityCase& parity_case, const std::string& key, double fallback);

}  // namespace plumb
