// SPDX-License-Identifier: Apache-2.0
// The things to draw of one world: points as discs, the path of the camera, some of its frusta, the shown frame's.
import {
  BufferAttribute, BufferGeometry, CanvasTexture, Color, Line, LineBasicMaterial, LineSegments, Points, PointsMaterial,
  Quaternion, SRGBColorSpace, Vector3,
} from 'three';

const thousandth = 0.001;
const maxFrusta = 14;
const maxFan = 7;  // of a camera that only turns
const pointSize = 5;  // pixels of the page

export function buildWorld(world, colours, pixelRatio) {
  const poses = world.cameras.map(poseOf);
  const size = frustumSize(world, poses);
  const owned = [];
  const keep = (thing) => { owned.push(thing); return thing; };
  const lines = (corners, colour, opacity = 1) => keep(new LineSegments(
    keep(geometryOf(corners)), keep(new LineBasicMaterial({color: colour, transparent: true, opacity}))));

  const frusta = lines(evenly(poses, world.turns_only ? maxFan : maxFrusta).flatMap((pose) => edges(pose, world, size)), colours.ink, 0.55);
  const shown = lines([], colours.shown);
  shown.frustumCulled = false;
  const objects = [path(world.turns_only ? poses.map(tipOf(size)) : poses, colours, keep), frusta, shown];
  if (world.points.length) objects.unshift(...discs(world.points, colours, pixelRatio, keep));

  const poseAt = (frame) => poses.reduce((best, pose) =>
    (Math.abs(pose.frame - frame) < Math.abs(best.frame - frame) ? pose : best));
  return {
    objects,
    poseAt,
    setFrame: (frame) => setPositions(shown.geometry, edges(poseAt(frame), world, (world.turns_only ? 1 : 1.7) * size)),
    extent: () => extentOf(world, poses),
    meanForward: () => meanOf(poses.map(({forward}) => forward)),
    dispose: () => owned.forEach((thing) => thing.dispose?.()),
  };
}

// A ball with all cameras and the nearest three quarters of the points: what a first look should show.
function extentOf(world, poses) {
  const points = world.points.map(([x, y, z]) => new Vector3(x, y, z).multiplyScalar(thousandth));
  const cameras = poses.map(({centre}) => centre);
  if (points.length === 0) return {middle: meanOf(cameras), reach: 1};
  const amid = meanOf(cameras);
  const near = points.sort((a, b) => a.distanceTo(amid) - b.distanceTo(amid)).slice(0, Math.ceil(0.75 * points.length));
  const middle = meanOf(cameras).add(meanOf(near)).multiplyScalar(0.5);
  return {middle, reach: Math.max(...[...cameras, ...near].map((place) => place.distanceTo(middle)))};
}

const meanOf = (places) =>
  places.reduce((sum, place) => sum.add(place), new Vector3()).divideScalar(places.length);

function poseOf([frame, x, y, z, ...wxyz]) {
  const [qw, qx, qy, qz] = wxyz.map((value) => value * thousandth);
  const turn = new Quaternion(qx, qy, qz, qw).normalize();
  const centre = new Vector3(x, y, z).multiplyScalar(thousandth);
  return {frame, turn, centre, forward: new Vector3(0, 0, 1).applyQuaternion(turn)};
}

// How long a view pyramid is: large enough to be seen, small enough to be told apart.
function frustumSize(world, poses) {
  if (world.turns_only) return 0.9 / Math.hypot(1, ...world.half_view);
  const middle = meanOf(poses.map(({centre}) => centre));
  const extent = Math.max(...poses.map(({centre}) => centre.distanceTo(middle)));
  return Math.min(0.16, Math.max(0.05, 0.3 * extent));
}

// Where a camera that turns on the spot looks: the middle of the far side of its pyramid.
const tipOf = (size) => ({centre, forward}) => ({centre: centre.clone().addScaledVector(forward, size)});

const evenly = (list, most) =>
  (list.length <= most ? list : Array.from({length: most}, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]));

// Eight edges of a view pyramid, and a tick on its upper side.
function edges({turn, centre}, {half_view: [wide, high]}, size) {
  const place = (x, y) => new Vector3(x * wide, y * high, 1).multiplyScalar(size).applyQuaternion(turn).add(centre);
  const [a, b, c, d] = [place(-1, -1), place(1, -1), place(1, 1), place(-1, 1)];
  const [left, top, right] = [place(-0.35, -1), place(0, -1.4), place(0.35, -1)];
  return [centre, a, centre, b, centre, c, centre, d, a, b, b, c, c, d, d, a, left, top, top, right];
}

function geometryOf(corners) {
  const geometry = new BufferGeometry();
  setPositions(geometry, corners);
  return geometry;
}

function setPositions(geometry, corners) {
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(corners.flatMap(({x, y, z}) => [x, y, z])), 3));
}

// Pale where the clip begins, full where it ends.
function path(poses, colours, keep) {
  const geometry = keep(geometryOf(poses.map(({centre}) => centre)));
  const [from, to] = [new Color(colours.pale), new Color(colours.path)];
  const mixed = poses.flatMap((_, i) => from.clone().lerp(to, i / Math.max(1, poses.length - 1)).toArray());
  geometry.setAttribute('color', new BufferAttribute(new Float32Array(mixed), 3));
  return new Line(geometry, keep(new LineBasicMaterial({vertexColors: true})));
}

// Discs in the points' own colours on slightly larger ones that set them off from the ground.
function discs(points, colours, pixelRatio, keep) {
  const geometry = keep(new BufferGeometry());
  const places = points.flatMap(([x, y, z]) => [x * thousandth, y * thousandth, z * thousandth]);
  const paints = points.flatMap(([, , , rgb]) => new Color().setHex(rgb, SRGBColorSpace).toArray());
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(places), 3));
  geometry.setAttribute('color', new BufferAttribute(new Float32Array(paints), 3));
  const map = keep(new CanvasTexture(disc()));
  const material = (size, more) => keep(new PointsMaterial({
    size: size * pixelRatio, sizeAttenuation: false, map, alphaTest: 0.5, transparent: false, ...more,
  }));
  const rim = new Points(geometry, material(pointSize + 1.6, {color: colours.rim, depthWrite: false}));
  rim.renderOrder = -1;
  return [rim, new Points(geometry, material(pointSize, {vertexColors: true}))];
}

function disc() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 32;
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.arc(16, 16, 15, 0, 2 * Math.PI);
  context.fill();
  return canvas;
}
