// SPDX-License-Identifier: Apache-2.0
// Parity cases that tests write themselves.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/safetensors.h"
#include "tests/test_folder.h"

namespace plumb {

inline Tensor FloatTensor(std::vector<int64_t> shape, const std::vector<float>& values) {
  Tensor tensor(DType::kF32, std::move(shape));
  std::copy(values.begin(), values.end(), tensor.As<float>().begin());
  return tensor;
}

// case.json that is in order, for a component that does not exist.
inline Json PlainCase() {
  return {{"component", "NoSuchModel"},
          {"call", "forward"},
          {"reference", "nobody 1.0"},
          {"abs_tol", 0.0},
          {"rel_tol", 1e-3},
          {"args", Json::object()}};
}

inline std::filesystem::path WriteParityCase(const std::filesystem::path& folder,
                                             const Json& description,
                                             const std::map<std::string, Tensor>& expected,
                                             const std::map<std::string, Tensor>& inputs = {
                                                 {"sample", FloatTensor({1}, {1})}}) {
  WriteText(folder / "case.json", DumpJson(description));
  WriteSafetensors(folder / "inputs.safetensors", {inputs, {}});
  WriteSafetensors(folder / "outputs.safetensors", {expected, {}});
  return folder;
}

}  // namespace plumb
