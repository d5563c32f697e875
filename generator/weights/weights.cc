// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <fstream>
#include <memory>
#include <utility>

#include <openssl/evp.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

constexpr std::array<std::pair<at::ScalarType, DType>, 10> kTypes = {{{at::kBool, DType::kBool},
                                                                      {at::kByte, DType::kU8},
                                                                      {at::kChar, DType::kI8},
                                                                      {at::kShort, DType::kI16},
                                                                      {at::kInt, DType::kI32},
                                                                      {at::kLong, DType::kI64},
                                                                      {at::kHalf, DType::kF16},
                                                                      {at::kBFloat16, DType::kBF16},
                                                                      {at::kFloat, DType::kF32},
                                                                      {at::kDouble, DType::kF64}}};

}  // namespace

Tensor FromTorch(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().contiguous();
  for (const auto& [scalar_type, dtype] : kTypes) {
    if (scalar_type != dense.scalar_type()) continue;
    std::vector<uint8_t> bytes(dense.nbytes());
    if (!bytes.empty()) std::memcpy(bytes.data(), dense.const_data_ptr(), bytes.size());
    return {dtype, dense.sizes().vec(), std::move(bytes)};
  }
  throw CheckFailure("element type without a safetensors name");
}

at::ScalarType ScalarTypeOf(DType dtype) {
  for (const auto& [scalar_type, known] : kTypes) {
    if (known == dtype) return scalar_type;
  }
  throw CheckFailure("element type without a LibTorch name");
}

at::Tensor ToTorch(const Tensor& tensor) {
  at::Tensor copy = at::empty(tensor.shape(), ScalarTypeOf(tensor.dtype()));
  if (copy.nbytes() > 0) std::memcpy(copy.data_ptr(), tensor.bytes().data(), copy.nbytes());
  return copy;
}

Safetensors ModuleWeights(const torch::nn::Module& module, at::ScalarType type) {
  Safetensors weights;
  for (const auto& parameter : module.named_parameters()) {
    weights.tensors.emplace(parameter.key(), FromTorch(parameter.value().detach().to(type).cpu()));
  }
  weights.metadata["format"] = "pt";
  return weights;
}

int64_t CountParameters(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const at::Tensor& parameter : module.parameters()) count += parameter.numel();
  return count;
}

std::string FileDigest(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw InputError(path.string(), "cannot be opened");
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  PLUMB_CHECK(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1);
  std::vector<char> buffer(1 << 20);
  while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
         stream.gcount() > 0) {
    EVP_DigestUpdate(context.get(), buffer.data(), static_cast<size_t>(stream.gcount()));
  }
  if (stream.bad()) throw InputError(path.string(), "cannot be read to its end");
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace plumb
