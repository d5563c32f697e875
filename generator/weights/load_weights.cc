// SPDX-License-Identifier: Apache-2.0
// Stored tensors into a module's parameters: everything is checked before the first is changed.
#include <cstring>
#include <utility>

#include "core/errors.h"
#include "core/finite_scan.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

using Parameters = torch::OrderedDict<std::string, at::Tensor>;
using Views = std::map<std::string, TensorView>;

std::string ShapeText(at::IntArrayRef shape) {
  std::string text = "[";
  for (const int64_t extent : shape) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  }
  return text + "]";
}

bool IsFloatingPoint(DType dtype) { return at::isFloatingType(ScalarTypeOf(dtype)); }

// What is wrong with the tensor meant for a parameter; empty when nothing is.
std::string Complaint(const std::string& name, const TensorView& view, at::IntArrayRef expected) {
  const at::IntArrayRef shape(view.shape);
  if (shape != expected) {
    return fmt::format(
        "tensor '{}' has shape {} instead of {}", name, ShapeText(shape), ShapeText(expected));
  }
  if (!IsFloatingPoint(view.dtype)) {
    return fmt::format(
        "tensor '{}' holds {} instead of floating-point numbers", name, DTypeName(view.dtype));
  }
  if (const std::optional<int64_t> place = FirstNotFinite(view.dtype, view.bytes)) {
    return fmt::format("tensor '{}' holds a value that is not finite (element {})", name, *place);
  }
  return "";
}

std::vector<std::string> Complaints(const Parameters& parameters, const Views& weights) {
  std::vector<std::string> complaints;
  for (const auto& parameter : parameters) {
    const auto found = weights.find(parameter.key());
    const at::IntArrayRef shape = parameter.value().sizes();
    std::string complaint =
        found == weights.end()
            ? fmt::format("tensor '{}' {} is missing", parameter.key(), ShapeText(shape))
            : Complaint(parameter.key(), found->second, shape);
    if (!complaint.empty()) complaints.push_back(std::move(complaint));
  }
  for (const auto& [name, view] : weights) {
    if (!parameters.contains(name)) {
      complaints.push_back(
          fmt::format("tensor '{}' {} is not part of this network", name, ShapeText(view.shape)));
    }
  }
  return complaints;
}

bool IsAligned(const TensorView& view) {
  return reinterpret_cast<uintptr_t>(view.bytes.data()) % ByteSize(view.dtype) == 0;
}

// A tensor on the pages of the file, which go out of memory with it.
at::Tensor OnTheMap(const WeightTensor& weight) {
  return at::from_blob(
      weight.view.bytes.data(),
      weight.view.shape,
      [mapping = weight.mapping, bytes = weight.view.bytes](void*) { mapping->Release(bytes); },
      at::TensorOptions().dtype(ScalarTypeOf(weight.view.dtype)));
}

at::Tensor Copied(const TensorView& view) {
  at::Tensor copy = at::empty(view.shape, ScalarTypeOf(view.dtype));
  if (copy.nbytes() > 0) std::memcpy(copy.data_ptr(), view.bytes.data(), copy.nbytes());
  return copy;
}

}  // namespace

void LoadWeights(torch::nn::Module& module, const Safetensors& weights, const std::string& place) {
  const Parameters parameters = module.named_parameters();
  Views views;
  for (const auto& [name, tensor] : weights.tensors) {
    // The views are only read.
    auto* bytes = const_cast<uint8_t*>(tensor.bytes().data());
    views[name] = {tensor.dtype(), tensor.shape(), {bytes, tensor.bytes().size()}};
  }
  const std::vector<std::string> complaints = Complaints(parameters, views);
  if (!complaints.empty()) throw InputError(place, ListedComplaints(complaints));
  const torch::NoGradGuard no_grad;
  for (const auto& parameter : parameters) {
    parameter.value().copy_(Copied(views.at(parameter.key())));
  }
}

void MapWeights(torch::nn::Module& module, const WeightFiles& weights) {
  const Parameters parameters = module.named_parameters();
  Views views;
  for (const auto& [name, weight] : weights.tensors) views[name] = weight.view;
  const std::vector<std::string> complaints = Complaints(parameters, views);
  if (!complaints.empty()) throw InputError(weights.place, ListedComplaints(complaints));
  const torch::NoGradGuard no_grad;
  for (const auto& parameter : parameters) {
    const WeightTensor& weight = weights.tensors.at(parameter.key());
    at::Tensor target = parameter.value();
    const at::ScalarType type = target.scalar_type();
    if (ScalarTypeOf(weight.view.dtype) == type && IsAligned(weight.view)) {
      target.set_data(OnTheMap(weight));
    } else {
      target.set_data(Copied(weight.view).to(type));
      weight.mapping->Release(weight.view.bytes);
    }
  }
}

}  // namespace plumb
