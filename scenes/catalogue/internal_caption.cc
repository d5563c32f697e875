// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_caption.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "core/check.h"
#include "scenes/catalogue/internal_look.h"

namespace plumb {
namespace {

std::string NounPhrase(const Body& object) {
  const std::string& material = object.material.name;
  const size_t gap = object.name.find(' ');
  if (object.name.rfind(material, 0) == 0 || gap == std::string::npos) return object.name;
  return object.name.substr(0, gap) + " " + material + object.name.substr(gap);
}

// Where a travel leads, seen from the camera: the axis with the largest part.
std::string Direction(const CameraPath& camera) {
  const Eigen::Vector3d view = (camera.target_m - camera.eye_m).normalized();
  const Eigen::Vector3d right = view.cross(Eigen::Vector3d::UnitZ()).normalized();
  const Eigen::Vector3d& travel = camera.travel_m;
  const std::array<double, 3> along = {travel.dot(view), travel.dot(right), travel.z()};
  const auto size = [](double x, double y) { return std::abs(x) < std::abs(y); };
  const auto axis = std::max_element(along.begin(), along.end(), size) - along.begin();
  static const std::array<std::array<const char*, 2>, 3> names = {
      {{"forwards", "backwards"}, {"to the right", "to the left"}, {"upwards", "downwards"}}};
  return names[axis][along[axis] < 0 ? 1 : 0];
}

CameraWords SteadyCamera(const CameraPath& camera) {
  const bool back = camera.there_and_back;
  const std::string turn = back ? " and back again" : "";
  switch (camera.motion) {
    case CameraMotion::kStatic:
      return {"does not move", "stands still"};
    case CameraMotion::kArc: {
      const std::string side = camera.sweep_rad > 0 ? "right" : "left";
      return {"travels in an arc to the " + side + turn,
              "circles round the middle to the " + side + turn};
    }
    case CameraMotion::kYaw: {
      const std::string side = camera.sweep_rad > 0 ? "left" : "right";
      return {"stays in its place and turns to the " + side + turn,
              "pans to the " + side + turn + " without leaving its place"};
    }
    case CameraMotion::kDolly:
      return {"travels " + Direction(camera) + turn, "glides " + Direction(camera) + turn};
    case CameraMotion::kKeys:
      return {"follows a curved way" + turn, "travels along a curve" + turn};
  }
  throw CheckFailure("unknown camera motion");
}

}  // namespace

std::string Describe(const Body& object) { return WithArticle(NounPhrase(object)); }
std::string DescribeThe(const Body& object) { return "the " + NounPhrase(object); }

std::string Enumerate(const std::vector<std::string>& items) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 < items.size() ? ", " : " and ";
    text += items[i];
  }
  return text;
}

std::string NumberWord(int count) {
  static const std::array<const char*, 13> words = {"no",
                                                    "one",
                                                    "two",
                                                    "three",
                                                    "four",
                                                    "five",
                                                    "six",
                                                    "seven",
                                                    "eight",
                                                    "nine",
                                                    "ten",
                                                    "eleven",
                                                    "twelve"};
  PLUMB_CHECK(count >= 0);
  return count < static_cast<int>(words.size()) ? words[count] : std::to_string(count);
}

std::string Capitalised(std::string sentence) {
  PLUMB_CHECK(!sentence.empty());
  sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
  return sentence;
}

CameraWords DescribeCamera(const CameraPath& camera) {
  CameraWords words = SteadyCamera(camera);
  if (camera.sway_m == 0 && camera.sway_rad == 0) return words;
  if (camera.motion == CameraMotion::kStatic) {
    return {"is held by hand and sways a little", "sways slightly in somebody's hand"};
  }
  return {words.does + ", held by hand", words.also_does + " and sways in somebody's hand"};
}

void Tell(Scene& scene, const SceneWords& words) {
  PLUMB_CHECK(words.tellings.size() >= 2, "{} tellings", words.tellings.size());
  const CameraWords camera =
      words.camera.does.empty() ? DescribeCamera(scene.camera) : words.camera;
  const auto telling = [&](size_t k) { return words.tellings[k % words.tellings.size()]; };
  const std::string moves = " The camera " + camera.does + ".";
  const std::string also_moves = " The camera " + camera.also_does + ".";
  const std::string exact =
      Capitalised(words.where) + " " + words.stage + ", " + telling(0) + "." + moves;
  if (scene.caption.empty()) scene.caption = exact;
  scene.paraphrases = {
      Capitalised(telling(1)) + ", " + words.where + " " + words.stage + "." + also_moves,
      "The camera " + camera.does + " and shows " + words.stage + ": " + telling(2) + ".",
      Capitalised(words.stage) + "; " + telling(0) + "." + also_moves,
      "A clip of " + words.stage + ", where " + telling(1) + "." + moves};
  scene.outcome = Capitalised(words.outcome) + ".";
}

}  // namespace plumb
