// SPDX-License-Identifier: Apache-2.0
// Any bytes as a safetensors file. The first byte decides whether the others are the whole file, or
// a header that gets its right length and some data behind it: so mutations reach the checks behind
// the length too.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "core/errors.h"
#include "core/finite_scan.h"
#include "core/safetensors.h"
#include "core/safetensors_header.h"

namespace plumb {
namespace {

std::vector<uint8_t> FileFrom(std::span<const uint8_t> input) {
  if (input.size() < 2 || input[0] % 2 == 0) {
    return {input.begin() + (input.empty() ? 0 : 1), input.end()};
  }
  const uint64_t length = input.size() - 2;
  std::vector<uint8_t> file(sizeof length + length + input[1]);
  std::memcpy(file.data(), &length, sizeof length);
  std::copy(input.begin() + 2, input.end(), file.begin() + sizeof length);
  return file;
}

// What an accepted file must hold: its tensors tile the bytes behind the header.
void Check(bool holds) {
  if (!holds) std::abort();
}

void ReadTensors(std::span<const uint8_t> file) {
  const SafetensorsHeader header = ParseSafetensorsHeader(file, "fuzz");
  uint64_t stored = 0;
  for (const auto& [name, tensor] : header.tensors) {
    Check(tensor.begin <= tensor.end && tensor.end <= file.size());
    stored += tensor.end - tensor.begin;
    FirstNotFinite(tensor.dtype, file.subspan(tensor.begin, tensor.end - tensor.begin));
  }
  uint64_t length = 0;
  std::memcpy(&length, file.data(), sizeof length);
  Check(sizeof length + length + stored == file.size());
  Check(ParseSafetensors(file, "fuzz").tensors.size() == header.tensors.size());
}

}  // namespace
}  // namespace plumb

// Refusals are InputErrors; anything else that is thrown ends the program.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    plumb::ReadTensors(plumb::FileFrom({data, size}));
  } catch (const plumb::InputError&) {
  }
  return 0;
}
