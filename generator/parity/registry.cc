// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/errors.h"
#include "generator/dit/internal_lineage_parity.h"
#include "generator/parity/internal_registry.h"
#include "generator/parity/internal_trace.h"

namespace plumb {

std::vector<ParityEntry> AllParityEntries() {
  std::vector<ParityEntry> entries;
  for (const auto& family : {LineageParity(), TraceEntries()}) {
    entries.insert(entries.end(), family.begin(), family.end());
  }
  return entries;
}

const Tensor& ParityInput(const ParityCase& parity_case, const std::string& name) {
  const auto found = parity_case.inputs.find(name);
  if (found == parity_case.inputs.end()) {
    throw InputError((parity_case.folder / "inputs.safetensors").string(),
                     fmt::format("tensor '{}' is missing", name));
  }
  return found->second;
}

double ParityNumber(const ParityCase& parity_case, const std::string& key) {
  const auto found = parity_case.args.find(key);
  if (found == parity_case.args.end() || !found->is_number()) {
    throw InputError((parity_case.folder / "case.json").string(),
                     fmt::format("args: key '{}': expected a number", key));
  }
  return found->get<double>();
}

double ParityNumber(const ParityCase& parity_case, const std::string& key, double fallback) {
  return parity_case.args.contains(key) && !parity_case.args[key].is_null()
             ? ParityNumber(parity_case, key)
             : fallback;
}

}  // namespace plumb
